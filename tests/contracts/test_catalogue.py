"""The data catalogue is whole: every table and every personal column has its entry, and every entry its table."""

from __future__ import annotations

import re
from functools import cache

import psycopg
import pytest

from flow.database.installation import Installation
from flow.jobs.timetable import TIMETABLE
from flow.kit.personal import Erasure, PersonalColumn
from flow.privacy.catalogue import CATALOGUE, AtEnd, Key, LegalBasis, TableEntry, personal_columns
from flow.privacy.catalogue.entries import ENTRIES
from flow.privacy.catalogue.types import EVERYBODY, OWN, Sensitivity
from flow.privacy.retention.statements import act, count, find, where_due
from flow.privacy.retention.types import Held
from tests.connections import kept_connection

PERSONAL = re.compile(
    r"(^|_)(email|phone|contact|cvr|address|postal_code|city|kommun|name|notes|visitor_id|session_id|user_id|customer_id"
    r"|changed_by|created_by|updated_by|resolved_by|performed_by|feedback_by|invited_by|accepted_by|revoked_by|raw|context"
    r"|event_data|page_url|page_title|referrer|landing_page|exit_page|element_text|provider_response|card_last_four"
    r"|card_brand|password_hash|device|touchpoint_path|subject|before|after|details|body|(?<!utm_)content|ip_address|user_agent"
    r"|fråga|svar)$"
)
COLUMNS = """
select c.relname, a.attname, format_type(a.atttypid, a.atttypmod), not a.attnotnull
from pg_class c join pg_attribute a on a.attrelid = c.oid
where c.relnamespace in ('public'::regnamespace, 'app'::regnamespace) and c.relkind in ('r', 'p')
  and not c.relispartition and a.attnum > 0 and not a.attisdropped
"""
POLICIES = """
select c.relname, pg_get_expr(p.polqual, p.polrelid)
from pg_policy p join pg_class c on c.oid = p.polrelid where p.polcmd = 'r'
"""
# Permissions that a policy asks for beside the one that lets a reader see the row.
NARROWED_FURTHER = {"some_orders.read", "own.read"}
Columns = dict[tuple[str, str], tuple[str, bool]]


@cache
def _read(url: str, sql: str) -> list[tuple[str, ...]]:
    with kept_connection(url) as connection:
        return connection.execute(sql.encode()).fetchall()


def _columns(installation: Installation) -> Columns:
    """(table, column) → its type, and whether it may be null."""
    return {(row[0], row[1]): (row[2], bool(row[3])) for row in _read(installation.owner_url, COLUMNS)}


@pytest.fixture(scope="module")
def installation(untouched: Installation) -> Installation:
    """Nothing is changed here."""
    return untouched


def test_every_table_has_an_entry_and_every_entry_a_table(installation: Installation) -> None:
    tables = {table for table, _ in _columns(installation)}

    assert tables == {entry.table for entry in ENTRIES}
    assert len(ENTRIES) == len(CATALOGUE)


def test_every_column_named_like_a_persons_is_declared_or_said_to_be_about_a_thing(installation: Installation) -> None:
    declared = {(column.table, column.column) for column in personal_columns()}
    named = {
        (table, column)
        for table, column in _columns(installation)
        if PERSONAL.search(column)
        and CATALOGUE[table].sensitivity is not Sensitivity.NONE
        and column not in CATALOGUE[table].about_things
    }

    assert set() == named - declared


