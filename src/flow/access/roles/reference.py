"""The matrix as a page of the reference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flow.access.roles.matrix import Command, Matrix, matrix

_INTRODUCTION = """# Roles

Who may see and change what. The database decides, for pages, API, exports and SQL alike; this page is made from the
matrix `src/flow/access/roles/matrix.toml`, which `make permission-matrix` walks cell by cell, in the own restaurant and
in a foreign one, by SQL and over HTTP.

- **Admin, manager, employee, analytics, compliance** are held in a restaurant. **Super admin, support, compliance** are
  held on the whole platform too; there, without a second factor, only permissions that end in `.read` count.
- **Customer** is whoever ordered or is known as a guest while logged in; nobody grants it.
- **Support** sees nothing until it opens a door to one restaurant, with a reason and for at most eight hours. Opening,
  closing and running out are in the audit log, and the restaurant's people see who was there.
- Tables that are not named here are for the service alone: passwords, secrets, queues, counters.
"""


def reference_markdown() -> str:
    """docs/reference/roles.md."""
    found = matrix()
    parts = [_INTRODUCTION, _rules(found), _reading(found), _writing(found), _permissions(found)]
    return "\n".join(parts)


def _rules(found: Matrix) -> str:
    rows = [(f"`{rule}`", text) for rule, text in found.rules.items()]
    return "## Which rows\n\n" + _table(("rule", "rows"), rows)


def _reading(found: Matrix) -> str:
    rows = [(f"`{table}`", *_cells(found, table, "select"), _columns(found, table, "select")) for table in found.tables]
    return "## Reading\n\n" + _table(("table", *map(_name, found.roles), "columns"), rows)


def _writing(found: Matrix) -> str:
    rows = [
        (f"`{table}`", command, *_cells(found, table, command), _columns(found, table, command))
        for table, operations in found.tables.items()
        for command in operations
        if command != "select"
    ]
    doors = ", ".join(f"`app.{door}`" for door in sorted(found.doors))
    return (
        "## Writing\n\nNobody deletes. Whoever adds a row signs it where a column says who it was.\n\n"
        + _table(("table", "operation", *map(_name, found.roles), "columns"), rows)
        + f"\nBeside tables there are doors, functions that check who calls them and do one thing: {doors}.\n"
    )


def _permissions(found: Matrix) -> str:
    rows = [
        (f"`{permission}`", *("yes" if role in roles else "" for role in found.roles))
        for permission, roles in found.permissions.items()
    ]
    return "## Permissions\n\n" + _table(("permission", *map(_name, found.roles)), rows)


def _cells(found: Matrix, table: str, command: Command) -> Iterator[str]:
    return (", ".join(found.rules_for(role, table, command)) for role in found.roles)


def _columns(found: Matrix, table: str, command: Command) -> str:
    columns = found.operation(table, command).columns
    return "all" if columns is None else ", ".join(columns)


def _name(role: str) -> str:
    return role.replace("_", " ")


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"
