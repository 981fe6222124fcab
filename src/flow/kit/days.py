"""The business day: a restaurant's day runs from its cut-off hour to the next, in its own zone.

A guest who pays at 01:30 on Saturday night belongs to Friday. Every day has 24 hours but
two a year, where daylight saving time makes it 23 or 25.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flow.kit.period import PERIOD_NAMES, Period, PeriodName

__all__ = ["PERIOD_NAMES", "BusinessCalendar", "Period", "PeriodName"]

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """Maps instants to business days and back.

    `time_zone` is an IANA name, `cutoff_hour` the local hour (0 to 23) at which a new day
    begins. An unknown zone or hour raises ValueError.
    """

    time_zone: str = "Europe/Copenhagen"
    cutoff_hour: int = 4

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.time_zone)
        except (KeyError, ValueError, OSError) as cause:
            raise ValueError(f"unknown time zone {self.time_zone!r}") from cause
        if self.cutoff_hour not in range(24):
            raise ValueError(f"the cut-off hour is 0 to 23, not {self.cutoff_hour}")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def business_day(self, at: datetime) -> date:
        """The business day that the aware time `at` belongs to."""
        if at.tzinfo is None:
            raise ValueError(f"a business day needs an aware time, not {at.isoformat()}")
        day = (at.astimezone(self.zone) - timedelta(hours=self.cutoff_hour)).date()
        # Where the clock is moved at the cut-off hour itself, its reading can be a day off.
        if at < self.start(day):
            return day - _DAY
        return day + _DAY if at >= self.start(day + _DAY) else day

    def start(self, day: date) -> datetime:
        """The first instant of `day`, in UTC."""
        return datetime.combine(day, time(self.cutoff_hour), self.zone).astimezone(UTC)

    def bounds(self, day: date) -> tuple[datetime, datetime]:
        """`day` as instants in UTC: from the first, up to but not including the second."""
        return self.start(day), self.start(day + _DAY)

    def span(self, period: Period) -> tuple[datetime, datetime]:
        """`period` as instants in UTC: from the first, up to but not including the second."""
        return self.start(period.first), self.start(period.last + _DAY)

    def days(self, first: date, last: date) -> Iterator[tuple[date, datetime, datetime]]:
        """Every business day from `first` to `last`, both included, with its bounds in UTC."""
        for day in Period(first, last):
            yield day, *self.bounds(day)

    def hour(self, day: date, hour: int) -> tuple[datetime, datetime]:
        """One hour of the local clock within business day `day`, as instants in UTC.

        Hours before the cut-off lie on the next calendar day. Where the clock is set back the
        hour lasts twice as long; one that is skipped is empty.
        """
        local = datetime.combine(day if hour >= self.cutoff_hour else day + _DAY, time(hour), self.zone)
        past = local.replace(tzinfo=None) + timedelta(hours=1)
        return local.astimezone(UTC), max(local.astimezone(UTC), past.replace(tzinfo=self.zone).astimezone(UTC))
