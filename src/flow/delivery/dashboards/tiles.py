"""Makes tiles out of answers: the figure, its comparison or why there is none, its picture, and the ways on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from flow.analytics.metrics.catalogue import METRICS
from flow.analytics.metrics.types import Answer, AnswerRow, Value, relative_change
from flow.delivery.dashboards import figures, labels
from flow.delivery.dashboards.links import Links
from flow.delivery.dashboards.types import Kind, Selection, Step, Tile, TileComparison
from flow.web.i18n import Translator

_MOST_PARTS = 6
_SHOWN_DIGITS = 3  # of a change: 0.001 is 0,1 %


class TileMaker:
    """Makes the tiles of one page, in one language."""

    def __init__(self, selection: Selection, links: Links, words: Translator, now: datetime) -> None:
        self._comparison_key = selection.comparison.key
        self._links = links
        self._words = words
        self._now = now

    def number(self, key: str, answer: Answer, metric: str, *, cumulative: bool = False, elapsed: float = 1.0) -> Tile:
        """A figure with a line of its course, where the answer has one."""
        tile = self._figure(self._blank(key, metric, "number"), answer, metric)
        return replace(tile, series=self._steps(answer, metric), cumulative=cumulative, elapsed=elapsed)

    def bars(self, key: str, answer: Answer, metric: str) -> Tile:
        """A bar for each day, week or month."""
        tile = self._figure(self._blank(key, metric, "bars"), answer, metric)
        days = answer.question.period
        title = f"{tile.title} · {self._words.period(days)}"
        return replace(tile, title=title, series=self._steps(answer, metric), rows_href=self._links.orders(days))

    def ranking(self, key: str, answer: Answer, metric: str, second: str) -> Tile:
        """The largest rows, as lying bars, with a second figure."""
        tile = self._figure(self._blank(key, metric, "hbars"), answer, metric)
        rows = [row for row in answer.rows if row.values[metric]]
        empty = None if rows else self._words.gettext("The products sold most appear here with the first order.")
        return replace(
            self._with_second(tile, self._steps(answer, metric, rows), [row.values[second] for row in rows], second),
            title=self._words.gettext("Top products"),
            empty=tile.empty or empty,
        )

    def shares(self, key: str, answer: Answer, metric: str, second: str) -> Tile:
        """Parts of a whole, as a ring: the largest, and the rest as one, for a ring of many colours tells nothing."""
        tile = self._figure(self._blank(key, metric, "donut"), answer, metric)
        rows = sorted(answer.rows, key=lambda row: -(figures.number(row.values[metric]) or 0))
        rows = [row for row in rows if row.values[metric]]
        most = len(rows) if len(rows) <= _MOST_PARTS else _MOST_PARTS - 1
        shown, others = rows[:most], rows[most:]
        steps = list(self._steps(answer, metric, shown))
        seconds = [row.values[second] for row in shown]
        if others:
            steps.append(self._others(others, metric))
            seconds.append(figures.total([row.values[second] for row in others]))
        empty = None if rows else self._words.gettext("Where orders come from appears here with the first order.")
        return replace(
            self._with_second(tile, steps, seconds, second),
            title=self._words.gettext("Channels"),
            definition=self._words.gettext(
                "Orders by the channel of the last visit before the order. Orders without a known visit count as "
                "unknown."
            ),
            empty=tile.empty or empty,
        )

    def gauge(self, key: str, answer: Answer, metric: str) -> Tile:
        """A share from 0 to 100 %, honest about having no data yet."""
        tile = self._figure(self._blank(key, metric, "gauge"), answer, metric)
        if tile.value is not None:
            return tile
        empty = self._words.gettext(
            "No conversations yet. When an AI agent takes orders for you, the share of conversations that end in an "
            "order appears here."
        )
        return replace(tile, empty=empty)

    def failed(self, key: str, metric: str, kind: Kind) -> Tile:
        """A tile whose figure took too long."""
        reason = self._words.gettext("It took too long. Choose a shorter period, or try again shortly.")
        return replace(self._blank(key, metric, kind), error=reason, rows_href="", export={})

    def _blank(self, key: str, metric: str, kind: Kind) -> Tile:
        """What a tile says before it has a figure."""
        found = METRICS[metric]
        return Tile(
            key=key,
            title=self._words.gettext(found.title),
            kind=kind,
            unit=found.unit,
            measure=self._words.gettext(found.title),
            definition=self._words.gettext(found.definition),
            rows_href=self._links.behind(found),
            export=self._links.files(key),
        )

    def _figure(self, tile: Tile, answer: Answer, metric: str) -> Tile:
        value = answer.totals[metric]
        comparison = self._comparison(answer, metric)
        return replace(
            tile,
            value=figures.number(value),
            value_text=figures.text(value, tile.unit, self._words),
            comparison=comparison,
            compare_label=self._comparison_label(answer),
            comparison_blank=None if comparison else self._comparison_blank(answer, metric),
            as_of=answer.freshness.as_of,
            live=answer.freshness.live,
            freshness_text=self._freshness(answer),
            stale=self._stale(answer),
            empty=self._empty(answer, metric),
        )

    def _empty(self, answer: Answer, metric: str) -> str | None:
        """Why there is no figure, and what brings one."""
        reason, source = answer.blanks.get(metric), METRICS[metric].source
        if reason is None:
            return None
        if reason != "no_data_then":
            return labels.blank(reason, self._words)
        begins = answer.coverage.first_day[source]
        if begins is None:
            return labels.awaited(source, self._words)
        if len(answer.question.restaurants) > 1:  # each has a beginning of its own
            return labels.blank(reason, self._words)
        return self._words.gettext(
            "Nothing was recorded then. The data begin on %(day)s.", day=self._words.date(begins)
        )

    def _comparison(self, answer: Answer, metric: str) -> TileComparison | None:
        value = answer.comparison.like_for_like[metric] if answer.comparison else None
        if answer.comparison is None or value is None:
            return None
        label = self._comparison_label(answer)
        if answer.comparison.so_far is not None:
            label = self._words.gettext("%(period)s, so far", period=label)
        change = relative_change(answer.totals[metric], value)
        return TileComparison(
            value=figures.number(value),
            value_text=figures.text(value, METRICS[metric].unit, self._words),
            change=None if change is None else round(change, _SHOWN_DIGITS),
            label=label,
        )

    def _comparison_blank(self, answer: Answer, metric: str) -> str | None:
        if answer.comparison is None:
            return None
        reason = answer.comparison.blanks.get(metric)
        text = labels.blank(reason, self._words) if reason else self._words.gettext("Nothing to compare with")
        return f"{self._comparison_label(answer)}: {text}"

    def _comparison_label(self, answer: Answer) -> str:
        return labels.compared_with(self._comparison_key, answer.question.period, self._words)

    def _steps(self, answer: Answer, metric: str, rows: Sequence[AnswerRow] | None = None) -> tuple[Step, ...]:
        """A step for each of the rows, else for each of the answer's."""
        chosen = answer.rows if rows is None else rows
        compared = [row.compared[metric] for row in chosen if row.compared]
        whole = figures.is_large([*(row.values[metric] for row in chosen), *compared])
        return tuple(self._step(row, answer, metric, whole=whole) for row in chosen)

    def _step(self, row: AnswerRow, answer: Answer, metric: str, *, whole: bool) -> Step:
        unit, breakdown = METRICS[metric].unit, answer.question.breakdown
        assert breakdown is not None, "an answer with rows was asked by something"
        compared = row.compared[metric] if row.compared else None
        return Step(
            label=labels.short_label(row, breakdown, self._words, among=len(answer.rows)),
            long_label=labels.long_label(row, breakdown, self._words),
            value=figures.number(row.values[metric]),
            value_text=figures.text(row.values[metric], unit, self._words, whole=whole),
            compare=figures.number(compared),
            compare_text="" if compared is None else figures.text(compared, unit, self._words, whole=whole),
            href=self._links.of_row(row, breakdown, answer.question.period),
            partial=row.is_running,
        )

    def _others(self, rows: Sequence[AnswerRow], metric: str) -> Step:
        value = figures.total([row.values[metric] for row in rows])
        compared = figures.total([row.compared[metric] for row in rows if row.compared])
        return Step(
            label=self._words.gettext("Others"),
            value=figures.number(value),
            value_text=figures.text(value, METRICS[metric].unit, self._words),
            compare=figures.number(compared),
            compare_text="" if compared is None else figures.text(compared, METRICS[metric].unit, self._words),
        )

    def _with_second(self, tile: Tile, steps: Sequence[Step], seconds: Sequence[Value], metric: str) -> Tile:
        """The tile with its steps, each with the figure of another metric beside it."""
        found, whole = METRICS[metric], figures.is_large(seconds)
        texts = [figures.text(second, found.unit, self._words, whole=whole) for second in seconds]
        series = (
            replace(step, second=figures.number(second), second_text=text)
            for step, second, text in zip(steps, seconds, texts, strict=True)
        )
        title = self._words.gettext(found.title)
        return replace(tile, series=tuple(series), second_label=title, second_unit=found.unit)

    def _freshness(self, answer: Answer) -> str:
        if answer.freshness.live:
            return self._words.gettext("Live")
        return self._words.ago(answer.freshness.as_of, self._now)

    def _stale(self, answer: Answer) -> str | None:
        days = answer.freshness.waiting_days
        if not days:
            return None
        return self._words.ngettext(
            "Changes of %(num)s day are being counted.", "Changes of %(num)s days are being counted.", days
        )
