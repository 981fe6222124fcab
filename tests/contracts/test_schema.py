"""The rules that every table keeps."""

from __future__ import annotations

from importlib import resources

import psycopg
import pytest

from flow.database.installation import Installation
from tests.connections import kept_connection

TABLES = """
select n.nspname || '.' || c.relname
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and n.nspname in ('public', 'app') and not c.relispartition
order by 1
"""


def _rows(installation: Installation, sql: str) -> list[tuple[object, ...]]:
    with kept_connection(installation.owner_url) as connection:
        return connection.execute(sql.encode()).fetchall()


def test_the_schema_can_be_distributed_by_tenant(installation: Installation) -> None:
    lint = resources.files("tests.contracts").joinpath("distributable.sql").read_text()

    assert [] == _rows(installation, lint)


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        ("alter table public.products add unique (name)", "unique or exclusion without restaurant_id"),
        ("alter table public.orders disable row level security", "row level security is off"),
        (
            "alter table public.sessions add foreign key (restaurant_id) references public.restaurants (id) "
            "on delete set null",
            "foreign key changes restaurant_id by itself",
        ),
        (
            "create policy p on public.orders to authenticated using (id in (select id from public.orders))",
            "policy holds a subquery",
        ),
        (
            "create trigger t before insert on public.orders for each row execute function app.refuse_change()",
            "has a trigger",
        ),
        (
            "create table public.planted (id uuid primary key); comment on table public.planted is 'tenant: x'",
            "has no column restaurant_id",
        ),
        ("create index planted on public.orders (status)", "restaurant_id does not lead the index"),
    ],
)
def test_the_lint_finds_a_planted_fault(installation: Installation, fault: str, rule: str) -> None:
    lint = resources.files("tests.contracts").joinpath("distributable.sql").read_text()
    with kept_connection(installation.owner_url) as connection:
        connection.execute(fault.encode())

    assert rule in {row[0] for row in _rows(installation, lint)}


def test_every_table_says_what_it_is_and_of_which_kind(installation: Installation) -> None:
    undescribed = _rows(
        installation,
        f"select t from ({TABLES}) as tables (t) "
        "where coalesce(obj_description(t::regclass, 'pg_class'), '') !~ '^(tenant|shared|platform): .{10,}'",
    )

    assert [] == undescribed


def test_every_table_has_row_level_security(installation: Installation) -> None:
    open_tables = _rows(
        installation,
        f"select t from ({TABLES}) as tables (t) join pg_class c on c.oid = t::regclass where not c.relrowsecurity",
    )

    assert [] == open_tables


def test_what_people_may_read_has_a_policy_and_what_has_a_policy_may_be_read(installation: Installation) -> None:
    mismatched = _rows(
        installation,
        f"select t from ({TABLES}) as tables (t) where has_any_column_privilege('authenticated', t, 'select') "
        "<> exists (select from pg_policy p where p.polrelid = t::regclass and p.polcmd = 'r')",
    )

    assert [] == mismatched


def test_every_policy_is_for_authenticated_alone(installation: Installation) -> None:
    others = _rows(installation, "select polname from pg_policy where polroles <> array['authenticated'::regrole::oid]")

    assert [] == others


def test_nobody_but_the_owner_holds_truncate_references_or_trigger(installation: Installation) -> None:
    held = _rows(
        installation,
        f"select t, role, privilege from ({TABLES}) as tables (t), "
        "unnest(array['anon', 'authenticated', 'service_role', 'flow_api', 'flow_worker']) role, "
        "unnest(array['truncate', 'references', 'trigger']) privilege where has_table_privilege(role, t, privilege)",
    )

    assert [] == held


def test_anon_reaches_no_table(installation: Installation) -> None:
    reached = _rows(
        installation,
        f"select t from ({TABLES}) as tables (t) "
        "where has_table_privilege('anon', t, 'select, insert, update, delete')",
    )

    assert [] == reached


def test_the_process_roles_own_no_rights_on_tables(installation: Installation) -> None:
    # Both are NOINHERIT: rights come with SET ROLE in a transaction, or not at all.
    granted = _rows(
        installation,
        "select grantee, table_name from information_schema.table_privileges "
        "where grantee in ('flow_api', 'flow_worker') and table_schema in ('public', 'app')",
    )

    assert [] == granted


def test_every_foreign_key_is_covered_by_an_index(installation: Installation) -> None:
    uncovered = _rows(
        installation,
        """
        select f.conrelid::regclass::text, f.conname
        from pg_constraint f join pg_class c on c.oid = f.conrelid
        where f.contype = 'f' and not c.relispartition
          and f.connamespace in ('public'::regnamespace, 'app'::regnamespace)
          and not exists (
            select from pg_index i
            where i.indrelid = f.conrelid and i.indkey[0] = any (f.conkey)
              and (cardinality(f.conkey) = 1 or (i.indkey::int2[])[0:1] @> f.conkey))
        """,
    )

    assert [] == uncovered


def test_every_function_pins_its_search_path_or_can_be_inlined(installation: Installation) -> None:
    loose = _rows(
        installation,
        """
        select p.proname from pg_proc p
        where p.pronamespace = 'app'::regnamespace
          and not coalesce('search_path=""' = any (p.proconfig), false)
          and not (p.prolang = (select oid from pg_language where lanname = 'sql') and not p.prosecdef)
        """,
    )

    assert [] == loose


def test_no_function_is_open_to_everyone(installation: Installation) -> None:
    open_functions = _rows(
        installation,
        "select p.proname from pg_proc p where p.pronamespace in ('app'::regnamespace, 'public'::regnamespace) "
        "and has_function_privilege('anon', p.oid, 'execute')",
    )

    assert [] == open_functions


def test_the_audit_log_cannot_be_changed_even_by_its_owner(installation: Installation) -> None:
    with psycopg.connect(installation.owner_url, autocommit=True) as connection:
        connection.execute(
            "insert into public.gdpr_audit_log (id, action, description) values (gen_random_uuid(), 'test', 'a row')"
        )
        for statement in (
            b"update public.gdpr_audit_log set action = 'forged'",
            b"delete from public.gdpr_audit_log",
            b"truncate public.gdpr_audit_log",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
                connection.execute(statement)
