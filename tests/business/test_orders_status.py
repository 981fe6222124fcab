"""The status machine as a whole."""

from __future__ import annotations

from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.business.orders.errors import IllegalMove
from flow.business.orders.status import ACTIVE, allowed_from, check_move, ways_of
from flow.business.orders.types import Fulfillment, Status

statuses = st.sampled_from(get_args(Status))
fulfillments = st.sampled_from(get_args(Fulfillment))


@given(st.lists(statuses, max_size=30), fulfillments)
def test_no_walk_ever_leaves_the_machine(wishes: list[Status], fulfillment: Fulfillment) -> None:
    at: Status = "pending"
    walked: list[Status] = [at]
    for wish in wishes:
        if wish in allowed_from(at, fulfillment):
            at = wish
            walked.append(at)
        else:
            with pytest.raises(IllegalMove) as caught:
                check_move(at, wish, fulfillment)
            assert list(allowed_from(at, fulfillment)) == caught.value.details["allowed"]

    # Nothing happens twice, nobody comes back from an end, and only a delivery is delivering.
    assert len(walked) == len(set(walked))
    assert not {"completed", "cancelled"} <= set(walked)
    assert "delivering" not in walked or fulfillment == "delivery"
    assert "refunded" not in walked or walked[-1] == "refunded"


@given(fulfillments)
def test_the_usual_way_is_walked_step_by_step(fulfillment: Fulfillment) -> None:
    way = ways_of(fulfillment)
    for before, after in pairwise(way):
        check_move(before, after, fulfillment)

    assert ("pending", "completed") == (way[0], way[-1])


@given(st.sampled_from(ACTIVE), fulfillments)
def test_every_order_that_is_not_over_can_be_cancelled(status: Status, fulfillment: Fulfillment) -> None:
    check_move(status, "cancelled", fulfillment)


def test_a_cancelled_order_cannot_be_completed() -> None:
    with pytest.raises(IllegalMove, match="cancelled cannot become completed; allowed: refunded"):
        check_move("cancelled", "completed", "pickup")
