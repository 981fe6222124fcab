"""The ways on from a figure about other systems: the rows behind it, and its files."""

from __future__ import annotations

from urllib.parse import urlencode

from flow.analytics.metrics.types import AnswerRow, Breakdown, Metric
from flow.delivery.connections.types import Behind
from flow.delivery.dashboards.links import Links, days_of
from flow.delivery.dashboards.types import Selection
from flow.kit.period import Period

__all__ = ["PAGE", "ConnectionLinks"]

PAGE = "/integrations"
_BEHIND: dict[str, Behind] = {
    "provider_calls": "calls",
    "incoming_webhooks": "incoming",
    "outgoing_webhooks": "outgoing",
}
_WITHOUT_ROWS = frozenset({"incoming_refused"})
_OUTCOMES = {"incoming_parked": "parked", "incoming_parked_rate": "parked"}
_NOW = {"queue_waiting": "#systems", "queue_lag": "#systems", "system_silence": "#systems", "quiet_systems": "#systems"}


class ConnectionLinks(Links):
    """Addresses for one selection; whoever sees the page may see the rows."""

    def __init__(self, selection: Selection, behind: Behind | None = None) -> None:
        super().__init__(selection, frozenset())
        self._behind = behind

    def behind(self, metric: Metric) -> str:
        """The rows that a metric counts, of the selected days; what is about now leads to the table of systems."""
        if metric.key in _NOW:
            return _NOW[metric.key]
        kind = None if metric.key in _WITHOUT_ROWS else _BEHIND.get(metric.source)
        return self.rows(kind, outcome=_OUTCOMES.get(metric.key, "")) if kind else ""

    def of_row(self, row: AnswerRow, breakdown: Breakdown, within: Period) -> str:
        """The rows of one day, week or month of a course."""
        if self._behind is None or breakdown not in {"day", "week", "month"}:
            return ""
        return self.rows(self._behind, days_of(row.key, breakdown, within))

    def rows(self, behind: Behind, days: Period | None = None, *, party: str = "", outcome: str = "") -> str:
        """The list of calls or webhooks."""
        shown = days or self._selection.period.days
        where = {
            "restaurant": self._selection.selected.id,
            "from": shown.first.isoformat(),
            "to": shown.last.isoformat(),
            "party": party,
            "outcome": outcome,
        }
        return f"{PAGE}/{behind}?{urlencode({name: value for name, value in where.items() if value})}"

    def files(self, tile: str) -> dict[str, str]:
        """The tile as files, by kind."""
        return {kind: f"{PAGE}/tiles/{tile}.{kind}?{self._selection.query}" for kind in ("csv", "xlsx", "png")}
