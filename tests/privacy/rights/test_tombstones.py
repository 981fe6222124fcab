"""Who was erased stays erased: after a restored backup, a late import, an old event. What they do later is theirs."""

from __future__ import annotations

from collections.abc import Callable

from flow.privacy.rights.tombstones import reapply
from flow.privacy.subjects import pseudonym
from tests.privacy.rights.conftest import House
from tests.privacy.rights.subject import PHONE, fill

Search = Callable[[str], list[str]]


async def test_after_a_restore_the_file_beside_the_database_brings_nobody_back(house: House, found_in: Search) -> None:
    await house.done("erasure")
    _restore_a_backup_from_before(house)
    assert [] != found_in(house.dump())

    done = await reapply(house.means)

    assert 1 <= done.persons
    assert [] == found_in(house.dump())
    assert 0 == (await reapply(house.means)).persons


async def test_a_dry_run_of_it_writes_nothing(house: House) -> None:
    await house.done("erasure")
    _restore_a_backup_from_before(house)
    before = house.rows("select * from public.orders order by id")
    done = await reapply(house.means, dry_run=True)

    assert done.tables["orders"] == 1
    assert before == house.rows("select * from public.orders order by id")


async def test_an_order_from_after_the_erasure_stays(house: House) -> None:
    await house.done("erasure")
    house.execute(
        "insert into public.customers (restaurant_id, id, phone, created_at) "
        "values (%s, gen_random_uuid(), %s, now() + interval '1 hour')",
        house.napoli,
        PHONE,
    )
    house.execute(
        "insert into public.orders (restaurant_id, id, order_number, subtotal, total, customer_phone, created_at) "
        "select %s, gen_random_uuid(), n, 100, 100, %s, now() + interval '1 hour' * h "
        "from (values (8, -9), (9, 1)) as orders (n, h)",
        house.napoli,
        PHONE,
    )
    await reapply(house.means)

    assert [(8, None), (9, PHONE)] == house.rows(
        "select order_number, customer_phone from public.orders "
        "where restaurant_id = %s and order_number > 1 order by 1",
        house.napoli,
    )
    assert [(PHONE,)] == house.rows(
        "select phone from public.customers where restaurant_id = %s and phone is not null", house.napoli
    )


async def test_whoever_is_under_a_legal_hold_by_then_is_left_alone(house: House) -> None:
    await house.done("erasure")
    _restore_a_backup_from_before(house)
    house.execute(
        "insert into public.legal_holds (restaurant_id, id, subject, reason) "
        "values (%s, gen_random_uuid(), %s, 'A case')",
        house.napoli,
        pseudonym(house.means.secrets[0], PHONE),
    )

    assert 0 == (await reapply(house.means)).persons
    assert [("Anna Hansen",)] == house.rows("select name from public.customers where restaurant_id = %s", house.napoli)


async def test_tombstones_are_pseudonyms_in_the_database_and_in_the_file(house: House, found_in: Search) -> None:
    await house.done("erasure")
    subjects = {str(row[0]) for row in house.rows("select subject from public.privacy_tombstones")}

    assert [] == found_in(house.means.ledger.read_text())
    assert all(subject in house.means.ledger.read_text() for subject in subjects)
    assert len(subjects) >= 3  # phone, e-mail, the visitor's lasting id


async def test_a_late_visit_from_before_the_erasure_goes_again_and_a_new_one_stays(house: House) -> None:
    [(visitor,)] = house.rows("select visitor_id from public.sessions where restaurant_id = %s", house.napoli)
    await house.done("erasure")
    for hours in (-2, 2):
        house.execute(
            "with visit as (insert into public.sessions "
            "(restaurant_id, session_id, visitor_id, is_consented, started_at, ended_at) "
            "select %s, gen_random_uuid(), %s, true, t, t from (select now() + interval '1 hour' * %s) as at (t) "
            "returning restaurant_id, session_id, started_at) "
            "insert into public.events (restaurant_id, timestamp, id, session_id, event_name, event_category) "
            "select restaurant_id, started_at, gen_random_uuid(), session_id, 'page_view', 'navigation' from visit",
            house.napoli,
            visitor,
            hours,
        )
    await reapply(house.means)

    assert [(True,)] == house.rows(
        "select started_at > now() from public.sessions where restaurant_id = %s", house.napoli
    )
    assert [(True,)] == house.rows("select timestamp > now() from public.events where restaurant_id = %s", house.napoli)


def _restore_a_backup_from_before(house: House) -> None:
    """The rows as they were, and no trace of the erasure: that is what a backup from before it holds."""
    tables = house.rows(
        "select format('%%I.%%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace "
        "join pg_attribute a on a.attrelid = c.oid and a.attname = 'restaurant_id' "
        "where c.relkind in ('r', 'p') and not c.relispartition and n.nspname in ('public', 'app') "
        "and c.relname not in ('gdpr_audit_log', 'user_consents', 'user_restaurant_access')"
    )
    house.execute("delete from public.privacy_request_steps")
    remaining = [str(table) for (table,) in tables]
    while remaining:  # children go before their parents
        remaining = [table for table in remaining if not _emptied(house, table)]
    fill(house.installation.owner_url, house.napoli)
    for column in (
        "created_at",
        "started_at",
        "timestamp",
        "last_order_at",
        "entered_at",
        "received_at",
        "changed_at",
        "occurred_at",
        "attempted_at",
    ):
        _age(house, column)
    house.execute("delete from public.legal_holds")


def _emptied(house: House, table: str) -> bool:
    import psycopg

    try:
        house.execute(f"delete from {table} where restaurant_id = '{house.napoli}'")
    except psycopg.errors.ForeignKeyViolation:
        return False
    return True


def _age(house: House, column: str) -> None:
    """A backup is older than the erasure."""
    for (table,) in house.rows(
        "select format('%%I.%%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace "
        "join pg_attribute a on a.attrelid = c.oid and a.attname = %s and a.attgenerated = '' "
        "join pg_attribute r on r.attrelid = c.oid and r.attname = 'restaurant_id' "
        "where c.relkind in ('r', 'p') and not c.relispartition and n.nspname in ('public', 'app') "
        "and c.relname not in ('gdpr_audit_log', 'user_consents', 'restaurants')",
        column,
    ):
        house.execute(
            f"update {table} set {column} = now() - interval '1 day' where restaurant_id = %s and {column} is not null",
            house.napoli,
        )
