"""Reads and writes that are not in a hurry: site keys, salts, partitions."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flow.collect.events.types import SiteKey
from flow.database.queries import load_queries
from flow.database.transaction import Transaction

_queries = load_queries(__package__)


async def find_site_key(transaction: Transaction, restaurant_id: UUID, key: str) -> SiteKey | None:
    """The site key, if it is valid."""
    return await transaction.one_or_none(_queries.find_site_key, SiteKey, restaurant_id=restaurant_id, key=key)


async def find_site(transaction: Transaction, restaurant_id: UUID) -> SiteKey:
    """The restaurant as ingest knows it; NotFound when there is none."""
    return await transaction.one(_queries.find_site, SiteKey, restaurant_id=restaurant_id)


async def add_salt(transaction: Transaction, day: date, salt: bytes) -> None:
    """Keeps `salt` for the day, unless it has one."""
    await transaction.execute(_queries.add_salt, day=day, salt=salt)


async def find_salt(transaction: Transaction, day: date) -> bytes | None:
    """The day's salt, 32 bytes; None once it is forgotten."""
    salt = await transaction.value(_queries.find_salt, day=day)
    return None if salt is None else bytes(salt)


async def forget_salts(transaction: Transaction, *, first_kept: date) -> int:
    """Deletes older salts; how many."""
    return await transaction.execute(_queries.forget_salts, first_kept=first_kept)


async def make_partitions(transaction: Transaction, parent: str, *, first_month: date, last_month: date) -> int:
    """Makes the missing months of a table; how many."""
    made = await transaction.value(
        _queries.make_partitions, parent=parent, first_month=first_month, last_month=last_month
    )
    return int(made)
