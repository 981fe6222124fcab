"""Changing a restaurant's profile."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flow.access.audit import note
from flow.business.restaurants.profile import store
from flow.business.restaurants.profile.types import Profile
from flow.database.transaction import Transaction

_CALENDAR = {"time_zone", "business_day_cutoff_hour"}


async def change_profile(
    transaction: Transaction, service: Transaction, restaurant_id: UUID, profile: Profile, *, by: UUID, at: datetime
) -> list[str]:
    """The fields that changed. In `transaction` of who may; the audit log names the fields, not what is in them.

    When the business day begins elsewhere, all days are marked for a new roll-up.
    """
    changed = profile.differs_in(await store.find_profile(transaction, restaurant_id))
    if not changed:
        return []
    await store.change_profile(transaction, restaurant_id, profile, now=at)
    if _CALENDAR & set(changed):
        await store.mark_all_days(transaction, restaurant_id, now=at)
    await note(
        service,
        "restaurant_changed",
        "What a restaurant tells of itself was changed.",
        at=at,
        by=by,
        restaurant=restaurant_id,
        facts={"fields": changed},
    )
    return changed
