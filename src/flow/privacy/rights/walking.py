"""Walks the rules of every table with the keys of one person: counts, erases in batches, redacts texts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from flow.database.queries import Query
from flow.database.transaction import Transaction
from flow.privacy.catalogue import CATALOGUE
from flow.privacy.rights import statements, store
from flow.privacy.rights.finding.store import has_namesake
from flow.privacy.rights.finding.types import Found
from flow.privacy.rights.patterns import contact_pattern, name_pattern, redacted
from flow.privacy.rights.tables import ERASED, Rule, rules_of, tables_of
from flow.privacy.rights.types import ColumnRow

__all__ = ["BATCH_ROWS", "Done", "Walk", "read_rules"]

BATCH_ROWS = 500


@dataclass(frozen=True, slots=True)
class Done:
    """What a batch did; `more` if there may be more to do."""

    found: int = 0
    changed: int = 0
    deleted: int = 0
    more: bool = False


async def read_rules(transaction: Transaction) -> list[Rule]:
    """The rules for the schema of this database."""
    columns = await store.list_columns(transaction)
    return rules_of(tables_of(columns), await store.list_references(transaction), CATALOGUE)


@dataclass(frozen=True, slots=True)
class Walk:
    """One person's keys, and a search pattern for free text. `before`: only what is older is touched."""

    restaurants: Sequence[UUID] | None
    keys: Mapping[str, Sequence[str]]
    contacts: str | None
    names: str | None
    before: datetime | None = None

    @classmethod
    async def of(cls, transaction: Transaction, found: Found, *, before: datetime | None = None) -> Walk:
        """The walk for a person; names are searched only where nobody else goes by them."""
        person = found.person
        scope = [person.restaurant_id] if person.restaurant_id else None
        shared = person.names and await has_namesake(
            transaction, scope, names=person.names, customers=found.keys["customer"], orders=found.keys["order"]
        )
        names = None if shared else name_pattern(person)
        return cls(scope, {**found.keys}, contact_pattern(person), names, before)

    @property
    def pattern(self) -> str | None:
        """What free text is searched for."""
        return "|".join(filter(None, (self.contacts, self.names))) or None

    def leads_to(self, rule: Rule) -> bool:
        """Whether any key could find a row by this rule."""
        if self.restaurants is not None and rule.table.tenant == "never":
            return False
        if rule.kind == "text":
            return self.pattern is not None
        return any(self.keys.get(way.kind) for way in rule.ways)

    async def count(self, transaction: Transaction, rule: Rule) -> int:
        """How many rows a rule finds; of a search those that no other rule finds."""
        if not self.leads_to(rule):
            return 0
        query = statements.count_text(rule) if rule.kind == "text" else statements.count_rows(rule)
        return int(await transaction.value(query, **_fitting(query, self.values(rule))))

    async def count_mentions(self, transaction: Transaction, rule: Rule) -> int:
        """How many rows a search finds, whoever's they are."""
        return len(await self._matching(transaction, rule)) if self.leads_to(rule) else 0

    async def erase(self, transaction: Transaction, rule: Rule, *, first: bool) -> Done:
        """One batch of a rule; on the `first` one it also says how many rows were found."""
        if not self.leads_to(rule):
            return Done()
        if rule.kind == "text":
            return await self._redact(transaction, rule)
        found = await self.count(transaction, rule) if first else 0
        if not rule.erases:
            return Done(found=found)
        query = statements.erase_batch(rule)
        values = self.values(rule) | {"most": BATCH_ROWS}
        rows = int(await transaction.value(query, **_fitting(query, values)))
        more = rows == BATCH_ROWS
        return Done(found, 0 if rule.deletes else rows, rows if rule.deletes else 0, more)

    async def _redact(self, transaction: Transaction, rule: Rule) -> Done:
        pattern = re.compile(self.pattern or "", re.IGNORECASE)
        matching = await self._matching(transaction, rule)
        for key in matching[:BATCH_ROWS]:
            await self._redact_row(transaction, rule, key, pattern)
        rows = min(len(matching), BATCH_ROWS)
        return Done(rows, 0 if rule.deletes else rows, rows if rule.deletes else 0, len(matching) > BATCH_ROWS)

    async def _matching(self, transaction: Transaction, rule: Rule) -> list[tuple[str, ...]]:
        query = statements.find_text(rule)
        return await transaction.tuples(query, **_fitting(query, self.values(rule)))

    async def _redact_row(
        self, transaction: Transaction, rule: Rule, key: Sequence[str], pattern: re.Pattern[str]
    ) -> None:
        keys: dict[str, object] = {f"key_{number}": value for number, value in enumerate(key)}
        write = statements.write_text(rule)
        if rule.deletes:
            await transaction.execute(write, **keys)
            return
        rows = await transaction.tuples(statements.read_text(rule), **keys)
        if rows:
            texts = {
                f"text_{number}": _text(column, value, pattern, key)
                for number, (column, value) in enumerate(zip(rule.texts, rows[0], strict=True))
            }
            await transaction.execute(write, **_fitting(write, keys | texts))

    def values(self, rule: Rule) -> dict[str, object]:
        """What the statements of a rule may ask for."""
        restaurants = None if self.restaurants is None else list(self.restaurants)
        return {
            "restaurants": restaurants,
            "before": self.before,
            "pattern": self.pattern,
            **{f"keys_{way.kind}": list(self.keys.get(way.kind, ())) for way in rule.ways},
        }


def _fitting(query: Query, values: Mapping[str, object]) -> dict[str, object]:
    return {name: values[name] for name in query.parameters}


def _text(column: ColumnRow, value: object, pattern: re.Pattern[str], key: Sequence[str]) -> object:
    clean = redacted(value, pattern)
    if column.type_name == "jsonb":
        return None if clean is None else Jsonb(clean)
    if column.is_unique and clean != value:  # two erased values must still differ
        return f"{ERASED} {key[-1]}"
    return clean
