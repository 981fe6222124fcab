"""What every list needs before it reads a row: whose rows, of which days, and may the reader see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import Request

from flow.database.transaction import Transaction
from flow.delivery.dashboards import store
from flow.delivery.dashboards.choices import choose, groups
from flow.delivery.dashboards.types import DashboardRestaurant, Selected
from flow.delivery.rows.filters import Filters
from flow.delivery.rows.types import Wanted
from flow.errors import InvalidInput, NotAllowed
from flow.kit.period import Period
from flow.web.i18n import Translator
from flow.web.pages import translator
from flow.web.places import places
from flow.web.services import services

ROWS_AT_MOST = 100_000
"""What a file holds: Excel opens it, and making it does not weigh on the pages of others."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The list that an address asks for; `days` is None for what is underway now."""

    filters: Filters
    selected: Selected
    choices: list[DashboardRestaurant]
    days: Period | None
    today: Period
    wanted: Wanted
    words: Translator

    def page(self, transaction: Transaction, path: str) -> dict[str, Any]:
        """What the templates of all lists show."""
        return {
            "selected": self.selected,
            "choices": [*groups(self.choices, self.words), *self.choices] if len(self.choices) > 1 else [],
            "filters": self.filters,
            "days": self.days,
            "period_text": self.words.period(self.days) if self.days else self.words.gettext("Last 24 hours"),
            "back_href": f"/dashboard?{self._dashboard_query()}",
            "export": {kind: f"{path}/export.{kind}?{self.filters.query()}" for kind in ("csv", "xlsx")},
            "zone": self.selected.time_zone,
            "places": places(transaction, self.selected.id, self.words),
        }

    def _dashboard_query(self) -> str:
        where = {"restaurant": self.selected.id}
        if self.days is None or self.days == self.today:
            return urlencode(where)
        days = {"from": self.days.first.isoformat(), "to": self.days.last.isoformat()}
        return urlencode({**where, "period": "custom", **days})


async def find_listing(request: Request, transaction: Transaction, filters: Filters, permission: str) -> Listing:
    """The listing; NotAllowed without the permission anywhere, NotFound for a restaurant where it is missing."""
    words, now = translator(request), services(request).clock.now()
    choices = await store.restaurants(transaction, permission)
    if not choices:
        raise NotAllowed
    selected = choose(choices, filters.restaurant, words)
    today = max(restaurant.calendar.business_day(now) for restaurant in selected.restaurants)
    days = filters.days(today)
    wanted = filters.wanted(selected, days, now)
    return Listing(filters, selected, choices, days, Period(today, today), wanted, words)


def check_size(rows: int) -> None:
    """InvalidInput when a file would not hold that many rows."""
    if rows > ROWS_AT_MOST:
        raise InvalidInput(f"A file holds {ROWS_AT_MOST:,} rows at most, and these are {rows:,}; choose fewer days.")
