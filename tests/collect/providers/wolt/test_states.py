"""How Wolt's states and ours answer to each other."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.business.orders.status import check_move
from flow.business.orders.types import Fulfillment, Status
from flow.collect.providers.wolt.states import REJECTED, furthest, moves_to, rank, steps_due

WOLT = ["received", "fetched", "acknowledged", "production", "ready", "delivered", REJECTED, "other"]
OURS: tuple[Status, ...] = get_args(Status)


@given(told=st.lists(st.sampled_from(WOLT), min_size=1, max_size=12), data=st.data())
def test_what_wolt_told_ends_the_same_in_whatever_order_it_came(told: list[str], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(told + told))
    first = second = "received"
    for status in told:
        first = furthest(first, status)
    for status in shuffled:
        second = furthest(second, status)

    assert rank(first) == rank(second)


@pytest.mark.parametrize("fulfillment", get_args(Fulfillment))
@pytest.mark.parametrize("wolt", WOLT)
@pytest.mark.parametrize("status", OURS)
def test_an_order_catches_up_by_steps_that_it_may_take(status: Status, wolt: str, fulfillment: Fulfillment) -> None:
    before = status
    for step in moves_to(status, wolt, fulfillment):
        check_move(before, step, fulfillment)
        before = step


@pytest.mark.parametrize(
    ("status", "wolt", "expected"),
    [
        ("pending", "received", []),
        ("pending", "production", ["confirmed", "preparing"]),
        ("pending", "delivered", ["confirmed", "preparing", "ready", "delivering", "completed"]),
        ("ready", "production", []),
        ("completed", "ready", []),
        ("preparing", REJECTED, ["cancelled"]),
        ("completed", REJECTED, []),
        ("cancelled", "production", []),
        ("confirmed", "a state to come", []),
    ],
)
def test_an_order_never_moves_backwards(status: Status, wolt: str, expected: list[Status]) -> None:
    assert expected == moves_to(status, wolt, "delivery")


@pytest.mark.parametrize(
    ("status", "wolt", "is_carried_by_us", "expected"),
    [
        ("pending", "received", False, []),
        ("confirmed", "fetched", False, ["accept"]),
        ("ready", "received", False, ["accept", "ready"]),
        ("ready", "production", False, ["ready"]),
        ("completed", "ready", False, []),
        ("completed", "ready", True, ["delivered"]),
        ("completed", "production", True, ["ready", "delivered"]),
        ("cancelled", "received", False, ["reject"]),
        ("cancelled", "delivered", False, []),
        ("cancelled", REJECTED, False, []),
        ("confirmed", "production", False, []),
    ],
)
def test_wolt_is_told_what_it_does_not_know_yet(
    status: Status, wolt: str, is_carried_by_us: bool, expected: list[str]
) -> None:
    assert expected == steps_due(status, wolt, is_carried_by_us=is_carried_by_us)
