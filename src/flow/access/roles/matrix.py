"""The matrix of roles, read from matrix.toml: role × table × operation × columns, with the rows that a rule shows."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal, get_args

Command = Literal["select", "insert", "update", "delete"]
COMMANDS: tuple[Command, ...] = get_args(Command)


@dataclass(frozen=True, slots=True)
class Access:
    """One way to a table: the rows of `rule`, for those with `permission`; empty is anybody who is logged in."""

    rule: str
    permission: str


@dataclass(frozen=True, slots=True)
class Operation:
    """What may be done to a table. `columns` is None for all of them; `guard` is held by all who have some access."""

    accesses: tuple[Access, ...] = ()
    columns: tuple[str, ...] | None = None
    guard: str = ""

    @property
    def permissions(self) -> frozenset[str]:
        """The permissions that the policy asks for."""
        named = {access.permission for access in self.accesses} | {self.guard}
        return frozenset(named - {""})


NOTHING = Operation()


@dataclass(frozen=True, slots=True)
class Matrix:
    """Who may do what; `permissions` maps a permission to its roles, `rules` a rule to its words."""

    roles: tuple[str, ...]
    platform_roles: frozenset[str]
    support_without_door: frozenset[str]
    doors: frozenset[str]
    asked_by_policies: frozenset[str]
    rules: Mapping[str, str]
    permissions: Mapping[str, frozenset[str]]
    tables: Mapping[str, Mapping[Command, Operation]]

    def operation(self, table: str, command: Command) -> Operation:
        """What may be done; NOTHING for a table that is for the service alone."""
        return self.tables.get(table, {}).get(command, NOTHING)

    def held_by(
        self, role: str, *, on_platform: bool = False, is_sure: bool = True, door: bool = True
    ) -> frozenset[str]:
        """The permissions of a role.

        `on_platform`: held for every restaurant; `is_sure`: logged in with a second factor; `door`: of support, open.
        """
        held = {permission for permission, roles in self.permissions.items() if role in roles}
        if role == "support" and not door:
            held &= self.support_without_door
        if on_platform and not is_sure:
            held = {permission for permission in held if permission.endswith(".read")}
        return frozenset(held)

    def rules_for(self, role: str, table: str, command: Command) -> tuple[str, ...]:
        """The rules by which a role does something to a table; `all` stands for what it includes."""
        held = self.held_by(role)
        found = [a.rule for a in self.operation(table, command).accesses if not a.permission or a.permission in held]
        return tuple(rule for rule in found if "all" not in found or rule in ("all", "platform"))


@cache
def matrix() -> Matrix:
    """The matrix of this installation's code."""
    text = resources.files(__package__).joinpath("matrix.toml").read_text(encoding="utf-8")
    return parse(tomllib.loads(text))


def parse(data: Mapping[str, Any]) -> Matrix:
    """A matrix out of what TOML says; KeyError for a rule, role or permission that it does not define."""
    found = Matrix(
        roles=tuple(data["roles"]),
        platform_roles=frozenset(data["platform_roles"]),
        support_without_door=frozenset(data["support_without_door"]),
        doors=frozenset(data["doors"]),
        asked_by_policies=frozenset(data["asked_by_policies"]),
        rules=data["rules"],
        permissions={permission: frozenset(roles) for permission, roles in data["permissions"].items()},
        tables={table: _operations(given) for table, given in data["tables"].items()},
    )
    _check(found)
    return found


def _operations(given: Mapping[str, Any]) -> dict[Command, Operation]:
    columns = given.get("columns", {})
    return {
        command: Operation(
            tuple(Access(rule, permission) for rule, permission in given[command].items()),
            tuple(columns[command]) if command in columns else None,
            given.get("guard", "") if command == "select" else "",
        )
        for command in COMMANDS
        if command in given
    }


def _check(found: Matrix) -> None:
    _known("role", frozenset().union(*found.permissions.values()), found.roles)
    for operations in found.tables.values():
        for operation in operations.values():
            _known("permission", operation.permissions, found.permissions)
            _known("rule", {access.rule for access in operation.accesses}, found.rules)


def _known(kind: str, named: Iterable[str], known: Iterable[str]) -> None:
    if unknown := set(named) - set(known):
        raise KeyError(f"the matrix names a {kind} that it does not define: {', '.join(sorted(unknown))}")
