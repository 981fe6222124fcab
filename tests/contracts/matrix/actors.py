"""Who walks through the matrix: each role, and the states in which a role holds less."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from flow.access.roles.matrix import Matrix

Side = Literal["own", "foreign"]


@dataclass(frozen=True)
class Kind:
    """A role as somebody holds it. `is_sure`: with a second factor; `door`: of support, to the own restaurant."""

    name: str
    role: str | None
    on_platform: bool = False
    is_sure: bool = True
    door: bool = False


KINDS = (
    Kind("super_admin", "super_admin", on_platform=True),
    Kind("super_admin without a second factor", "super_admin", on_platform=True, is_sure=False),
    Kind("admin", "admin"),
    Kind("manager", "manager"),
    Kind("employee", "employee"),
    Kind("customer", "customer"),
    Kind("analytics", "analytics"),
    Kind("support, door open", "support", on_platform=True, door=True),
    Kind("support, door shut", "support", on_platform=True),
    Kind("support of the restaurant, door open", "support", door=True),
    Kind("compliance", "compliance"),
    Kind("compliance of the platform", "compliance", on_platform=True, is_sure=False),
    Kind("nobody", None),
)


@dataclass(frozen=True)
class Actor:
    """Somebody of a kind, with the log-in that says whether there was a second factor."""

    kind: Kind
    user: UUID
    session: UUID

    @property
    def claims(self) -> dict[str, object]:
        """What a token of this actor says."""
        return {"sub": str(self.user), "session_id": str(self.session), "role": "authenticated", "aud": "authenticated"}

    def holds(self, matrix: Matrix, permission: str, side: Side) -> bool:
        """Whether the matrix gives this actor a permission in a restaurant."""
        kind = self.kind
        if kind.role is None or (side == "foreign" and not kind.on_platform):
            return False
        held = matrix.held_by(
            kind.role, on_platform=kind.on_platform, is_sure=kind.is_sure, door=kind.door and side == "own"
        )
        return permission in held
