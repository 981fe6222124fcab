"""The hash chain: whole under many writers, and telling where it was touched."""

from __future__ import annotations

import asyncio

import psycopg
import pytest

from flow.database.pool import Database
from flow.privacy.audit import store
from flow.privacy.audit.chain import entry_hash
from flow.privacy.audit.checkpoints import CheckpointKeys, make_checkpoint
from flow.privacy.audit.types import Checkpoint, Fault, Verdict
from tests.conftest import SECRET
from tests.privacy.audit.conftest import NOW, Attack, checked, write


def _faults(verdict: Verdict) -> list[tuple[Fault, int | None]]:
    return [(finding.fault, finding.seq) for finding in verdict.findings]


async def _checkpoint(database: Database, keys: CheckpointKeys) -> Checkpoint:
    async with database.as_service() as transaction:
        made = await make_checkpoint(transaction, keys, at=NOW)
    assert made is not None
    return made


async def test_an_empty_log_holds(database: Database, keys: CheckpointKeys) -> None:
    verdict = await checked(database, keys)
    assert (True, 0) == (verdict.holds, verdict.entries)


async def test_a_log_that_nobody_touched_holds(database: Database, keys: CheckpointKeys) -> None:
    await write(database, 5)
    await _checkpoint(database, keys)
    await write(database, 2)

    verdict = await checked(database, keys)

    assert (True, 7, 1) == (verdict.holds, verdict.entries, verdict.checkpoints)


async def test_writers_at_once_and_those_who_give_up_leave_one_chain_without_a_gap(
    database: Database, keys: CheckpointKeys
) -> None:
    async def writer(number: int) -> None:
        for turn in range(12):
            try:
                async with database.as_service() as transaction:
                    await store.record(transaction, "test", f"{number}/{turn}", at=NOW)
                    await store.record(transaction, "test", f"{number}/{turn} again", at=NOW)
                    if turn % 4 == 3:
                        raise InterruptedError
            except InterruptedError:
                continue

    await asyncio.gather(*(writer(number) for number in range(8)))

    verdict = await checked(database, keys)
    assert (True, 8 * 9 * 2) == (verdict.holds, verdict.entries)
    async with database.as_service() as transaction:
        links = await store.links(transaction, after=0, most=1_000)
    assert list(range(1, 8 * 9 * 2 + 1)) == [link.seq for link in links]


async def test_a_long_transaction_with_an_entry_keeps_no_other_writer_waiting(database: Database) -> None:
    async with database.as_service() as slow:
        await store.record(slow, "slow", "Takes its time.", at=NOW)
        await asyncio.wait_for(write(database, 1), timeout=5)


async def test_an_entry_is_hashed_alike_in_the_database_and_here(database: Database) -> None:
    await write(database, 1)
    async with database.as_service() as transaction:
        (link,) = await store.links(transaction, after=0, most=1)
    assert link.entry_hash == entry_hash(link.fields)


@pytest.mark.parametrize(
    "change",
    [
        "description = 'Nothing happened.'",
        "performed_by = gen_random_uuid()",
        "created_at = created_at - interval '1 day'",
        "recorded_at = recorded_at + interval '1 microsecond'",
        "restaurant_id = gen_random_uuid()",
        "after = '{}'",
        "reason = ''",
    ],
)
async def test_a_changed_entry_is_named(
    database: Database, keys: CheckpointKeys, as_owner: Attack, change: str
) -> None:
    await write(database, 5)
    as_owner(f"update gdpr_audit_log set {change} where id = (select entry_id from app.audit_chain where seq = 3)")

    verdict = await checked(database, keys)

    assert [(Fault.CHANGED, 3)] == _faults(verdict)
    async with database.as_service() as transaction:
        assert (await store.links(transaction, after=2, most=1))[0].entry_id == verdict.findings[0].entry_id


async def test_a_removed_entry_is_named(database: Database, keys: CheckpointKeys, as_owner: Attack) -> None:
    await write(database, 5)
    as_owner("delete from gdpr_audit_log where id = (select entry_id from app.audit_chain where seq = 2)")
    assert [(Fault.REMOVED, 2)] == _faults(await checked(database, keys))


async def test_an_entry_removed_together_with_its_link_is_named(
    database: Database, keys: CheckpointKeys, as_owner: Attack
) -> None:
    await write(database, 5)
    as_owner(
        "with gone as (delete from app.audit_chain where seq = 4 returning entry_id) "
        "delete from gdpr_audit_log where id in (select entry_id from gone)"
    )
    assert [(Fault.REMOVED, 4)] == _faults(await checked(database, keys))


