"""The executive dashboard: how does it go today, and why? Eight widgets of the specification and a row of visits."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime, timedelta

from psycopg.errors import QueryCanceled

from flow.analytics.metrics.service import ask_many
from flow.analytics.metrics.types import Answer, Breakdown, Question
from flow.database.transaction import Transaction
from flow.delivery.dashboards.choices import readable
from flow.delivery.dashboards.links import Links
from flow.delivery.dashboards.present import present_tiles
from flow.delivery.dashboards.tiles import TileMaker
from flow.delivery.dashboards.types import Kind, Selection, Tile
from flow.kit.clock import Clock
from flow.kit.period import Period
from flow.web.i18n import Translator

_WEEK = 7
_DAILY_BARS = 62
_WEEKLY_BARS = 26 * 7
TOP_PRODUCTS = 5
_FIGURES: dict[str, tuple[str, Kind]] = {
    "revenue": ("revenue", "number"),
    "orders": ("orders", "number"),
    "aov": ("aov", "number"),
    "revenue_by_day": ("revenue", "bars"),
    "top_products": ("items_sold", "hbars"),
    "channels": ("channel_mix", "donut"),
    "visitors": ("visitors", "number"),
    "conversion": ("conversion_rate", "number"),
    "capture": ("capture_rate", "number"),
    "ai": ("ai_conversion_rate", "gauge"),
}
"""The tiles that the metrics engine fills: what they are about when it cannot, and how they look."""
_ORDER = (
    *("revenue", "orders", "aov", "active", "revenue_by_day", "top_products", "channels"),
    *("visitors_now", "visitors", "conversion", "capture", "ai"),
)


async def executive_tiles(
    transaction: Transaction, selection: Selection, *, clock: Clock, words: Translator
) -> dict[str, Tile]:
    """Every tile of the page by its key, in the order in which they are shown.

    A reader whose role has no figures gets those of this minute that it has. To be asked last: when the figures take
    too long, the transaction can read no more.
    """
    now = clock.now()
    links = Links(selection, readable(transaction, selection.selected))
    kitchen, visitors = await present_tiles(transaction, selection, links, now=now, words=words)
    if not selection.selected.has_figures:
        return {tile.key: tile for tile in (kitchen, visitors) if not tile.empty}
    make = TileMaker(selection, links, words, now)
    try:
        tiles = _figures(make, await _answers(transaction, selection, clock), _elapsed(selection, now))
    except QueryCanceled:  # the statement timeout; what was read before it stays on the page
        tiles = [make.failed(key, metric, kind) for key, (metric, kind) in _FIGURES.items()]
    found = {tile.key: tile for tile in (kitchen, visitors, *tiles)}
    return {key: found[key] for key in _ORDER}


def _figures(make: TileMaker, answers: dict[str, Answer], elapsed: float) -> list[Tile]:
    course, visits = answers["course"], answers["visits"]
    return [
        make.number("revenue", course, "revenue", cumulative=True, elapsed=elapsed),
        make.number("orders", course, "orders", elapsed=elapsed),
        make.number("aov", course, "aov"),
        make.bars("revenue_by_day", answers["days"], "revenue"),
        make.ranking("top_products", answers["products"], "items_sold", "item_revenue"),
        make.shares("channels", answers["channels"], "orders", "revenue"),
        make.number("visitors", visits, "visitors"),
        make.number("conversion", visits, "conversion_rate"),
        make.number("capture", visits, "capture_rate"),
        make.gauge("ai", visits, "ai_conversion_rate"),
    ]


async def _answers(transaction: Transaction, selection: Selection, clock: Clock) -> dict[str, Answer]:
    questions = _questions(selection)
    answers = await ask_many(transaction, list(questions.values()), clock=clock)
    return dict(zip(questions, answers, strict=True))


def _questions(selection: Selection) -> dict[str, Question]:
    restaurants = tuple(selection.selected.ids)
    period, against = selection.period.days, selection.comparison.name
    bars = _bars_period(period)

    def question(*metrics: str, of: Period = period, by: Breakdown | None = None, limit: int | None = None) -> Question:
        return Question(metrics, restaurants, of, breakdown=by, comparison=against, limit=limit)

    return {
        "course": question("revenue", "orders", "aov", by="hour" if len(period) == 1 else step_of(period)),
        "days": question("revenue", of=bars, by=step_of(bars)),
        "products": question("items_sold", "item_revenue", by="product", limit=TOP_PRODUCTS),
        "channels": question("orders", "revenue", by="last_touch"),
        "visits": question("visitors", "conversion_rate", "capture_rate", "ai_conversion_rate"),
    }


def _bars_period(period: Period) -> Period:
    """A week at least: a single day's bar would say nothing."""
    if len(period) >= _WEEK:
        return period
    return Period(period.last - timedelta(days=_WEEK - 1), period.last)


def step_of(period: Period) -> Breakdown:
    """Days, weeks or months: what gives a readable number of bars."""
    if len(period) <= _DAILY_BARS:
        return "day"
    return "week" if len(period) <= _WEEKLY_BARS else "month"


def _elapsed(selection: Selection, now: datetime) -> float:
    """How much of the running hour, day, week or month has passed, 0 to 1."""
    period, today = selection.period.days, selection.today.first
    if len(period) == 1:
        return now.minute / 60
    start, end = selection.selected.restaurants[0].calendar.bounds(today)
    of_day = min(1.0, max(0.0, (now - start) / (end - start)))
    match step_of(period):
        case "week":
            return (today.weekday() + of_day) / _WEEK
        case "month":
            return (today.day - 1 + of_day) / monthrange(today.year, today.month)[1]
        case _:
            return of_day
