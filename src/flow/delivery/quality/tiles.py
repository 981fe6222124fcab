"""The quality of the data as tiles: capture of events and of orders, and what robots sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from flow.analytics.metrics.catalogue import METRICS
from flow.collect.quality.types import CapturedDay, Dropped
from flow.delivery.dashboards.types import Kind, Step, Tile
from flow.delivery.quality import labels
from flow.web.i18n import Translator

_WEEKDAYS = 8


def quality_tiles(
    captured: Sequence[CapturedDay], drops: Sequence[Dropped], *, now: datetime, words: Translator
) -> dict[str, Tile]:
    """The tiles by key."""
    tiles = (_events(captured, now, words), _orders(captured, now, words), _robots(drops, now, words))
    return {tile.key: tile for tile in tiles}


def _events(days: Sequence[CapturedDay], now: datetime, words: Translator) -> Tile:
    expected, got = sum(day.events_expected for day in days), sum(day.events_captured for day in days)
    few = len(days) <= _WEEKDAYS
    series = tuple(
        Step(
            label=words.weekday(day.date) if few else words.date(day.date, style="shortest"),
            long_label=words.date(day.date, style="long"),
            value=day.event_rate,
            value_text=words.percent(day.event_rate),
            second=day.events_expected - day.events_captured,
            second_text=words.integer(day.events_expected - day.events_captured),
        )
        for day in days
    )
    return _tile(
        "captured_events",
        "bars",
        now,
        words,
        metric="capture_rate",
        value=got / expected if expected else None,
        series=series,
        second_label=words.gettext("Lost events"),
        empty=None if expected else words.gettext("Shows from the first visit on."),
    )


def _orders(days: Sequence[CapturedDay], now: datetime, words: Translator) -> Tile:
    orders, got = sum(day.web_orders for day in days), sum(day.web_orders_captured for day in days)
    return _tile(
        "captured_orders",
        "number",
        now,
        words,
        metric="order_capture_rate",
        value=got / orders if orders else None,
        comparison_blank=words.gettext(
            "%(captured)s of %(orders)s web orders", captured=words.integer(got), orders=words.integer(orders)
        ),
        empty=None if orders else words.gettext("Shows from the first order in the web shop on."),
    )


def _robots(drops: Sequence[Dropped], now: datetime, words: Translator) -> Tile:
    counts: Counter[str] = Counter()
    families: dict[str, Counter[str]] = {}
    for drop in drops:
        counts[drop.reason] += drop.count
        families.setdefault(drop.reason, Counter())[drop.detail] += drop.count
    series = tuple(
        Step(
            label=labels.dropped(reason, words),
            long_label=_with_families(labels.dropped(reason, words), families[reason]),
            value=count,
            value_text=words.integer(count),
        )
        for reason, count in counts.most_common()
    )
    return Tile(
        key="robots",
        title=words.gettext("Dropped as robots"),
        kind="hbars",
        unit="count",
        definition=words.gettext(
            "Events that robots sent: not stored and in no figure, only counted, by how they gave themselves away."
        ),
        value=counts.total(),
        value_text=words.integer(counts.total()),
        measure=words.gettext("Events"),
        series=series,
        as_of=now,
        empty=None if series else words.gettext("No robots were seen in these days."),
    )


def _with_families(reason: str, families: Counter[str]) -> str:
    named = [name for name, _ in families.most_common(5) if name]
    return f"{reason}: {', '.join(named)}" if named else reason


def _tile(
    key: str, kind: Kind, now: datetime, words: Translator, *, metric: str, value: float | None, **more: object
) -> Tile:
    found = METRICS[metric]
    return Tile(
        key=key,
        title=words.gettext(found.title),
        kind=kind,
        unit=found.unit,
        definition=words.gettext(found.definition),
        measure=words.gettext(found.title),
        value=value,
        value_text=words.percent(value),
        as_of=now,
        **more,  # type: ignore[arg-type]
    )
