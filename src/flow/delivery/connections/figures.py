"""The page's questions to the metrics engine, and its tiles and tables out of the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Final

from psycopg.errors import QueryCanceled

from flow.analytics.metrics.catalogue import METRICS
from flow.analytics.metrics.service import ask_many
from flow.analytics.metrics.types import Answer, AnswerRow, Breakdown, Question
from flow.database.transaction import Transaction
from flow.delivery.connections.links import ConnectionLinks
from flow.delivery.connections.types import Behind, Line, LineTable
from flow.delivery.dashboards import figures
from flow.delivery.dashboards.executive import step_of
from flow.delivery.dashboards.tiles import TileMaker
from flow.delivery.dashboards.types import Selection, Tile
from flow.delivery.integrations.labels import NAMES
from flow.kit.clock import Clock
from flow.web.i18n import Translator

__all__ = ["Figures", "connection_figures"]

_CALLS = ("provider_calls", "provider_call_success_rate", "provider_call_p95")
_INCOMING = ("incoming_webhooks", "incoming_applied_rate", "incoming_p95")
_OUTGOING = ("outgoing_webhooks", "outgoing_delivery_rate", "outgoing_p95")
_NOW = ("queue_waiting", "queue_lag", "quiet_systems")
_COURSES: Final[dict[Behind, tuple[str, ...]]] = {"calls": _CALLS, "incoming": _INCOMING, "outgoing": _OUTGOING}
_SYSTEMS = (
    *("provider_calls", "provider_call_success_rate", "provider_call_p50", "provider_call_p95"),
    *("incoming_webhooks", "incoming_applied_rate", "incoming_parked", "incoming_refused"),
    *("queue_waiting", "queue_lag", "system_silence", "recent_deliveries", "usual_deliveries"),
)
_ENDPOINTS = (
    *("outgoing_webhooks", "outgoing_delivery_rate", "outgoing_p50", "outgoing_p95"),
    *("webhook_tries", "webhook_try_success_rate", "queue_waiting", "queue_lag"),
)
_ADDRESSES = ("provider_calls", "provider_call_success_rate", "provider_call_p50", "provider_call_p95")
_MOST_ADDRESSES = 20
_INCOMING_COLUMNS = frozenset({"incoming_webhooks", "incoming_applied_rate", "recent_deliveries"})


@dataclass(frozen=True, slots=True)
class Figures:
    """What the page shows."""

    tiles: dict[str, Tile]
    tables: tuple[LineTable, ...]


async def connection_figures(
    transaction: Transaction, selection: Selection, *, clock: Clock, words: Translator
) -> Figures:
    """Every tile by its key, and the tables of systems, of their addresses and of endpoints.

    To be asked last: when the figures take too long, the transaction can read no more.
    """
    now = clock.now()
    asked = _questions(selection)
    try:
        found = dict(zip(asked, await ask_many(transaction, list(asked.values()), clock=clock), strict=True))
    except QueryCanceled:  # the statement timeout
        return Figures(_failed(selection, now=now, words=words), ())
    tiles = [
        *_tiles(selection, found["now"], _NOW, None, now=now, words=words),
        *(
            tile
            for behind, keys in _COURSES.items()
            for tile in _tiles(selection, found[behind], keys, behind, now=now, words=words)
        ),
    ]
    links = ConnectionLinks(selection)
    tables = (
        _systems(found["systems"], links, words),
        _addresses(found["addresses"], links, words),
        _endpoints(found["endpoints"], links, words),
    )
    return Figures({tile.key: tile for tile in tiles}, tables)


def _questions(selection: Selection) -> dict[str, Question]:
    restaurants, period = tuple(selection.selected.ids), selection.period.days
    course: Breakdown | None = step_of(period) if len(period) > 1 else None

    def by(metrics: tuple[str, ...], breakdown: Breakdown, limit: int | None = None) -> Question:
        return Question(metrics, restaurants, period, breakdown=breakdown, limit=limit)

    courses = {
        behind: Question(metrics, restaurants, period, breakdown=course, comparison=selection.comparison.name)
        for behind, metrics in _COURSES.items()
    }
    return {
        **{str(behind): question for behind, question in courses.items()},
        "now": Question(_NOW, restaurants, period),
        "systems": by(_SYSTEMS, "provider"),
        "addresses": by(_ADDRESSES, "provider_endpoint", _MOST_ADDRESSES),
        "endpoints": by(_ENDPOINTS, "webhook_endpoint"),
    }


def _failed(selection: Selection, *, now: datetime, words: Translator) -> dict[str, Tile]:
    make = TileMaker(selection, ConnectionLinks(selection), words, now)
    return {key: make.failed(key, key, "number") for key in (*_NOW, *_CALLS, *_INCOMING, *_OUTGOING)}


def _tiles(
    selection: Selection,
    answer: Answer,
    metrics: Sequence[str],
    behind: Behind | None,
    *,
    now: datetime,
    words: Translator,
) -> list[Tile]:
    make = TileMaker(selection, ConnectionLinks(selection, behind), words, now)
    return [make.number(metric, answer, metric) for metric in metrics]


def _systems(answer: Answer, links: ConnectionLinks, words: Translator) -> LineTable:
    def href(metric: str, row: AnswerRow) -> str:
        if metric == "incoming_parked":
            return links.rows("incoming", party=row.key, outcome="parked") if row.values[metric] else ""
        if metric in _INCOMING_COLUMNS:
            return links.rows("incoming", party=row.key)
        return links.rows("calls", party=row.key) if metric.startswith("provider_call") else ""

    lines = [
        Line(NAMES.get(row.key, row.key), f"/settings/integrations/{row.key}", _cells(answer, row, words, href))
        for row in sorted(answer.rows, key=lambda row: NAMES.get(row.key, row.key))
    ]
    return LineTable(
        key="systems",
        title=words.gettext("Systems"),
        first=words.gettext("System"),
        columns=_columns(answer, words),
        lines=tuple(lines),
        empty=words.gettext("A system shows here when it is connected, called or heard."),
    )


def _addresses(answer: Answer, links: ConnectionLinks, words: Translator) -> LineTable:
    def href(metric: str, row: AnswerRow) -> str:
        return links.rows("calls", party=row.key.partition(" ")[0]) if metric == "provider_calls" else ""

    lines = [Line(_address(row.key), "", _cells(answer, row, words, href)) for row in answer.rows]
    return LineTable(
        key="addresses",
        title=words.gettext("What is called"),
        first=words.gettext("Address"),
        columns=_columns(answer, words),
        lines=tuple(lines),
        empty=words.gettext("Shows from the first call to another system on."),
    )


def _endpoints(answer: Answer, links: ConnectionLinks, words: Translator) -> LineTable:
    def href(metric: str, row: AnswerRow) -> str:
        return links.rows("outgoing", party=row.key) if metric.startswith("outgoing") else ""

    numbers = count(1)
    lines = [
        Line(
            row.label or words.gettext("Endpoint %(number)s", number=next(numbers)),
            f"/settings/webhooks/{row.key}",
            _cells(answer, row, words, href),
        )
        for row in answer.rows
    ]
    return LineTable(
        key="endpoints",
        title=words.gettext("Endpoints"),
        first=words.gettext("Endpoint"),
        columns=_columns(answer, words),
        lines=tuple(lines),
        empty=words.gettext("An endpoint shows here when it is told of an event."),
    )


def _address(key: str) -> str:
    provider, _, rest = key.partition(" ")
    return f"{NAMES.get(provider, provider)} {rest}"


def _columns(answer: Answer, words: Translator) -> tuple[tuple[str, str], ...]:
    found = (METRICS[key] for key in answer.question.metrics)
    return tuple((words.gettext(metric.title), words.gettext(metric.definition)) for metric in found)


def _cells(answer: Answer, row: AnswerRow, words: Translator, href: object) -> tuple[tuple[str, str], ...]:
    assert callable(href)
    return tuple(
        (figures.text(row.values[key], METRICS[key].unit, words), href(key, row)) for key in answer.question.metrics
    )
