"""Opens policies and grants by hand, one at a time, and asks whether the matrix test would have noticed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg

from tests.contracts.matrix import catalog
from tests.contracts.matrix.walk import Expectation, Findings, walk

_POLICIES = """
select c.relname, format('%I.%I', n.nspname, c.relname), format('%I', p.polname), part
from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace,
    (values ('using', 'rwd'), ('with check', 'aw')) as parts (part, commands)
where parts.commands like '%' || p.polcmd::text || '%'
  and coalesce(pg_get_expr(case part when 'using' then p.polqual else p.polwithcheck end, p.polrelid), '') <> 'true'
order by 1, 3, 4
"""
_TABLE_GRANTS = """
select c.relname, format('%I.%I', n.nspname, c.relname), privilege, role
from pg_class c join pg_namespace n on n.oid = c.relnamespace,
    unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) as privilege,
    unnest(array['authenticated', 'anon']) as role
where c.relkind in ('r', 'p', 'v') and not c.relispartition and n.nspname in ('public', 'app')
  and not has_table_privilege(role, c.oid, privilege)
order by 1, 3, 4
"""
_COLUMN_GRANTS = """
select c.relname, format('%I.%I', n.nspname, c.relname), format('%s (%I)', privilege, a.attname), 'authenticated'
from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid,
    unnest(array['select', 'insert', 'update']) as privilege
where c.relkind in ('r', 'p') and not c.relispartition and n.nspname in ('public', 'app')
  and a.attnum > 0 and not a.attisdropped
  and has_any_column_privilege('authenticated', c.oid, privilege)
  and not has_column_privilege('authenticated', c.oid, a.attnum, privilege)
order by 1, 3
"""
_FUNCTIONS = """
select p.oid::regprocedure::text, role from pg_proc p, unnest(array['authenticated', 'anon']) as role
where p.pronamespace = 'app'::regnamespace and not has_function_privilege(role, p.oid, 'execute')
order by 1, 2
"""
_ROLES = """
select r.role, p.permission
from (select distinct role from app.role_permissions) r
cross join (select distinct permission from app.role_permissions) p
where not exists (select from app.role_permissions h where h.role = r.role and h.permission = p.permission)
order by 1, 2
"""
_GUARDED = """
select c.relname, format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and not c.relispartition and n.nspname in ('public', 'app') and c.relrowsecurity
order by 1
"""


@dataclass(frozen=True)
class Mutation:
    """A statement that opens something; `table` says where to look, empty is what concerns no single table."""

    kind: str
    table: str
    statement: str


@dataclass(frozen=True)
class Outcome:
    """Whether it was noticed: by walking as people, by reading the catalog."""

    mutation: Mutation
    by_walking: bool
    by_catalog: bool

    @property
    def caught(self) -> bool:
        return self.by_walking or self.by_catalog


def all_mutations(connection: psycopg.Connection) -> Iterator[Mutation]:
    """Every policy opened, every missing grant granted, every guard taken away."""
    for table, place, policy, part in connection.execute(_POLICIES).fetchall():
        yield Mutation("policy", table, f"alter policy {policy} on {place} {part} (true)")
    for query in (_TABLE_GRANTS, _COLUMN_GRANTS):
        for table, place, privilege, role in connection.execute(query.encode()).fetchall():
            yield Mutation("grant", table, f"grant {privilege} on {place} to {role}")
    for table, place in connection.execute(_GUARDED).fetchall():
        yield Mutation("row level security", table, f"alter table {place} disable row level security")
    for function, role in connection.execute(_FUNCTIONS).fetchall():
        yield Mutation("function", "", f"grant execute on function {function} to {role}")
    for role, permission in connection.execute(_ROLES).fetchall():
        yield Mutation("permission", "", f"insert into app.role_permissions values ('{role}', '{permission}')")
    yield Mutation("schema", "", "grant usage on schema parts to authenticated")


def try_out(connection: psycopg.Connection, expected: Expectation, mutation: Mutation) -> Outcome:
    """Opens it, looks, and undoes it; the connection is a superuser's, in a transaction."""
    connection.execute("savepoint mutation")
    try:
        connection.execute(mutation.statement.encode())
        findings = catalog.check(connection, expected.matrix, _tables(mutation))
        walked = walk(connection, expected, [mutation.table]) if _is_walked(mutation) else Findings()
    finally:
        connection.execute("rollback to savepoint mutation")
    return Outcome(mutation, bool(walked.wrong), bool(findings.wrong))


def _tables(mutation: Mutation) -> list[str] | None:
    return [mutation.table] if mutation.table else None


def _is_walked(mutation: Mutation) -> bool:
    """People reach tables by the role authenticated and the four commands alone."""
    reaches = mutation.kind in ("policy", "row level security") or (
        mutation.kind == "grant"
        and mutation.statement.endswith("to authenticated")
        and mutation.statement.split()[1] in ("select", "insert", "update", "delete")
        and "(" not in mutation.statement
    )
    return bool(mutation.table) and reaches
