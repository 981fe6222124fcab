"""What of the audit log a reader looks at: a restaurant or the platform, and some days of its clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from flow.errors import InvalidInput, NotFound
from flow.kit.days import BusinessCalendar
from flow.kit.period import Period
from flow.privacy.audit.types import Shop, Wish

PLATFORM = "platform"
_PLATFORM_ZONE = "Europe/Copenhagen"
_USUAL_DAYS = 30


@dataclass(frozen=True, slots=True)
class Selection:
    """`shop` is None for the platform; days are those of the calendar, from midnight, in `time_zone`."""

    shop: Shop | None
    shops: Sequence[Shop]
    has_platform: bool
    days: Period

    @property
    def key(self) -> str:
        return str(self.shop.id) if self.shop else PLATFORM

    @property
    def restaurant_id(self) -> UUID | None:
        return self.shop.id if self.shop else None

    @property
    def time_zone(self) -> str:
        return self.shop.time_zone if self.shop else _PLATFORM_ZONE

    def wish(
        self,
        *,
        action: str | None,
        performed_by: UUID | None,
        subjects: tuple[str, ...] | None,
        before: tuple[datetime, UUID] | None,
    ) -> Wish:
        """The question to the log."""
        since, until = BusinessCalendar(self.time_zone, 0).span(self.days)
        return Wish(self.restaurant_id, since, until, action, performed_by, subjects, before)


def select(shops: Sequence[Shop], wanted: str, *, platform: bool, first: str, last: str, now: datetime) -> Selection:
    """The selection that the words of an address mean; NotFound for a restaurant that is not among `shops`."""
    shop = _shop(shops, wanted, platform=platform)
    zone = shop.time_zone if shop else _PLATFORM_ZONE
    end = _day(last) if last else BusinessCalendar(zone, 0).business_day(now)
    start = _day(first) if first else end - timedelta(days=_USUAL_DAYS - 1)
    if start > end:
        raise InvalidInput("The last day lies before the first.")
    return Selection(shop, shops, platform, Period(start, end))


def _shop(shops: Sequence[Shop], wanted: str, *, platform: bool) -> Shop | None:
    if platform and (wanted == PLATFORM or not shops):
        return None
    if not wanted:
        return shops[0]
    found = next((shop for shop in shops if str(shop.id) == wanted), None)
    if found is None:
        raise NotFound
    return found


def _day(text: str) -> date:
    try:
        return Period.parse(text).first
    except ValueError:
        raise InvalidInput("from and to are days, such as 2026-01-31.") from None