async def test_an_inserted_entry_is_named(database: Database, keys: CheckpointKeys, as_owner: Attack) -> None:
    await write(database, 3)
    as_owner(
        "insert into gdpr_audit_log (id, action, description) "
        "values ('01930000-0000-7000-8000-000000000000', 'forged', 'It was Anna.')"
    )
    verdict = await checked(database, keys)
    assert [Fault.INSERTED] == [finding.fault for finding in verdict.findings]
    assert "01930000-0000-7000-8000-000000000000" == str(verdict.findings[0].entry_id)


async def test_a_link_pushed_in_between_is_named(database: Database, keys: CheckpointKeys, as_owner: Attack) -> None:
    await write(database, 3)
    as_owner("update app.audit_chain set hash = sha256('other') where seq = 2")
    assert [(Fault.REWRITTEN, 2), (Fault.REWRITTEN, 3)] == _faults(await checked(database, keys))


async def test_a_log_cut_off_at_its_end_is_named(database: Database, keys: CheckpointKeys, as_owner: Attack) -> None:
    await write(database, 5)
    as_owner(
        "with gone as (delete from app.audit_chain where seq > 3 returning entry_id) "
        "delete from gdpr_audit_log where id in (select entry_id from gone)"
    )
    assert [(Fault.TRUNCATED, 4)] == _faults(await checked(database, keys))


async def test_a_log_cut_off_with_its_head_set_back_is_named_by_a_checkpoint(
    database: Database, keys: CheckpointKeys, as_owner: Attack
) -> None:
    await write(database, 5)
    shipped = await _checkpoint(database, keys)
    as_owner(
        "with gone as (delete from app.audit_chain where seq > 3 returning entry_id) "
        "delete from gdpr_audit_log where id in (select entry_id from gone)"
    )
    as_owner("update app.audit_head h set seq = c.seq, hash = c.hash from app.audit_chain c where c.seq = 3")
    assert [(Fault.TRUNCATED, 4)] == _faults(await checked(database, keys))

    as_owner("delete from app.audit_checkpoints")
    assert (await checked(database, keys)).holds  # this is why checkpoints are kept elsewhere, too
    assert [(Fault.TRUNCATED, 4)] == _faults(await checked(database, keys, shipped=(shipped,)))


async def test_a_history_written_anew_with_right_hashes_is_named_by_a_checkpoint(
    database: Database, keys: CheckpointKeys, as_owner: Attack
) -> None:
    await write(database, 3)
    await _checkpoint(database, keys)
    as_owner("truncate gdpr_audit_log, app.audit_chain")
    as_owner("update app.audit_head set seq = 0, hash = sha256('flow audit chain')")
    await write(database, 4, action="another_story")

    assert [(Fault.REWRITTEN, 3)] == _faults(await checked(database, keys))


async def test_a_checkpoint_signed_by_nobody_of_ours_is_named(
    database: Database, keys: CheckpointKeys, as_owner: Attack
) -> None:
    await write(database, 2)
    async with database.as_service() as transaction:
        await make_checkpoint(transaction, CheckpointKeys([b"a secret of somebody else, of 32 bytes"]), at=NOW)
    assert [(Fault.FORGED_CHECKPOINT, 2)] == _faults(await checked(database, keys))


async def test_a_checkpoint_moved_to_another_time_is_named(
    database: Database, keys: CheckpointKeys, as_owner: Attack
) -> None:
    await write(database, 2)
    await _checkpoint(database, keys)
    as_owner("update app.audit_checkpoints set made_at = made_at - interval '1 day'")
    assert [(Fault.FORGED_CHECKPOINT, 2)] == _faults(await checked(database, keys))


async def test_a_checkpoint_of_a_former_secret_still_holds(database: Database, keys: CheckpointKeys) -> None:
    await write(database, 2)
    await _checkpoint(database, keys)
    newer = CheckpointKeys([b"the secret of next year, of 32 bytes", SECRET])
    assert newer.current_id != keys.current_id
    assert (await checked(database, newer)).holds


async def test_no_second_checkpoint_is_made_of_the_same_state(database: Database, keys: CheckpointKeys) -> None:
    await write(database, 1)
    await _checkpoint(database, keys)
    async with database.as_service() as transaction:
        assert await make_checkpoint(transaction, keys, at=NOW) is None


async def test_an_entry_with_an_id_that_is_there_is_refused(database: Database) -> None:
    with pytest.raises(psycopg.errors.UniqueViolation):
        async with database.as_service() as transaction:
            for _ in range(2):
                await transaction.connection.execute(
                    "insert into gdpr_audit_log (id, action, description) "
                    "values ('01930000-0000-7000-8000-000000000000', 'test', 'twice')"
                )
