"""Who may ask about other systems, and whose figures they get."""

from __future__ import annotations

from uuid import UUID

import pytest

from flow.analytics.metrics.errors import BreakdownNotPossible, FiguresNotAllowed, RestaurantNotFound
from flow.analytics.metrics.types import Filter
from flow.database.installation import Installation
from tests.analytics.conftest import NOW, Ask
from tests.analytics.health.signs import Signs, made
from tests.factories import give_access, make_restaurant, make_user


@pytest.fixture
def neighbour(installation: Installation) -> UUID:
    return make_restaurant(installation.owner_url, "neighbour")


@pytest.mark.parametrize("role", ["manager", "employee", "analytics"])
async def test_who_does_not_hold_integrations_read_is_refused(
    asking: Ask, signs: Signs, installation: Installation, role: str
) -> None:
    user = make_user(installation.owner_url, f"{role}@example.com")
    give_access(installation.owner_url, user, signs.restaurant, role)

    with pytest.raises(FiguresNotAllowed):
        await asking("provider_calls", user=user)


async def test_who_is_of_another_restaurant_finds_nothing(
    asking: Ask, signs: Signs, installation: Installation, neighbour: UUID
) -> None:
    stranger = make_user(installation.owner_url, "stranger@example.com")
    give_access(installation.owner_url, stranger, neighbour)

    with pytest.raises((FiguresNotAllowed, RestaurantNotFound)):
        await asking("provider_calls", user=stranger)


async def test_nothing_of_a_neighbour_is_counted(
    asking: Ask, signs: Signs, installation: Installation, neighbour: UUID
) -> None:
    signs.call(NOW, 10)
    for theirs in made(installation.owner_url, neighbour):
        theirs.call(NOW, 9_999)
        theirs.arrival(NOW)
        theirs.queued_call(NOW)
        theirs.delivery(theirs.endpoint(), NOW)

    answer = await asking("provider_calls", "provider_call_p95", "incoming_webhooks", "queue_waiting")

    assert (1, 10, None, 0) == tuple(answer.totals.values())
    assert {"incoming_webhooks": "no_data_then"} == answer.blanks


async def test_several_restaurants_are_measured_as_one_and_by_restaurant(
    asking: Ask, signs: Signs, installation: Installation, neighbour: UUID, owner: UUID
) -> None:
    give_access(installation.owner_url, owner, neighbour)
    signs.call(NOW, 10)
    signs.call(NOW, 20)
    for theirs in made(installation.owner_url, neighbour):
        theirs.call(NOW, 1_000)

    answer = await asking(
        "provider_call_p50", "provider_calls", restaurants=(signs.restaurant, neighbour), breakdown="restaurant"
    )

    assert {"provider_call_p50": 20, "provider_calls": 3} == answer.totals
    assert {str(signs.restaurant): (10, 2), str(neighbour): (1_000, 1)} == {
        row.key: tuple(row.values.values()) for row in answer.rows
    }


async def test_one_provider_alone_over_time(asking: Ask, signs: Signs) -> None:
    signs.call(NOW, 10)
    signs.call(NOW, 50, provider="wolt")

    answer = await asking("provider_calls", "provider_call_p95", filter=Filter("provider", "wolt"), breakdown="day")

    assert {"provider_calls": 1, "provider_call_p95": 50} == answer.totals
    assert [(1, 50)] == [tuple(row.values.values()) for row in answer.rows]


async def test_money_and_calls_are_answered_together(asking: Ask, signs: Signs) -> None:
    signs.call(NOW, 10)

    answer = await asking("orders", "provider_calls")

    assert 1 == answer.totals["provider_calls"]
    assert {"orders": "no_data_then"} == answer.blanks


async def test_what_is_about_now_has_no_course(asking: Ask, signs: Signs) -> None:
    with pytest.raises(BreakdownNotPossible):
        await asking("queue_lag", breakdown="day")
