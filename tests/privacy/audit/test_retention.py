"""Seven years, and a chain that can be checked afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from flow.database.installation import Installation
from flow.database.pool import Database
from flow.kit.clock import SystemClock
from flow.privacy.audit import retention
from flow.privacy.audit.chain import BEGINNING, entry_hash, link_hash
from flow.privacy.audit.checkpoints import CheckpointKeys, make_checkpoint
from flow.privacy.audit.retention import expire, kept_since
from flow.privacy.audit.store import add_checkpoint, chain_state, links
from flow.privacy.audit.types import Fault
from tests.privacy.audit.conftest import Attack, checked, write


async def _age(database: Database, as_owner: Attack, *, through: int, years: int = 8) -> None:
    """Makes the first entries so many years older, and the chain what it would have been."""
    as_owner(
        "update gdpr_audit_log set recorded_at = recorded_at - make_interval(years => %s) "
        "where id in (select entry_id from app.audit_chain where seq <= %s)",
        years,
        through,
    )
    as_owner(
        "update app.audit_chain set recorded_at = recorded_at - make_interval(years => %s) where seq <= %s",
        years,
        through,
    )
    async with database.as_service() as transaction:
        every = await links(transaction, after=0, most=10_000)
    before = BEGINNING
    for link in every:
        entry = entry_hash(link.fields)
        before = link_hash(before, link.seq, entry)
        as_owner("update app.audit_chain set entry_hash = %s, hash = %s where seq = %s", entry, before, link.seq)
    as_owner("update app.audit_head set hash = %s", before)


async def test_what_is_older_than_seven_years_goes_and_the_rest_still_holds(
    database: Database, keys: CheckpointKeys, as_owner: Attack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "_BATCH", 3)  # three batches
    await write(database, 10)
    await _age(database, as_owner, through=7)

    assert 7 == await expire(database, clock=SystemClock())

    verdict = await checked(database, keys)
    assert (True, 4) == (verdict.holds, verdict.entries)  # three young ones, and the entry about the deletion
    async with database.as_service() as transaction:
        assert 7 == (await chain_state(transaction)).expired_through
        remaining = await links(transaction, after=0, most=100)
    assert [8, 9, 10, 11] == [link.seq for link in remaining]
    assert "audit_expired" == remaining[-1].fields[2]


async def test_nothing_old_means_nothing_is_deleted_or_written(database: Database, keys: CheckpointKeys) -> None:
    await write(database, 2)
    assert 0 == await expire(database, clock=SystemClock())
    assert 2 == (await checked(database, keys)).entries


async def test_an_old_entry_behind_a_young_one_stays(
    database: Database, keys: CheckpointKeys, as_owner: Attack
) -> None:
    await write(database, 3)
    await _age(database, as_owner, through=3)
    as_owner("update app.audit_chain set recorded_at = now() where seq = 2")
    assert 1 == await expire(database, clock=SystemClock())


async def test_old_entries_may_go_all_together(database: Database, keys: CheckpointKeys, as_owner: Attack) -> None:
    await write(database, 3)
    await _age(database, as_owner, through=3)
    assert 3 == await expire(database, clock=SystemClock())
    assert (True, 1) == ((verdict := await checked(database, keys)).holds, verdict.entries)


async def test_changes_after_an_expiry_are_still_named(
    database: Database, keys: CheckpointKeys, as_owner: Attack
) -> None:
    await write(database, 6)
    await _age(database, as_owner, through=3)
    await expire(database, clock=SystemClock())
    as_owner("update gdpr_audit_log set description = 'forged' from app.audit_chain where entry_id = id and seq = 5")
    assert [(Fault.CHANGED, 5)] == [(each.fault, each.seq) for each in (await checked(database, keys)).findings]


async def test_a_beginning_cut_off_under_the_cloak_of_expiry_is_named(
    database: Database, keys: CheckpointKeys, as_owner: Attack
) -> None:
    async with database.as_service() as transaction:
        shipped = await make_checkpoint(transaction, keys, at=datetime.now(UTC) - timedelta(days=400))
    assert shipped is not None
    await write(database, 6)
    as_owner(
        "insert into app.audit_expiries (through_seq, hash, entries) select seq, hash, 3 "
        "from app.audit_chain where seq = 3"
    )
    as_owner("delete from gdpr_audit_log where id in (select entry_id from app.audit_chain where seq <= 3)")
    as_owner("delete from app.audit_chain where seq <= 3")
    as_owner("delete from app.audit_checkpoints")

    assert (await checked(database, keys)).holds
    verdict = await checked(database, keys, shipped=(shipped,))
    assert [(Fault.REMOVED, 1)] == [(each.fault, each.seq) for each in verdict.findings]


async def test_a_checkpoint_older_than_seven_years_does_not_mind_the_expiry(
    database: Database, keys: CheckpointKeys, as_owner: Attack
) -> None:
    await write(database, 4)
    await _age(database, as_owner, through=3)
    async with database.as_service() as transaction:
        (second,) = await links(transaction, after=1, most=1)
        old = keys.sign(2, second.hash, at=datetime.now(UTC) - timedelta(days=8 * 365))
        await add_checkpoint(transaction, old)
    await expire(database, clock=SystemClock())
    assert (await checked(database, keys, shipped=(old,))).holds


@pytest.mark.parametrize(
    ("now", "since"),
    [
        (datetime(2026, 11, 22, tzinfo=UTC), datetime(2019, 11, 22, tzinfo=UTC)),
        (datetime(2028, 2, 29, tzinfo=UTC), datetime(2021, 2, 28, tzinfo=UTC)),
    ],
)
def test_seven_years_are_counted_by_the_calendar(now: datetime, since: datetime) -> None:
    assert since == kept_since(now)


async def test_the_owner_deletes_by_hand_what_is_old_and_nothing_else(
    installation: Installation, database: Database, as_owner: Attack
) -> None:
    await write(database, 2)
    await _age(database, as_owner, through=1)
    with psycopg.connect(installation.owner_url, autocommit=True) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            connection.execute("delete from gdpr_audit_log")
        deleted = connection.execute("delete from gdpr_audit_log where recorded_at < now() - interval '7 years'")
        assert 1 == deleted.rowcount
