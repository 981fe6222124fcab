"""The engine: questions in, answers out. Everything that shows a figure asks here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from flow.analytics.facts import store as facts
from flow.analytics.health import store as health_store
from flow.analytics.metrics import health, special, windows
from flow.analytics.metrics.answers import answer
from flow.analytics.metrics.errors import MixedCurrencies
from flow.analytics.metrics.material import Material
from flow.analytics.metrics.questions import Plan, check, plan
from flow.analytics.metrics.reading import Cells, Slice, read
from flow.analytics.metrics.scope import Scope, look
from flow.analytics.metrics.types import Answer, Breakdown, Metric, Question
from flow.database.transaction import Transaction
from flow.kit.clock import Clock

__all__ = ["ask", "ask_many"]


async def ask(transaction: Transaction, question: Question, *, clock: Clock) -> Answer:
    """Answers one question, as the transaction's user (row level security holds) or as the service.

    Raises UnknownMetric, BreakdownNotPossible, MixedCurrencies, InvalidQuestion, RestaurantNotFound, FiguresNotAllowed.
    """
    return (await ask_many(transaction, [question], clock=clock))[0]


async def ask_many(transaction: Transaction, questions: Sequence[Question], *, clock: Clock) -> list[Answer]:
    """Answers a page's questions together, with a statement per table for all of them, in the questions' order."""
    if not questions:
        return []
    metrics = [check(question) for question in questions]
    restaurants = list(dict.fromkeys(restaurant for question in questions for restaurant in question.restaurants))
    periods = [question.period for question in questions]
    periods += [windows.compared(question.period, question.comparison) for question in questions if question.comparison]
    scope = await look(transaction, _needs(questions, metrics), periods, now=clock.now())
    plans = [plan(question, wanted, scope) for question, wanted in zip(questions, metrics, strict=True)]
    for planned in plans:
        _check_currencies(planned, scope)
    slices = [slice_ for planned in plans for slice_ in planned.slices.values()]
    cells = iter(await _read(transaction, slices, scope))
    read_cells = [{role: next(cells) for role in planned.slices} for planned in plans]
    answers = [answer(Material.of(planned, scope, found)) for planned, found in zip(plans, read_cells, strict=True)]
    answers = await _with_names(transaction, answers, restaurants, "product", facts.product_names)
    return await _with_names(transaction, answers, restaurants, "webhook_endpoint", health_store.endpoint_names)


async def _read(transaction: Transaction, slices: Sequence[Slice], scope: Scope) -> list[Cells]:
    to_date = special.to_date_slices(slices, scope)
    cells = await read(transaction, [*slices, *to_date.values()], scope)
    found, sums = cells[: len(slices)], cells[len(slices) :]
    special.put_to_date(found, dict(zip(to_date, sums, strict=True)))
    await special.add_underway(transaction, slices, scope, found)
    await special.add_active_customers(transaction, slices, scope, found)
    await health.add_health(transaction, slices, scope, found)
    return found


def _needs(questions: Sequence[Question], metrics: Sequence[Sequence[Metric]]) -> dict[UUID, frozenset[str]]:
    """Restaurant → what a reader must hold there."""
    needs: dict[UUID, frozenset[str]] = {}
    for question, asked in zip(questions, metrics, strict=True):
        for restaurant in question.restaurants:
            needs[restaurant] = needs.get(restaurant, frozenset()) | {metric.permission for metric in asked}
    return needs


_Names = Callable[[Transaction, Sequence[UUID], Collection[UUID]], Awaitable[dict[UUID, str]]]


async def _with_names(
    transaction: Transaction, answers: list[Answer], restaurants: Sequence[UUID], breakdown: Breakdown, look_up: _Names
) -> list[Answer]:
    """The answers, with the names of what the rows of this breakdown are about."""
    shown = {UUID(row.key) for found in answers if found.question.breakdown == breakdown for row in found.rows}
    names = await look_up(transaction, restaurants, shown) if shown else {}
    return [_named(found, names) if found.question.breakdown == breakdown else found for found in answers]


def _named(found: Answer, names: Mapping[UUID, str]) -> Answer:
    return replace(found, rows=tuple(replace(row, label=names.get(UUID(row.key))) for row in found.rows))


def _check_currencies(planned: Plan, scope: Scope) -> None:
    question = planned.question
    found = sorted({scope.restaurants[restaurant].currency for restaurant in question.restaurants})
    if len(found) == 1 or question.breakdown == "restaurant":
        return
    money = [metric.key for metric in planned.metrics if metric.unit == "money"]
    if money:
        raise MixedCurrencies(details={"currencies": found, "metrics": money})
