"""One function per statement of queries.sql."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from flow.business.restaurants.profile.types import Profile
from flow.database.queries import load_queries
from flow.database.transaction import Transaction

_queries = load_queries(__package__)


async def find_profile(transaction: Transaction, restaurant_id: UUID) -> Profile:
    return await transaction.one(_queries.find_profile, Profile, restaurant_id=restaurant_id)


async def change_profile(transaction: Transaction, restaurant_id: UUID, profile: Profile, *, now: datetime) -> None:
    await transaction.execute(_queries.change_profile, restaurant_id=restaurant_id, now=now, **asdict(profile))


async def mark_all_days(transaction: Transaction, restaurant_id: UUID, *, now: datetime) -> None:
    await transaction.execute(_queries.mark_all_days, restaurant_id=restaurant_id, now=now)