def test_every_declared_column_exists_once_in_a_table_of_the_catalogue(installation: Installation) -> None:
    declared = [(column.table, column.column) for column in personal_columns()]

    assert set() == set(declared) - _columns(installation).keys()
    assert len(declared) == len(set(declared))
    assert sorted(declared) == sorted(
        (column.table, column.column) for e in CATALOGUE.values() for column in e.personal
    )


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=CATALOGUE)
def test_an_entry_names_columns_that_exist(installation: Installation, entry: TableEntry) -> None:
    columns = _columns(installation)
    keys = {*entry.id_columns, *(["restaurant_id"] if entry.tenant else [])}
    named = {*keys, *entry.about_things, *(each.column for each in (*entry.subject_columns, *entry.gives))}

    assert set() == {column for column in named if (entry.table, column) not in columns}
    assert set() == {child for child in entry.retention.children if child not in columns}


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=CATALOGUE)
def test_personal_data_have_a_legal_basis_and_other_data_need_none(entry: TableEntry) -> None:
    is_personal = entry.sensitivity is not Sensitivity.NONE

    assert is_personal == (entry.legal_basis is not LegalBasis.NOT_PERSONAL)
    assert is_personal or not entry.personal


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=CATALOGUE)
def test_a_person_finds_his_rows_wherever_there_are_personal_columns(entry: TableEntry) -> None:
    assert bool(entry.subject_columns) or not entry.personal


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=CATALOGUE)
def test_what_an_entry_says_of_readers_is_what_the_policies_say(installation: Installation, entry: TableEntry) -> None:
    readers: set[str] = set()
    for table, policy in _read(installation.owner_url, POLICIES):
        if table == entry.table:
            readers |= set(re.findall(r"restaurants_with\('([a-z_.]+)'", policy)) - NARROWED_FURTHER
            readers |= {OWN} if re.search(r"user_id = app\.user_id\(\)|'own\.read'", policy) else set()
            readers |= {EVERYBODY} if policy == "true" else set()

    assert readers == set(entry.readers)


@pytest.mark.parametrize("column", personal_columns(), ids=lambda column: f"{column.table}.{column.column}")
def test_a_column_can_become_what_its_erasure_says(installation: Installation, column: PersonalColumn) -> None:
    kind, nullable = _columns(installation)[(column.table, column.column)]
    if column.erasure is Erasure.SET_NULL:
        assert nullable
    if column.erasure is Erasure.REPLACE:
        with kept_connection(installation.owner_url) as connection:
            connection.execute(f"select %s::{kind}".encode(), [column.replacement])


def test_a_table_that_is_anonymised_keeps_its_rows() -> None:
    anonymised = [entry for entry in CATALOGUE.values() if entry.retention.at_end is AtEnd.ANONYMISE]

    assert [] == [e.table for e in anonymised if any(c.erasure is Erasure.DELETE_ROW for c in e.personal)]
    assert [] == [entry.table for entry in anonymised if not entry.personal]


def test_a_kept_column_needs_a_reason_and_a_replaced_one_its_replacement() -> None:
    with pytest.raises(ValueError, match="needs a reason"):
        PersonalColumn("orders", "customer_name", "guest", Erasure.KEEP)
    with pytest.raises(ValueError, match="needs a replacement"):
        PersonalColumn("orders", "customer_name", "guest", Erasure.REPLACE)


@pytest.mark.parametrize("entry", [e for e in CATALOGUE.values() if e.retention.is_ours], ids=lambda e: e.table)
def test_the_service_may_do_what_retention_asks_and_every_statement_prepares(
    installation: Installation, entry: TableEntry
) -> None:
    if entry.retention.at_end is AtEnd.DROP_PARTITIONS or entry.retention.door:
        return
    right = "update" if entry.retention.at_end is AtEnd.ANONYMISE else "delete"
    everybody = Held({key: frozenset({"+4520123456"}) for key in Key})
    with psycopg.connect(installation.owner_url) as connection:
        granted = connection.execute(
            "select has_table_privilege('service_role', %s, %s)", [entry.name, right]
        ).fetchone()
        assert (True,) == granted
        made = [make(entry, held) for make in (find, act, count) for held in (Held(), everybody)]
        for query in [*made, *([where_due(entry)] if entry.tenant else [])]:
            assert "" == connection.pgconn.prepare(b"", query.sql).error_message.decode()


def test_retention_counts_on_jobs_that_exist() -> None:
    jobs = {entry.retention.job for entry in CATALOGUE.values()} - {None}

    assert set() == jobs - {entry.job for entry in TIMETABLE}


def test_what_waits_for_its_children_has_the_same_term_as_they() -> None:
    for entry in CATALOGUE.values():
        for table, _ in entry.retention.children:
            child = CATALOGUE[table].retention
            assert (child.days, child.years) == (entry.retention.days, entry.retention.years)
