"""Tiles of this minute: orders in the kitchen, visitors on the pages. They do not depend on the period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from flow.analytics.metrics.catalogue import METRICS
from flow.business.orders.status import ACTIVE
from flow.database.transaction import Transaction
from flow.delivery.dashboards import labels, store
from flow.delivery.dashboards.choices import readable
from flow.delivery.dashboards.links import Links
from flow.delivery.dashboards.types import Kind, Selection, Step, Tile
from flow.web.i18n import N_, Translator


async def present_tiles(
    transaction: Transaction, selection: Selection, links: Links, *, now: datetime, words: Translator
) -> tuple[Tile, Tile]:
    """Orders underway, and visitors now; each says so when the caller's role does not show it."""
    ids, allowed = selection.selected.ids, readable(transaction, selection.selected)
    kitchen, visitors = _kitchen(selection, links, now, words), _visitors(selection, links, now, words)
    if "active_orders.read" in allowed:
        kitchen = _with_orders(kitchen, await store.active_orders(transaction, ids, now=now), links, words)
    if "behaviour.read" in allowed:
        visitors = _with_value(visitors, await store.visitors_now(transaction, ids, now=now), words)
    return kitchen, visitors


def _kitchen(selection: Selection, links: Links, now: datetime, words: Translator) -> Tile:
    metric = METRICS["active_orders"]
    return _of_now(
        "active", selection, links, now, words, title=metric.title, definition=metric.definition, kind="live"
    )


def _visitors(selection: Selection, links: Links, now: datetime, words: Translator) -> Tile:
    definition = N_("Visitors of whom an event arrived within the last five minutes.")
    return _of_now("visitors_now", selection, links, now, words, title=N_("Visitors now"), definition=definition)


def _of_now(
    key: str,
    selection: Selection,
    links: Links,
    now: datetime,
    words: Translator,
    *,
    title: str,
    definition: str,
    kind: Kind = "number",
) -> Tile:
    """A tile whose figure is not known yet. A page of days that are over is not live, but as fresh as it is read."""
    live = selection.period.includes_today
    return Tile(
        key=key,
        title=words.gettext(title),
        kind=kind,
        unit="count",
        measure=words.gettext(title),
        definition=words.gettext(definition),
        as_of=now,
        live=live,
        freshness_text=words.gettext("Live") if live else words.ago(now, now),
        empty=labels.blank("not_permitted", words),
        export=links.files(key),
    )


def _with_orders(tile: Tile, active: Mapping[str, int], links: Links, words: Translator) -> Tile:
    steps = tuple(
        Step(
            label=labels.status(status, words),
            value=active.get(status, 0),
            value_text=words.integer(active.get(status, 0)),
            href=links.kitchen(status),
        )
        for status in ACTIVE
    )
    return replace(
        _with_value(tile, sum(active.values()), words), series=steps, rows_href=links.kitchen(labels.UNDERWAY)
    )


def _with_value(tile: Tile, value: int, words: Translator) -> Tile:
    return replace(tile, value=value, value_text=words.integer(value), empty=None)
