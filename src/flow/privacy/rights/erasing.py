"""Erases a person: step by step, each table and rule in small batches, each batch a transaction with its count.

A job that is killed goes on where it was: what leads to the person's rows is found once and kept until the end, since
erasing removes the very columns that led there; and a batch finds only what is not yet as it should be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from flow.database.transaction import Transaction
from flow.privacy.audit.store import record
from flow.privacy.retention.store import is_held
from flow.privacy.rights import files, store
from flow.privacy.rights.errors import SoleAdministrator, UnderLegalHold
from flow.privacy.rights.finding.service import find
from flow.privacy.rights.finding.types import Found
from flow.privacy.rights.means import Means
from flow.privacy.rights.patterns import contact_pattern
from flow.privacy.rights.persons import open_person, seal_person
from flow.privacy.rights.restricting import withdraw_consents
from flow.privacy.rights.tables import Rule
from flow.privacy.rights.tombstones import tombstones_of, write_ledger
from flow.privacy.rights.types import Bookkeeping, Person, PrivacyRequest
from flow.privacy.rights.walking import Done, Walk, read_rules

__all__ = ["DryRun", "dry_run", "erase", "refuse_if_kept"]

ACCOUNT = ("auth.users", "account")
FILES = ("files", "files")


@dataclass(frozen=True, slots=True)
class DryRun:
    """What would go: rows per table and rule, mails, and what is kept and why."""

    rows: dict[tuple[str, str], int]
    kept: dict[str, str]
    mails: int
    has_namesake: bool

    @property
    def total(self) -> int:
        return sum(self.rows.values())


@dataclass(frozen=True, slots=True)
class _Erasure:
    means: Means
    request: PrivacyRequest
    person: Person
    walk: Walk
    rules: Mapping[tuple[str, str], Rule]

    @property
    def scope(self) -> list[UUID] | None:
        return [self.request.restaurant_id] if self.request.restaurant_id else None


async def dry_run(means: Means, person: Person) -> DryRun:
    """Counts the rows that an erasure (or an export, or a restriction) would be about; writes nothing."""
    async with means.database.as_service() as transaction:
        rules = await read_rules(transaction)
        found = await find(transaction, person, secrets=means.secrets)
        walk = await Walk.of(transaction, found)
        rows = {rule.step: await walk.count(transaction, rule) for rule in rules}
    rows = {step: count for step, count in rows.items() if count}
    kept = {
        f"{rule.table.name}.{column.column}": column.keep_reason or ""
        for rule in rules
        for column in rule.kept
        if rule.step in rows
    }
    is_shared = bool(found.person.names) and walk.names is None
    return DryRun(rows, kept, len(files.find_mails(means, walk.contacts)), is_shared)


async def refuse_if_kept(transaction: Transaction, person: Person, *, secrets: Sequence[bytes]) -> Found:
    """UnderLegalHold or SoleAdministrator where the person cannot be erased now; else what was found of them."""
    found = await find(transaction, person, secrets=secrets)
    if await is_held(transaction, person.restaurant_id, found.keys["subject"]):
        raise UnderLegalHold
    if person.user_id and await store.sole_admin_of(transaction, person.user_id):
        raise SoleAdministrator
    return found


async def erase(means: Means, request_id: UUID) -> None:
    """Carries an erasure out, or on; when it returns, the request is completed, held, or was not to be carried out."""
    begun = await _begin(means, request_id)
    if begun is None:
        return
    async with means.database.as_service() as transaction:
        steps = await store.list_steps(transaction, request_id)
    for step in steps:
        if step.finished_at is None:
            await _carry_out(begun, (step.table_name, step.rule), is_first=step.rows_found == 0)
    await _finish(begun)


async def _begin(means: Means, request_id: UUID) -> _Erasure | None:
    async with means.database.as_service() as transaction:
        request = await store.lock_request(transaction, request_id)
        sealed = await store.sealed_contacts(transaction, request_id)
        if request.status != "running" or sealed is None:
            return None
        person = open_person(means.box, request_id, sealed)
        rules = {rule.step: rule for rule in await read_rules(transaction)}
        found = await _known(transaction, request, person)
        if found is None:
            try:
                found = await refuse_if_kept(transaction, person, secrets=means.secrets)
            except UnderLegalHold:
                await store.set_status(transaction, request_id, "held", now=means.clock.now())
                return None
            await _keep(means, transaction, request, found)
        walk = await Walk.of(transaction, found)
        named = [step for step, rule in rules.items() if rule.erases and walk.leads_to(rule)]
        account = [ACCOUNT] if person.user_id and request.restaurant_id is None else []
        await store.add_steps(transaction, request_id, [*named, *account, FILES])
        return _Erasure(means, request, found.person, walk, rules)


async def _known(transaction: Transaction, request: PrivacyRequest, person: Person) -> Found | None:
    """What an earlier run found."""
    keys: dict[str, list[str]] = defaultdict(list)
    for kind, key in await store.list_keys(transaction, request.id):
        keys[kind].append(key)
    if not keys:
        return None
    return Found(person, {**keys, "contact": list(person.contacts)})


async def _keep(means: Means, transaction: Transaction, request: PrivacyRequest, found: Found) -> None:
    """Keeps what leads to the rows, the tombstones and the sums before anything goes."""
    now = means.clock.now()
    await withdraw_consents(transaction, found, request, at=now)
    await store.keep_keys(transaction, request.id, found.keys)
    await store.keep_sealed(transaction, request.id, seal_person(means.box, request.id, found.person), now=now)
    scope = [request.restaurant_id] if request.restaurant_id else None
    before = await store.bookkeeping_of(transaction, scope, found.keys["order"])
    await store.note_outcome(transaction, request.id, {"before": asdict(before)}, now=now)
    graves = tombstones_of(found.person, request.id, secrets=means.secrets, at=now)
    await store.add_tombstones(transaction, graves)
    write_ledger(means, graves)


async def _carry_out(erasure: _Erasure, step: tuple[str, str], *, is_first: bool) -> None:
    more = True
    while more:
        async with erasure.means.database.as_service() as transaction:
            done = await _batch(erasure, transaction, step, first=is_first)
            await store.count_step(
                transaction,
                erasure.request.id,
                table=step[0],
                rule=step[1],
                now=erasure.means.clock.now(),
                found=done.found,
                changed=done.changed,
                deleted=done.deleted,
                finished=not done.more,
            )
        more, is_first = done.more, False


async def _batch(erasure: _Erasure, transaction: Transaction, step: tuple[str, str], *, first: bool) -> Done:
    if step == ACCOUNT:
        gone = int(await store.erase_account(transaction, erasure.person.user_id)) if erasure.person.user_id else 0
        return Done(found=gone, deleted=gone)
    if step == FILES:
        return await _erase_files(erasure, transaction)
    rule = erasure.rules.get(step)
    return await erasure.walk.erase(transaction, rule, first=first) if rule else Done()


async def _erase_files(erasure: _Erasure, transaction: Transaction) -> Done:
    means, request = erasure.means, erasure.request
    names = await store.forget_hints(transaction, request, erasure.walk.keys.get("subject", ()), now=means.clock.now())
    gone = files.delete_exports(means, names) + files.erase_mails(means, contact_pattern(erasure.person))
    return Done(found=gone, deleted=gone)


async def _finish(erasure: _Erasure) -> None:
    """Looks once more, writes the outcome, and forgets what led to the rows."""
    means, request = erasure.means, erasure.request
    async with means.database.as_service() as transaction:
        request = await store.lock_request(transaction, request.id)
        if request.status != "running":
            return
        left = {}
        for rule in erasure.rules.values():
            if rule.kind == "text" and (rows := await erasure.walk.count_mentions(transaction, rule)):
                left[rule.table.name] = rows
        orders = erasure.walk.keys.get("order", ())
        after = await store.bookkeeping_of(transaction, erasure.scope, orders)
        outcome = {**await _outcome(erasure, transaction), "after": asdict(after), "left": left}
        outcome["difference_ore"] = _difference(request.outcome or {}, after)
        await store.forget_keys(transaction, request.id)
        await store.complete(transaction, request.id, outcome, now=means.clock.now(), forget=True)
        await record(
            transaction,
            "erasure_completed",
            "A person's data were erased on request.",
            at=means.clock.now(),
            restaurant_id=request.restaurant_id,
            performed_by=request.decided_by,
            subject=request.subject,
            legal_basis="Art. 17 GDPR",
            facts={"request": str(request.id), "left": left, "difference_ore": outcome["difference_ore"]},
        )


async def _outcome(erasure: _Erasure, transaction: Transaction) -> dict[str, object]:
    steps = await store.list_steps(transaction, erasure.request.id)
    touched = {step.table_name for step in steps if step.rows_found or step.rows_changed or step.rows_deleted}
    return {
        "steps": [
            {
                "table": step.table_name,
                "rule": step.rule,
                "found": step.rows_found,
                "changed": step.rows_changed,
                "deleted": step.rows_deleted,
            }
            for step in steps
        ],
        "kept": [
            {"table": rule.table.name, "column": column.column, "reason": column.keep_reason}
            for rule in erasure.rules.values()
            for column in rule.kept
            if rule.table.name in touched or erasure.walk.leads_to(rule)
        ],
        "has_namesake": bool(erasure.person.names) and erasure.walk.names is None,
    }


def _difference(outcome: Mapping[str, object], after: Bookkeeping) -> int:
    """The sum of all differences to the sums before, in øre."""
    before = outcome.get("before")
    if not isinstance(before, dict):
        return 0
    return sum(abs(int(before[name]) - value) for name, value in asdict(after).items())
