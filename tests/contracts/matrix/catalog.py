"""What the database's own catalog says of permissions, grants, policies and functions, held against the matrix."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

import psycopg

from flow.access.roles.matrix import COMMANDS, Matrix
from tests.contracts.matrix.walk import Findings

PERMISSIONS = "select role, permission from app.role_permissions"
RELATIONS = """
select c.oid, c.relname, c.relkind in ('r', 'p') as is_table, c.relrowsecurity
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition and n.nspname in ('public', 'app')
order by 2
"""
GRANTS = """
select command, has_table_privilege(role, %(oid)s::oid, command) as whole,
    array(select a.attname::text from pg_attribute a
          where a.attrelid = %(oid)s and a.attnum > 0 and not a.attisdropped
            and command in ('select', 'insert', 'update', 'references')
            and has_column_privilege(role, %(oid)s::oid, a.attnum, command) order by 1) as columns
from unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) as command,
    (values (%(role)s::text)) as r (role)
"""
POLICIES = """
select p.polcmd::text, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid),
    p.polpermissive, p.polroles = array['authenticated'::regrole::oid]
from pg_policy p where p.polrelid = %(oid)s
"""
FUNCTIONS = """
select p.proname, has_function_privilege('authenticated', p.oid, 'execute'),
    has_function_privilege('anon', p.oid, 'execute')
from pg_proc p where p.pronamespace in ('app'::regnamespace, 'public'::regnamespace) order by 1
"""
PARTITIONS = """
select c.relname from pg_class c
where c.relnamespace = 'parts'::regnamespace and c.relkind = 'r'
  and (not c.relrowsecurity or has_any_column_privilege('authenticated', c.oid, 'select')
       or has_any_column_privilege('anon', c.oid, 'select'))
"""
_COMMAND_OF = {"r": "select", "a": "insert", "w": "update", "d": "delete"}
_PERMISSION = re.compile(r"restaurants_with\('([^']+)'")


def check(connection: psycopg.Connection, matrix: Matrix, tables: Collection[str] | None = None) -> Findings:
    """Everything, or the grants and policies of some tables."""
    findings = Findings()
    for oid, name, is_table, is_guarded in connection.execute(RELATIONS).fetchall():
        if tables is None or name in tables:
            _check_grants(connection, matrix, oid, name, findings)
            if is_table:
                findings.note(f"{name} × row level security", True, is_guarded)
                _check_policies(connection, matrix, oid, name, findings)
    if tables is None:
        check_permissions(connection, matrix, findings)
        check_functions(connection, matrix, findings)
        check_partitions(connection, findings)
    return findings


def check_permissions(connection: psycopg.Connection, matrix: Matrix, findings: Findings) -> None:
    """app.role_permissions, cell by cell."""
    held = {(role, permission) for role, permission in connection.execute(PERMISSIONS).fetchall()}
    meant = {(role, permission) for permission, roles in matrix.permissions.items() for role in roles}
    for role in matrix.roles:
        for permission in matrix.permissions:
            pair = (role, permission)
            findings.note(f"{role} × {permission}", pair in meant, pair in held)
    findings.note("permissions of nobody's", set(), held - meant)


def check_functions(connection: psycopg.Connection, matrix: Matrix, findings: Findings) -> None:
    """Who may call what."""
    callable_ = matrix.doors | matrix.asked_by_policies
    for name, by_people, by_anyone in connection.execute(FUNCTIONS).fetchall():
        findings.note(f"function {name}", (name in callable_, False), (by_people, by_anyone))


def check_partitions(connection: psycopg.Connection, findings: Findings) -> None:
    """Partitions are reached through their parents alone."""
    findings.note("partitions that are open", [], connection.execute(PARTITIONS).fetchall())
    for role in ("anon", "authenticated"):
        usage = connection.execute("select has_schema_privilege(%s, 'parts', 'usage')", [role]).fetchone()
        findings.note(f"{role} × schema parts", (False,), usage)


def _check_grants(connection: psycopg.Connection, matrix: Matrix, oid: int, name: str, findings: Findings) -> None:
    for role in ("authenticated", "anon"):
        for command, whole, columns in connection.execute(GRANTS, {"oid": oid, "role": role}).fetchall():
            operation = matrix.operation(name, command) if role == "authenticated" and command in COMMANDS else None
            meant: object = (False, [])
            if operation is not None and operation.accesses:
                meant = (False, sorted(operation.columns)) if operation.columns is not None else (True, columns)
            findings.note(f"grant of {command} on {name} to {role}", meant, (whole, columns))


def _check_policies(connection: psycopg.Connection, matrix: Matrix, oid: int, name: str, findings: Findings) -> None:
    policies = connection.execute(POLICIES, {"oid": oid}).fetchall()
    commands = [_COMMAND_OF.get(row[0], "all") for row in policies]
    findings.note(f"policies on {name}", sorted(matrix.tables.get(name, ())), sorted(commands))
    for command, using, check_, permissive, to_people in policies:
        operation = matrix.operation(name, _COMMAND_OF.get(command, "delete"))
        for part, text in _parts(command, using, check_):
            cell = f"policy on {name} × {_COMMAND_OF.get(command)} × {part}"
            findings.note(cell, operation.permissions, frozenset(_PERMISSION.findall(text)))
            findings.note(f"{cell} says something", _says_something(operation.accesses), text != "true")
        findings.note(f"policy on {name} × {command} is for people", (True, True), (permissive, to_people))


def _parts(command: str, using: str | None, check_: str | None) -> Iterable[tuple[str, str]]:
    if command in "rwd":
        yield "using", using or "true"
    if command in "aw":
        yield "check", check_ or using or "true"


def _says_something(accesses: Iterable[object]) -> bool:
    return not any(getattr(access, "rule", None) == "everyone" for access in accesses)
