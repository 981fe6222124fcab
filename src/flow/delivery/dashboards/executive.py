"""The executive dashboard: how does it go today, and why? Eight widgets of the specification and a row of visits."""

from __future__ import annotations

from datetime import datetime, timedelta

from flow.analytics.metrics.service import ask_many
from flow.analytics.metrics.types import Breakdown, Question
from flow.database.transaction import Transaction
from flow.delivery.dashboards import store
from flow.delivery.dashboards.tiles import TileMaker
from flow.delivery.dashboards.types import Selection, Tile
from flow.kit.clock import Clock
from flow.kit.period import Period
from flow.web.i18n import Translator

_WEEK = 7
_DAILY_BARS = 62
_WEEKLY_BARS = 26 * 7
TOP_PRODUCTS = 5
_KITCHEN = ("pending", "confirmed", "preparing", "ready", "delivering")


async def executive_tiles(
    transaction: Transaction, selection: Selection, *, clock: Clock, words: Translator
) -> dict[str, Tile]:
    """Every tile of the page by its key, in the order in which they are shown."""
    now = clock.now()
    restaurants = [restaurant.id for restaurant in selection.selected.restaurants]
    questions = _questions(selection)
    answers = dict(zip(questions, await ask_many(transaction, list(questions.values()), clock=clock), strict=True))
    make = TileMaker(selection, words, now)
    active = await store.active_orders(transaction, restaurants)
    visitors = await store.visitors_now(transaction, restaurants, now=now)
    tiles = [
        make.number("revenue", answers["course"], "revenue", cumulative=True, elapsed=_elapsed(selection, now)),
        make.number("orders", answers["course"], "orders", elapsed=_elapsed(selection, now)),
        make.number("aov", answers["course"], "aov"),
        make.kitchen(active, _KITCHEN),
        make.bars("revenue_by_day", answers["days"], "revenue"),
        make.ranking("top_products", answers["products"], "items_sold", "item_revenue"),
        make.shares("channels", answers["channels"], "orders", "revenue"),
        make.count_now("visitors_now", visitors),
        make.number("visitors", answers["visits"], "visitors"),
        make.number("conversion", answers["visits"], "conversion_rate"),
        make.number("capture", answers["visits"], "capture_rate"),
        make.gauge("ai", answers["visits"], "ai_conversion_rate"),
    ]
    return {tile.key: tile for tile in tiles}


def _questions(selection: Selection) -> dict[str, Question]:
    restaurants = tuple(restaurant.id for restaurant in selection.selected.restaurants)
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
    """How much of the running step has passed, 0 to 1: the hour for a day, else the business day."""
    if len(selection.period.days) == 1:
        return now.minute / 60
    start, end = selection.selected.restaurants[0].calendar.bounds(selection.today.first)
    return min(1.0, max(0.0, (now - start) / (end - start)))
