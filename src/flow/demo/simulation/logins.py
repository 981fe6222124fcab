"""The people of the demonstration: a log-in for each role, and another owner who sees nothing of the first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flow.access.service import create_user, grant_membership, grant_platform_role
from flow.access.types import PlatformRole, RestaurantRole
from flow.database.transaction import Transaction
from flow.web.i18n import N_

__all__ = ["DEMO_LOGINS", "DEMO_PASSWORD", "Login", "add_logins"]

DEMO_PASSWORD = "pizza-og-kaffe"  # noqa: S105 (printed on the screen, for made-up data)
_FIRST_OWNERS = ("napoli", "fjord-sushi", "madam-mad")


@dataclass(frozen=True, slots=True)
class Login:
    """A user; `what` says for people what he may do."""

    email: str
    name: str
    what: str
    role: RestaurantRole | None
    restaurants: tuple[str, ...] = ()
    platform_role: PlatformRole | None = None


DEMO_LOGINS = (
    Login(
        "owner@flow.example", "Olivia Olsen", N_("Owner of Napoli, Fjord Sushi and Madam Mad"), "admin", _FIRST_OWNERS
    ),
    Login("manager@flow.example", "Mads Møller", N_("Manager of Napoli"), "manager", ("napoli",)),
    Login("employee@flow.example", "Emil Eriksen", N_("Employee of Napoli"), "employee", ("napoli",)),
    Login("analyst@flow.example", "Anna Andersen", N_("Analyst of the same three"), "analytics", _FIRST_OWNERS),
    Login("compliance@flow.example", "Clara Dahl", N_("Compliance of the same three"), "compliance", _FIRST_OWNERS),
    Login("support@flow.example", "Søren Sørensen", N_("Support of Napoli"), "support", ("napoli",)),
    Login(
        "agare@flow.example", "Astrid Berg", N_("Owner of Lund Kaffebar, sees no other"), "admin", ("lund-kaffebar",)
    ),
    Login("super@flow.example", "Sofie Schmidt", N_("Platform administrator, sees all"), None, (), "super_admin"),
)


async def add_logins(transaction: Transaction, restaurants: Mapping[str, UUID], *, at: datetime) -> None:
    """Adds the users and their roles; `restaurants` is by slug."""
    for login in DEMO_LOGINS:
        user = await create_user(transaction, login.email, DEMO_PASSWORD, at=at, name=login.name)
        for slug in login.restaurants:
            assert login.role is not None
            await grant_membership(transaction, user, restaurants[slug], role=login.role, at=at)
        if login.platform_role is not None:
            await grant_platform_role(transaction, user, role=login.platform_role, at=at)
