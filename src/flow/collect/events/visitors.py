"""Who a visitor is: the lasting id after consent; before it an id that nobody can trace back after two days.

The cookieless id is a keyed hash of restaurant, address and user agent under a salt of the restaurant's business day.
Salts live in the database, so that all processes agree, and are deleted when they are two days old. The address is used
here and forgotten: it is neither stored nor logged.
"""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b
from typing import Final

from flow.collect.events import store
from flow.collect.events.types import Microseconds, instant, microseconds
from flow.database.pool import Database
from flow.kit.days import BusinessCalendar

__all__ = ["CARRY_OVER", "Today", "Visitors", "business_day"]

CARRY_OVER: Final = timedelta(hours=3) // timedelta(microseconds=1)
"""For how long into a business day a visit may still go on that began the day before."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Today:
    """The present business day of a calendar."""

    day: date
    began: Microseconds
    ends: Microseconds


class Visitors:
    """Makes cookieless ids; keeps the salts of the days that are asked for."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._salts: dict[date, bytes | None] = {}
        self._lock = asyncio.Lock()

    async def cookieless_ids(
        self, restaurant: bytes, address: str, user_agent: str, *, today: Today, now: Microseconds
    ) -> tuple[bytes, bytes | None]:
        """The visitor's id of today, and that of yesterday while a visit may still span the two."""
        secret = restaurant + address.encode("utf-8", "replace") + b"\0" + user_agent.encode("utf-8", "replace")
        salt = self._salts.get(today.day) or await self._salt(today.day, make=True)
        assert salt is not None
        identifier = _digest(salt, secret)
        if now - today.began > CARRY_OVER:
            return identifier, None
        yesterday = await self._salt(today.day - _DAY, make=False)
        return identifier, _digest(yesterday, secret) if yesterday else None

    async def _salt(self, day: date, *, make: bool) -> bytes | None:
        """The day's salt: made if need be, or None when there is none any more."""
        if day in self._salts and (self._salts[day] or not make):
            return self._salts[day]
        async with self._lock, self._database.as_service() as transaction:
            if make:
                await store.add_salt(transaction, day, secrets.token_bytes(32))
            self._salts[day] = await store.find_salt(transaction, day)
        self._salts = {each: salt for each, salt in self._salts.items() if each >= day - 2 * _DAY}
        return self._salts[day]


def _digest(salt: bytes, secret: bytes) -> bytes:
    """16 bytes that are a UUID of version 8, the one for ids of one's own making."""
    digest = bytearray(blake2b(secret, key=salt, digest_size=16).digest())
    digest[6] = digest[6] & 0x0F | 0x80
    digest[8] = digest[8] & 0x3F | 0x80
    return bytes(digest)


_today: dict[BusinessCalendar, Today] = {}


def business_day(calendar: BusinessCalendar, now: Microseconds) -> Today:
    """The business day of `now`, kept until it ends: asking a time zone takes longer than all else here."""
    today = _today.get(calendar)
    if today is None or not today.began <= now < today.ends:
        day = calendar.business_day(instant(now))
        began, ends = calendar.bounds(day)
        today = _today[calendar] = Today(day, microseconds(began), microseconds(ends))
    return today
