"""How far a courier has come, whatever order his events come in."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.business.orders.status import check_move
from flow.business.orders.types import Status
from flow.collect.providers.wolt_drive.states import ENDED, further, moves_to, status_of
from flow.collect.providers.wolt_drive.types import CourierStatus

STATUSES: tuple[CourierStatus, ...] = get_args(CourierStatus)
WAY = [
    "order.received",
    "order.pickup_eta_updated",
    "order.pickup_started",
    "order.pickup_arrival",
    "order.picked_up",
    "order.dropoff_started",
    "order.dropoff_eta_updated",
    "order.dropoff_arrival",
    "order.handshake_delivery",
    "order.dropoff_completed",
    "order.delivered",
    "order.something_new",
]


def after(events: list[str]) -> CourierStatus:
    """The status at the end."""
    status: CourierStatus = "requested"
    for event in events:
        status = further(status, status_of(event))
    return status


@given(data=st.data(), most=st.integers(1, len(WAY)))
def test_shuffled_and_repeated_events_end_where_those_in_order_end(data: st.DataObject, most: int) -> None:
    events = WAY[:most]

    assert after(events) == after(data.draw(st.permutations(events * 2)))


@pytest.mark.parametrize("ended", sorted(ENDED))
def test_what_has_ended_stays_so_but_for_a_delivery_that_was_made(ended: CourierStatus) -> None:
    assert ended == further(ended, "picked_up")
    assert ("cancelled" if ended == "cancelled" else "delivered") == further(ended, "delivered")


@pytest.mark.parametrize("status", get_args(Status))
@pytest.mark.parametrize("courier", STATUSES)
def test_an_order_follows_by_steps_that_it_may_take(status: Status, courier: CourierStatus) -> None:
    before = status
    for step in moves_to(status, courier):
        check_move(before, step, "delivery")
        before = step


def test_an_order_is_on_its_way_when_the_courier_has_it_and_completed_when_he_delivered_it() -> None:
    assert ["delivering"] == moves_to("ready", "picked_up")
    assert ["delivering", "completed"] == moves_to("ready", "delivered")
    assert [] == moves_to("cancelled", "delivered")
