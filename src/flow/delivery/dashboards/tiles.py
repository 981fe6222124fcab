"""Makes tiles out of answers: the figure, its comparison or why there is none, its picture, and the ways on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode

from flow.analytics.metrics.catalogue import METRICS
from flow.analytics.metrics.types import Answer, AnswerRow, Unit, Value, relative_change
from flow.delivery.dashboards import labels
from flow.delivery.dashboards.types import Selection, Step, Tile, TileComparison
from flow.kit.money import Money
from flow.web.i18n import Translator

_MOST_PARTS = 6
_EXPORTS = ("csv", "xlsx", "png")


class TileMaker:
    """Makes the tiles of one page, in one language."""

    def __init__(self, selection: Selection, words: Translator, now: datetime) -> None:
        self._selection = selection
        self._words = words
        self._now = now

    def number(self, key: str, answer: Answer, metric: str, *, cumulative: bool = False, elapsed: float = 1.0) -> Tile:
        """A figure with a line of its course, where the answer has one."""
        tile = self._figure(Tile(key, self._title(metric), "number", METRICS[metric].unit, ""), answer, metric)
        series = self._steps(answer, metric) if answer.rows else ()
        return replace(tile, series=series, cumulative=cumulative, elapsed=elapsed, rows_href=self._rows(key))

    def bars(self, key: str, answer: Answer, metric: str) -> Tile:
        """A bar for each day, week or month."""
        tile = self._figure(Tile(key, self._title(metric), "bars", METRICS[metric].unit, ""), answer, metric)
        days = self._words.period(answer.question.period)
        return replace(
            tile,
            title=f"{tile.title} · {days}",
            series=self._steps(answer, metric),
            rows_href=self._rows(key),
        )

    def ranking(self, key: str, answer: Answer, metric: str, second: str) -> Tile:
        """The largest rows, as lying bars, with a second figure."""
        title = self._words.gettext("Top products")
        tile = self._figure(Tile(key, title, "hbars", METRICS[metric].unit, ""), answer, metric)
        steps = tuple(
            replace(self._step(row, answer, metric), second_text=self._text(row.values[second]))
            for row in answer.rows
            if row.values[metric]
        )
        empty = None if steps else self._words.gettext("The products sold most appear here with the first order.")
        return replace(tile, series=steps, empty=tile.empty or empty, rows_href=self._rows(key))

    def shares(self, key: str, answer: Answer, metric: str, second: str) -> Tile:
        """Parts of a whole, as a ring."""
        title = self._words.gettext("Channels")
        tile = self._figure(Tile(key, title, "donut", METRICS[metric].unit, ""), answer, metric)
        rows = sorted((row for row in answer.rows if row.values[metric]), key=lambda row: -_number(row.values[metric]))
        steps = [replace(self._step(row, answer, metric), second_text=self._text(row.values[second])) for row in rows]
        steps = self._with_others(steps)
        empty = None if steps else self._words.gettext("Where orders come from appears here with the first order.")
        definition = self._words.gettext(
            "Orders by the channel of the last visit before the order. Orders without a known visit count as unknown."
        )
        return replace(
            tile, series=tuple(steps), definition=definition, empty=tile.empty or empty, rows_href=self._rows(key)
        )

    def gauge(self, key: str, answer: Answer, metric: str) -> Tile:
        """A share from 0 to 100 %, honest about having no data yet."""
        tile = self._figure(Tile(key, self._title(metric), "gauge", METRICS[metric].unit, ""), answer, metric)
        if tile.value is not None:
            return tile
        empty = self._words.gettext(
            "No conversations yet. When an AI agent takes orders for you, the share of conversations that end in an "
            "order appears here."
        )
        return replace(tile, empty=empty)

    def kitchen(self, active: Mapping[str, int], statuses: tuple[str, ...]) -> Tile:
        """Orders on their way, split by status."""
        total = sum(active.values())
        steps = tuple(
            Step(
                label=labels.status(status, self._words),
                value=active.get(status, 0),
                value_text=self._words.integer(active.get(status, 0)),
                href=self._orders(status=status),
            )
            for status in statuses
        )
        return Tile(
            key="active",
            title=self._title("active_orders"),
            kind="live",
            unit="count",
            definition=self._words.gettext(METRICS["active_orders"].definition),
            value=total,
            value_text=self._words.integer(total),
            series=steps,
            as_of=self._now,
            live=True,
            freshness_text=self._words.gettext("Live"),
            rows_href=self._orders(status="active"),
            export=self._export("active"),
        )

    def count_now(self, key: str, count: int) -> Tile:
        """A figure of this minute."""
        return Tile(
            key=key,
            title=self._words.gettext("Visitors now"),
            kind="number",
            unit="count",
            definition=self._words.gettext("Visitors of whom an event arrived within the last five minutes."),
            value=count,
            value_text=self._words.integer(count),
            as_of=self._now,
            live=True,
            freshness_text=self._words.gettext("Live"),
            export=self._export(key),
        )

    def _figure(self, tile: Tile, answer: Answer, metric: str) -> Tile:
        """The parts that every metric's tile has."""
        value = answer.totals[metric]
        reason = answer.blanks.get(metric)
        comparison = self._comparison(answer, metric)
        return replace(
            tile,
            definition=self._words.gettext(METRICS[metric].definition),
            value=None if value is None else _number(value),
            value_text=self._text(value, tile.unit),
            comparison=comparison,
            comparison_blank=None if comparison else self._comparison_blank(answer, metric),
            as_of=answer.freshness.as_of,
            live=answer.freshness.live,
            freshness_text=self._freshness(answer),
            stale=self._stale(answer),
            empty=labels.blank(reason, self._words) if reason else None,
            export=self._export(tile.key),
        )

    def _comparison(self, answer: Answer, metric: str) -> TileComparison | None:
        if answer.comparison is None:
            return None
        value = answer.comparison.like_for_like[metric]
        if value is None:
            return None
        label = self._selection.comparison.label
        if answer.comparison.so_far is not None:
            label = self._words.gettext("%(period)s, so far", period=label)
        return TileComparison(
            value=_number(value),
            value_text=self._text(value, METRICS[metric].unit),
            change=relative_change(answer.totals[metric], value),
            label=label,
        )

    def _comparison_blank(self, answer: Answer, metric: str) -> str | None:
        if answer.comparison is None:
            return None
        reason = answer.comparison.blanks.get(metric)
        text = labels.blank(reason, self._words) if reason else self._words.gettext("Nothing to compare with")
        return f"{self._selection.comparison.label}: {text}"

    def _steps(self, answer: Answer, metric: str) -> tuple[Step, ...]:
        return tuple(self._step(row, answer, metric) for row in answer.rows)

    def _step(self, row: AnswerRow, answer: Answer, metric: str) -> Step:
        unit = METRICS[metric].unit
        breakdown = answer.question.breakdown
        assert breakdown is not None
        value = row.values[metric]
        compared = row.compared[metric] if row.compared else None
        return Step(
            label=labels.short_label(row, breakdown, self._words, among=len(answer.rows)),
            long_label=labels.long_label(row, breakdown, self._words),
            value=None if value is None else _number(value),
            value_text=self._text(value, unit),
            compare=None if compared is None else _number(compared),
            compare_text="" if compared is None else self._text(compared, unit),
            href=self._href(row, breakdown),
            partial=row.is_running,
        )

    def _with_others(self, steps: list[Step]) -> list[Step]:
        """The largest parts, the rest as one: a ring of many colours tells nothing."""
        if len(steps) <= _MOST_PARTS:
            return steps
        shown, others = steps[: _MOST_PARTS - 1], steps[_MOST_PARTS - 1 :]
        value = sum(step.value or 0 for step in others)
        return [*shown, Step(self._words.gettext("Others"), value, self._words.integer(round(value)))]

    def _href(self, row: AnswerRow, breakdown: str) -> str:
        match breakdown:
            case "day":
                return self._orders(**{"from": row.key, "to": row.key})
            case "product":
                return self._orders(product=row.key)
            case "last_touch":
                return self._orders(touch=row.key or "unknown")
            case "hour":
                return self._orders(hour=row.key)
            case _:
                return ""

    def _rows(self, key: str) -> str:
        return self._visits() if key in ("visitors", "conversion", "capture") else self._orders()

    def _orders(self, **more: str) -> str:
        return "/orders?" + urlencode({**self._where(), **more})

    def _visits(self) -> str:
        return "/visits?" + urlencode(self._where())

    def _where(self) -> dict[str, str]:
        days = self._selection.period.days
        return {
            "restaurant": self._selection.selected.id,
            "from": days.first.isoformat(),
            "to": days.last.isoformat(),
        }

    def _export(self, key: str) -> dict[str, str]:
        return {kind: f"/dashboard/tiles/{key}.{kind}?{self._selection.query}" for kind in _EXPORTS}

    def _title(self, metric: str) -> str:
        return self._words.gettext(METRICS[metric].title)

    def _text(self, value: Value, unit: Unit | None = None) -> str:
        match value:
            case None:
                return "–"
            case Money():
                return self._words.money(value, compact=True)
            case _ if unit == "ratio":
                return self._words.percent(value)
            case _ if unit == "seconds":
                return self._words.duration(value)
            case float():
                return self._words.decimal(value)
            case _:
                return self._words.integer(value)

    def _freshness(self, answer: Answer) -> str:
        if answer.freshness.live:
            return self._words.gettext("Live")
        return self._words.ago(answer.freshness.as_of, self._now)

    def _stale(self, answer: Answer) -> str | None:
        days = answer.freshness.waiting_days
        if not days:
            return None
        return self._words.ngettext(
            "Changes of %(count)s day are being counted.",
            "Changes of %(count)s days are being counted.",
            days,
            count=days,
        )


def _number(value: Money | float | None) -> float:
    """The figure to draw; money in øre."""
    if isinstance(value, Money):
        return value.amount
    return value or 0
