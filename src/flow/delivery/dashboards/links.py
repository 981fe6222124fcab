"""The ways on from a tile: the rows behind its figure, and its files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from urllib.parse import urlencode

from flow.analytics.metrics.types import AnswerRow, Breakdown, Metric
from flow.delivery.dashboards.labels import first_day
from flow.delivery.dashboards.types import Selection
from flow.kit.period import Period

UNKNOWN = "unknown"
"""In addresses: the value of orders that no visit is known of."""
_EXPORTS = ("csv", "xlsx", "png")


class Links:
    """Addresses for one selection; empty where the reader may not see the rows (`readable` are their permissions)."""

    def __init__(self, selection: Selection, readable: frozenset[str]) -> None:
        self._selection = selection
        self._readable = readable

    def behind(self, metric: Metric) -> str:
        """The rows that a metric counts; none for those that nobody lists."""
        if metric.key == "capture_rate":
            return self.quality()
        match metric.source:
            case "orders":
                return self.orders()
            case "visits":
                return self.visits()
            case _:
                return ""

    def orders(self, days: Period | None = None, **filters: str) -> str:
        """The orders of these days, else of the selected ones."""
        return self._rows("orders.read", "/orders", days, filters)

    def visits(self) -> str:
        """The visits of the selected days."""
        return self._rows("behaviour.read", "/visits")

    def quality(self) -> str:
        """What was lost or dropped in the selected days."""
        return self._rows("quality.read", "/quality")

    def kitchen(self, status: str) -> str:
        """Orders underway now, whatever days are selected."""
        return "/orders?" + urlencode({"restaurant": self._selection.selected.id, "status": status})

    def of_row(self, row: AnswerRow, breakdown: Breakdown, within: Period) -> str:
        """The orders that one bar, slice or line point counts; `within` are the days that were asked for."""
        match breakdown:
            case "day" | "week" | "month":
                return self.orders(days_of(row.key, breakdown, within))
            case "hour":
                return self.orders(hour=row.key)
            case "product":
                return self.orders(product=row.key)
            case "last_touch":
                return self.orders(touch=row.key or UNKNOWN)
            case _:
                return ""

    def files(self, tile: str) -> dict[str, str]:
        """The tile as files, by kind."""
        return {kind: f"/dashboard/tiles/{tile}.{kind}?{self._selection.query}" for kind in _EXPORTS}

    def _rows(
        self, permission: str, path: str, days: Period | None = None, filters: Mapping[str, str] = MappingProxyType({})
    ) -> str:
        if permission not in self._readable:
            return ""
        shown = days or self._selection.period.days
        where = {
            "restaurant": self._selection.selected.id,
            "from": shown.first.isoformat(),
            "to": shown.last.isoformat(),
        }
        return f"{path}?{urlencode({**where, **filters})}"


def days_of(key: str, breakdown: Breakdown, within: Period) -> Period:
    """The days of one row of days, weeks or months, as far as they lie within what was asked for."""
    first = first_day(key, breakdown)
    return Period(max(first, within.first), min(_last_day(first, breakdown), within.last))


def _last_day(first: date, breakdown: Breakdown) -> date:
    match breakdown:
        case "week":
            return first + timedelta(days=6)
        case "month":
            return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        case _:
            return first
