"""Forging and truncating the audit log, as every role: each is refused."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import sql

from flow.database.installation import Installation
from flow.database.pool import Database
from flow.privacy.audit.checkpoints import CheckpointKeys
from tests.factories import claims_of, give_access, make_restaurant, make_user
from tests.privacy.audit.conftest import checked, write

TABLES = (
    "public.gdpr_audit_log",
    "app.audit_chain",
    "app.audit_head",
    "app.audit_checkpoints",
    "app.audit_expiries",
)
CHANGES = {
    "update": "update {} set {} = {}",
    "delete": "delete from {}",
    "truncate": "truncate {}",
}
A_COLUMN = {
    "public.gdpr_audit_log": "action",
    "app.audit_chain": "seq",
    "app.audit_head": "seq",
    "app.audit_checkpoints": "seq",
    "app.audit_expiries": "through_seq",
}
FORGERIES = {
    "a link": "insert into app.audit_chain (seq, entry_id, entry_hash, hash) "
    "values (99, gen_random_uuid(), sha256('a'), sha256('b'))",
    "an expiry": "insert into app.audit_expiries (through_seq, hash, entries) values (1, sha256('a'), 1)",
    "a time": "insert into public.gdpr_audit_log (id, action, description, recorded_at) "
    "values (gen_random_uuid(), 'forged', 'Long ago.', '2015-01-01')",
    "another writer": "insert into public.gdpr_audit_log (id, action, description, recorded_by) "
    "values (gen_random_uuid(), 'forged', 'By another.', 'flow_api')",
    "no triggers": "set session_replication_role = replica",
    "a trigger switched off": "alter table public.gdpr_audit_log disable trigger all",
    "a trigger dropped": "drop trigger gdpr_audit_log_chained on public.gdpr_audit_log",
    "another hash": "create or replace function app.audit_entry_hash(entry public.gdpr_audit_log) returns bytea "
    "language sql as 'select sha256(''a'')'",
    "the owner's role": "set role flow_owner",
}
AN_ENTRY = "insert into public.gdpr_audit_log (id, action, description) values (gen_random_uuid(), 'forged', 'By me.')"


def _statement(table: str, change: str) -> sql.Composed:
    name = sql.SQL(".").join(map(sql.Identifier, table.split(".")))
    column = sql.Identifier(A_COLUMN[table])
    return sql.SQL(CHANGES[change]).format(name, column, column)  # type: ignore[arg-type]


@pytest.mark.parametrize("role", ["anon", "authenticated", "service_role", "flow_api", "flow_worker"])
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("change", CHANGES)
def test_no_role_of_a_process_changes_the_log(untouched: Installation, role: str, table: str, change: str) -> None:
    with psycopg.connect(untouched.admin_url) as connection:
        connection.execute(sql.SQL("set local role {}").format(sql.Identifier(role)))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(_statement(table, change))


@pytest.mark.parametrize("forgery", FORGERIES)
@pytest.mark.parametrize("process", ["api", "worker"])
def test_no_process_forges_what_the_log_stands_on(untouched: Installation, process: str, forgery: str) -> None:
    url, role = {
        "api": (untouched.api_url, "authenticated"),
        "worker": (untouched.worker_url, "service_role"),
    }[process]
    with psycopg.connect(url) as connection:
        connection.execute(sql.SQL("set local role {}").format(sql.Identifier(role)))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(FORGERIES[forgery].encode())


@pytest.mark.parametrize("role", ["anon", "authenticated", "flow_api", "flow_worker"])
def test_only_the_service_writes_entries(untouched: Installation, role: str) -> None:
    with psycopg.connect(untouched.admin_url) as connection:
        connection.execute(sql.SQL("set local role {}").format(sql.Identifier(role)))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(AN_ENTRY.encode())


@pytest.mark.parametrize("role", ["employee", "manager", "admin", "compliance"])
def test_nobody_who_works_in_a_restaurant_writes_entries(installation: Installation, role: str) -> None:
    url = installation.owner_url
    user, restaurant = make_user(url, "anna@example.com"), make_restaurant(url)
    give_access(url, user, restaurant, role)
    with psycopg.connect(installation.api_url) as connection:
        connection.execute("select app.begin_request(%s, 5000)", [psycopg.types.json.Jsonb(claims_of(user))])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(AN_ENTRY.encode())


@pytest.mark.parametrize("table", [table for table in TABLES if table != "app.audit_head"])
@pytest.mark.parametrize("change", CHANGES)
async def test_even_the_owner_changes_no_entry_and_no_link(
    installation: Installation, database: Database, keys: CheckpointKeys, table: str, change: str
) -> None:
    await write(database, 2)
    _fill(installation)
    with (
        psycopg.connect(installation.owner_url, autocommit=True) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"),
    ):
        connection.execute(_statement(table, change))


async def test_the_service_leaves_its_log_in_in_every_entry(database: Database, installation: Installation) -> None:
    await write(database, 1)
    with psycopg.connect(installation.owner_url) as connection:
        row = connection.execute(
            "select recorded_by, clock_timestamp() - recorded_at < interval '1 minute' from gdpr_audit_log"
        ).fetchone()
    assert ("flow_worker", True) == row


async def test_the_service_cannot_expire_what_is_young(
    database: Database, installation: Installation, keys: CheckpointKeys
) -> None:
    await write(database, 3)
    with psycopg.connect(installation.worker_url) as connection:
        connection.execute("set local role service_role")
        row = connection.execute("select app.expire_audit(1000)").fetchone()
    assert (0,) == row
    assert 3 == (await checked(database, keys)).entries


def _fill(installation: Installation) -> None:
    with psycopg.connect(installation.owner_url, autocommit=True) as connection:
        connection.execute(
            "insert into app.audit_checkpoints (seq, hash, made_at, key_id, signature) "
            "values (1, sha256('a'), now(), 'k', 's')"
        )
        connection.execute("insert into app.audit_expiries (through_seq, hash, entries) values (0, sha256('a'), 0)")
