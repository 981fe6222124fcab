"""A restaurant leaves: it is closed and gets its export; after a time of grace its bookkeeping is kept without persons,
and all else goes.

Which tables are bookkeeping the catalogue says (a duty by law); what they refer to stays with them. Like an erasure it
goes step by step, so that it can be killed and run again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from uuid import UUID

from flow.database.queries import Query
from flow.database.transaction import Transaction
from flow.kit.ids import new_id
from flow.privacy.audit.store import record
from flow.privacy.catalogue import CATALOGUE, LegalBasis
from flow.privacy.rights import statements, store
from flow.privacy.rights.errors import NameDiffers, RequestClosed, SecondFactorNeeded, UnderLegalHold
from flow.privacy.rights.exporting import stream, write_export
from flow.privacy.rights.means import Means
from flow.privacy.rights.tables import Rule, Set, Table, sets_of, tables_of
from flow.privacy.rights.types import GRACE, Actor, PrivacyRequest, ReferenceRow
from flow.privacy.rights.walking import BATCH_ROWS
from flow.privacy.subjects import pseudonym

__all__ = ["cancel", "carry_on", "offboard", "plan_of"]

_PROOF = frozenset(
    {
        *("gdpr_audit_log", "user_consents", "legal_holds"),
        *("privacy_requests", "privacy_request_steps", "privacy_tombstones", "privacy_restrictions"),
    }
)
_RESTAURANT = ("restaurants", "restaurant")


@dataclass(frozen=True, slots=True)
class Plan:
    """What stays without persons, and what goes, each in its order: what refers goes before what it refers to."""

    anonymised: tuple[Rule, ...]
    deleted: tuple[Table, ...]
    exported: tuple[Rule, ...]

    @property
    def steps(self) -> list[tuple[str, str]]:
        kept = [(rule.table.name, "anonymise") for rule in self.anonymised]
        return [*kept, *((table.name, "delete") for table in self.deleted), _RESTAURANT]


async def offboard(
    means: Means,
    transaction: Transaction,
    restaurant_id: UUID,
    *,
    typed_name: str,
    has_second_factor: bool,
    at_once: bool = False,
    actor: Actor,
) -> UUID:
    """Closes the restaurant and has its export made. SecondFactorNeeded, NameDiffers or UnderLegalHold else."""
    if not has_second_factor:
        raise SecondFactorNeeded
    restaurant = await store.find_restaurant(transaction, restaurant_id)
    if typed_name.strip() != restaurant.name:
        raise NameDiffers
    if await store.has_holds(transaction, restaurant_id):
        raise UnderLegalHold
    now, request_id = means.clock.now(), new_id()
    await store.add_request(
        transaction,
        request_id,
        restaurant_id=restaurant_id,
        kind="offboarding",
        subject=pseudonym(means.secrets[0], str(restaurant_id)),
        subject_hint=None,
        sealed=None,
        user_id=None,
        received_at=now - GRACE if at_once else now,
        due_at=now if at_once else now + GRACE,
        created_by=actor.user_id,
        now=now,
    )
    await store.note_identity(transaction, request_id, method="logged_in", note=None, checked_by=actor.user_id, now=now)
    await store.decide(transaction, request_id, status="running", decided_by=actor.user_id, reason=None, now=now)
    await store.close_restaurant(transaction, restaurant_id, now=now)
    await _note(means, transaction, restaurant_id, "offboarding_begun", actor, request_id)
    return request_id


async def cancel(means: Means, transaction: Transaction, request_id: UUID, *, actor: Actor) -> None:
    """The restaurant stays after all; RequestClosed once anything has gone."""
    request = await store.lock_request(transaction, request_id)
    if request.status != "running" or await store.list_steps(transaction, request_id):
        raise RequestClosed
    assert request.restaurant_id is not None
    now = means.clock.now()
    await store.decide(
        transaction, request_id, status="refused", decided_by=actor.user_id, reason="Cancelled.", now=now
    )
    await store.open_restaurant(transaction, request.restaurant_id, now=now)
    await _note(means, transaction, request.restaurant_id, "offboarding_cancelled", actor, request_id)


async def carry_on(means: Means, request_id: UUID) -> None:
    """Makes the export, and once the time of grace is over does the rest; may be run again at any time."""
    async with means.database.as_service() as transaction:
        request = await store.lock_request(transaction, request_id)
        if request.status != "running" or request.restaurant_id is None:
            return
        plan = await plan_of(transaction)
        if request.file_name is None:
            await _export(means, transaction, request, plan)
        if means.clock.now() < request.due_at:
            return
        await store.add_steps(transaction, request_id, plan.steps)
        steps = await store.list_steps(transaction, request_id)
    queries = {(rule.table.name, "anonymise"): statements.anonymise_all(rule) for rule in plan.anonymised}
    queries |= {(table.name, "delete"): statements.delete_all(table) for table in plan.deleted}
    for step in steps:
        more = step.finished_at is None
        while more:
            async with means.database.as_service() as transaction:
                more = await _batch(means, transaction, request, (step.table_name, step.rule), queries)
    await _finish(means, request)


async def plan_of(transaction: Transaction) -> Plan:
    """The plan for the schema of this database."""
    tables = tables_of(await store.list_columns(transaction))
    references = await store.list_references(transaction)
    ours = {name: table for name, table in tables.items() if table.tenant != "never" and name not in _PROOF}
    kept = _kept(ours, references)
    anonymised = [rule for name in sorted(kept) if (rule := _anonymising(ours[name])).sets]
    gone = [table for name, table in ours.items() if name not in kept and table.may_be_emptied and table.keys]
    exported = [_whole(table) for table in ours.values()]
    return Plan(tuple(anonymised), tuple(_ordered(gone, references)), tuple(exported))


def _kept(tables: Mapping[str, Table], references: Sequence[ReferenceRow]) -> set[str]:
    """Bookkeeping, and whatever it still refers to once the persons are out of it."""
    kept = {name for name in tables if _is_bookkeeping(name)}
    waiting = list(kept)
    while waiting:
        name = waiting.pop()
        emptied = {each.column for each in _anonymising(tables[name]).sets if each.expression == "null"}
        for each in references:
            target = each.target_name
            if each.table_name == name and each.column_name not in emptied and target in tables and target not in kept:
                kept.add(target)
                waiting.append(target)
    return kept


def _is_bookkeeping(name: str) -> bool:
    entry = CATALOGUE.get(name)
    return entry is not None and entry.tenant and entry.legal_basis is LegalBasis.LEGAL_OBLIGATION


def _anonymising(table: Table) -> Rule:
    """Its personal columns, and reasons in words: nobody can search those for persons who are not named any more."""
    entry = CATALOGUE.get(table.name)
    sets = {each.column: each for each in sets_of(entry.personal if entry else ())}
    words = [row.column_name for row in table.columns if row.column_name.endswith("reason") and not row.is_required]
    return Rule("rows", table, sets=tuple({**{each: Set(each, "null") for each in words}, **sets}.values()))


def _whole(table: Table) -> Rule:
    withheld = {column.column for column in CATALOGUE[table.name].personal if not column.exported}
    columns = (
        row.column_name
        for row in table.columns
        if row.type_name != "bytea" and not row.column_name.endswith("_hash") and row.column_name not in withheld
    )
    return Rule("rows", table, exported=tuple(columns))


def _ordered(tables: Sequence[Table], references: Sequence[ReferenceRow]) -> list[Table]:
    sorter: TopologicalSorter[str] = TopologicalSorter({table.name: set() for table in tables})
    for each in references:
        if each.table_name != each.target_name:
            sorter.add(each.target_name, each.table_name)
    place = {name: index for index, name in enumerate(sorter.static_order())}
    return sorted(tables, key=lambda table: place[table.name])


async def _export(means: Means, transaction: Transaction, request: PrivacyRequest, plan: Plan) -> None:
    values = {"restaurants": [request.restaurant_id]}

    async def rows_of(rule: Rule) -> AsyncIterator[Sequence[object]]:
        async for row in stream(transaction, statements.all_rows(rule), values):
            yield row

    now = means.clock.now()
    path = means.exports / f"{request.id}.zip"
    file = await write_export(path, plan.exported, rows_of, kind="offboarding", at=now)
    outcome = {"exported": [{"table": table.name, "rows": table.rows} for table in file.tables]}
    await store.note_file(transaction, request.id, path.name, outcome, expires_at=now + GRACE, now=now)


async def _batch(
    means: Means,
    transaction: Transaction,
    request: PrivacyRequest,
    step: tuple[str, str],
    queries: Mapping[tuple[str, str], Query],
) -> bool:
    """One batch of a step; whether there may be more."""
    assert request.restaurant_id is not None
    rows = 1
    if step == _RESTAURANT:
        await store.offboard_restaurant(transaction, request.restaurant_id, now=means.clock.now())
    elif query := queries.get(step):
        rows = int(await transaction.value(query, restaurants=[request.restaurant_id], most=BATCH_ROWS))
    more = rows == BATCH_ROWS
    is_deleting = step[1] == "delete"
    await store.count_step(
        transaction,
        request.id,
        table=step[0],
        rule=step[1],
        now=means.clock.now(),
        found=rows,
        changed=0 if is_deleting else rows,
        deleted=rows if is_deleting else 0,
        finished=not more,
    )
    return more


async def _finish(means: Means, request: PrivacyRequest) -> None:
    assert request.restaurant_id is not None
    async with means.database.as_service() as transaction:
        if (await store.lock_request(transaction, request.id)).status != "running":
            return
        steps = [
            {
                "table": step.table_name,
                "rule": step.rule,
                "found": step.rows_found,
                "changed": step.rows_changed,
                "deleted": step.rows_deleted,
            }
            for step in await store.list_steps(transaction, request.id)
        ]
        await store.complete(transaction, request.id, {"steps": steps}, now=means.clock.now(), forget=True)
        actor = Actor(user_id=request.decided_by, role="service")
        await _note(means, transaction, request.restaurant_id, "offboarding_completed", actor, request.id)


async def _note(
    means: Means, transaction: Transaction, restaurant_id: UUID, action: str, actor: Actor, request_id: UUID
) -> None:
    await record(
        transaction,
        action,
        f"A restaurant leaves FLOW: {action.partition('_')[2]}.",
        at=means.clock.now(),
        restaurant_id=restaurant_id,
        performed_by=actor.user_id,
        performed_by_role=actor.role,
        facts={"request": str(request_id)},
    )
