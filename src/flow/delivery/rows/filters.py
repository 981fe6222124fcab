"""What a list is narrowed to: the query of its address, the same in words, and as rows to ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Query
from pydantic import AwareDatetime

from flow.business.orders.status import ACTIVE
from flow.delivery.dashboards import labels
from flow.delivery.dashboards.links import UNKNOWN
from flow.delivery.dashboards.selection import read_day, read_days
from flow.delivery.dashboards.store import UNDERWAY_WITHIN
from flow.delivery.dashboards.types import Selected
from flow.delivery.rows.types import Before, Wanted
from flow.errors import InvalidInput
from flow.kit.period import Period
from flow.web.i18n import Translator


@dataclass(frozen=True, slots=True)
class Filters:
    """The query of a list, as it was given; empty lets all pass."""

    restaurant: str
    first: str
    last: str
    status: str
    channel: str
    touch: str
    product: UUID | None
    hour: int | None

    def query(self, **other: str) -> str:
        """The same filters as a query string, with some of them changed, or left out by an empty value."""
        given = {
            "restaurant": self.restaurant,
            "from": self.first,
            "to": self.last,
            "status": self.status,
            "channel": self.channel,
            **self.beside_the_form(),
            **other,
        }
        return urlencode({name: value for name, value in given.items() if value})

    def beside_the_form(self) -> dict[str, str]:
        """The filters that one comes to by a link alone."""
        given = {
            "touch": self.touch,
            "product": str(self.product or ""),
            "hour": "" if self.hour is None else str(self.hour),
        }
        return {name: value for name, value in given.items() if value}

    def days(self, today: date) -> Period | None:
        """The days asked for, else today; None for what is underway now, whenever it was placed."""
        if not self.first and not self.last:
            return None if self.status in (labels.UNDERWAY, *ACTIVE) else Period(today, today)
        first = read_day(self.first or self.last)
        return read_days(first, read_day(self.last) if self.last else first)

    def wanted(self, selected: Selected, days: Period | None, now: datetime) -> Wanted:
        """The rows to ask for."""
        return Wanted(
            restaurants=selected.restaurants,
            bounds=self._bounds(selected, days, now),
            status=self.status or None,
            channel=self.channel or None,
            touch="" if self.touch == UNKNOWN else self.touch or None,
            product=self.product,
        )

    def _bounds(self, selected: Selected, days: Period | None, now: datetime) -> list[tuple[datetime, datetime]]:
        calendars = [restaurant.calendar for restaurant in selected.restaurants]
        if days is None:
            return [(now - UNDERWAY_WITHIN, now + UNDERWAY_WITHIN) for _ in calendars]
        if self.hour is None:
            return [calendar.span(days) for calendar in calendars]
        if len(days) > 1:
            raise InvalidInput("An hour is one of a single day.")
        return [calendar.hour(days.first, self.hour) for calendar in calendars]


def filters(
    restaurant: Annotated[str, Query(max_length=36)] = "",
    first: Annotated[str, Query(alias="from", max_length=10)] = "",
    last: Annotated[str, Query(alias="to", max_length=10)] = "",
    status: Annotated[str, Query(max_length=20)] = "",
    channel: Annotated[str, Query(max_length=30)] = "",
    touch: Annotated[str, Query(max_length=30)] = "",
    product: UUID | None = None,
    hour: Annotated[int | None, Query(ge=0, le=23)] = None,
) -> Filters:
    """The query as FastAPI reads it."""
    if status and status not in labels.STATUSES:
        raise InvalidInput(f"There is no such status; choose one of {', '.join(labels.STATUSES)}.")
    return Filters(restaurant, first, last, status, channel, touch, product, hour)


def before(before_at: AwareDatetime | None = None, before_id: UUID | None = None) -> Before:
    """Where the page before ended."""
    if (before_at is None) != (before_id is None):
        raise InvalidInput("before_at and before_id belong together.")
    return Before(before_at, before_id)


Wished = Annotated[Filters, Depends(filters)]
After = Annotated[Before, Depends(before)]


def in_words(wished: Filters, product: str | None, words: Translator) -> list[tuple[str, str]]:
    """What the form does not show of the filters, each with the query that is without it."""
    found = []
    if wished.touch:
        touch = labels.channel("" if wished.touch == UNKNOWN else wished.touch, words)
        found.append((words.gettext("Came by: %(channel)s", channel=touch), wished.query(touch="")))
    if wished.hour is not None:
        hour = words.gettext("%(hour)s:00–%(hour)s:59", hour=f"{wished.hour:02}")
        found.append((hour, wished.query(hour="")))
    if wished.product:
        found.append((product or words.gettext("A product that is gone"), wished.query(product="")))
    return found
