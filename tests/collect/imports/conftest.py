"""A till whose files are written by the test, and a restaurant to import them into."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from flow.collect.imports.service import Wish, import_orders
from flow.collect.imports.types import BadRow, Import, Outcome, Progress
from flow.database.installation import Installation
from flow.database.pool import Database
from flow.kit.clock import FixedClock
from tests.connections import kept_connection
from tests.factories import make_restaurant

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
MAPPING = """
source = "till"

[files.orders]
role = "orders"
match = "orders*"

[files.lines]
role = "lines"
match = "lines*"

[order]
number = "order"
date = "date"
time = "time"

[line]
id = "id"
product = "sku"
name = "name"
category = "category"
quantity = "quantity"
unit_price = "price"
"""
ORDERS = "order,date,time"
LINES = "id,order,sku,name,category,quantity,price"
FLAT_MAPPING = """
source = "till"

[files.sales]
role = "lines"

[order]
number = "receipt"
ordered_at = "at"

[line]
name = "name"
quantity = "quantity"
amount = "amount"
"""
FLAT = "receipt,at,name,quantity,amount"


@dataclass
class Till:
    """Writes files, imports them, and looks at what came of it."""

    folder: Path
    database: Database
    installation: Installation
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOW))

    def write(self, name: str, *lines: str, encoding: str = "utf-8") -> Path:
        path = self.folder / name
        path.write_bytes("\n".join([*lines, ""]).encode(encoding))
        return path

    async def run(
        self,
        *paths: Path,
        mapping: str = MAPPING,
        strict: bool = False,
        dry_run: bool = False,
        report: Callable[[Progress], None] = lambda _: None,
    ) -> Outcome:
        file = self.folder / "mapping.toml"
        file.write_text(mapping, "utf-8")
        wish = Wish(paths=paths, restaurant_slug="napoli", mapping_name=str(file), strict=strict, dry_run=dry_run)
        return await import_orders(self.database, wish, clock=self.clock, report=report)

    async def orders_and_lines(self, orders: Sequence[str], lines: Sequence[str], **how: bool) -> Outcome:
        """Imports an orders file and a lines file with these rows."""
        return await self.run(self.write("orders.csv", ORDERS, *orders), self.write("lines.csv", LINES, *lines), **how)

    async def flat(self, *rows: str) -> Outcome:
        """Imports one file of lines with these rows."""
        return await self.run(self.write("sales.csv", FLAT, *rows), mapping=FLAT_MAPPING)

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with kept_connection(self.installation.owner_url) as connection:
            return connection.execute(sql.encode()).fetchall()


def written(outcome: Outcome) -> Import:
    """The import that was made."""
    assert outcome.written is not None
    return outcome.written


def reasons(outcome: Outcome) -> list[tuple[str, int, str]]:
    """Where and why rows were not taken."""
    return [(row.file, row.line, row.reason) for row in outcome.bad_rows]


@pytest.fixture
def till(tmp_path: Path, installation: Installation, database: Database) -> Till:
    make_restaurant(installation.owner_url)
    return Till(tmp_path, database, installation)


__all__ = ["BadRow", "Till", "reasons", "written"]
