"""The state of a payment follows from what was told, not from the order in which it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.business.payments.state import ALLOWED, after
from flow.business.payments.types import OnlinePayment, PaymentStatus, RefundSums, Told
from flow.kit.ids import new_id

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
AMOUNT = 24950
NEW = OnlinePayment(
    restaurant_id=new_id(),
    id=new_id(),
    order_id=new_id(),
    amount=AMOUNT,
    currency="DKK",
    status="pending",
    provider="stripe",
    initiated_at=NOON,
)
NONE = RefundSums()


def _at(minutes: int, **told: object) -> Told:
    return Told(at=NOON + timedelta(minutes=minutes), **told)  # type: ignore[arg-type]


def _after(*words: Told, refunds: RefundSums = NONE, payment: OnlinePayment = NEW) -> OnlinePayment:
    for told in words:
        payment = after(payment, told, refunds).payment
    return payment


@st.composite
def _histories(draw: st.DrawFn) -> list[Told]:
    """What a provider tells of one payment: tries, then perhaps a reservation, its end, and money back in steps."""
    history = [_at(i, status=draw(st.sampled_from(["processing", "failed"]))) for i in range(draw(st.integers(0, 4)))]
    if draw(st.booleans()):
        history.append(_at(10, status="authorized", card_brand="visa"))
        history.append(_at(20, status=draw(st.sampled_from(["completed", "cancelled"]))))
    else:
        history.append(_at(20, status=draw(st.sampled_from(["completed", "cancelled", "expired"]))))
    if history[-1].status == "completed":
        parts = draw(st.lists(st.integers(1, AMOUNT), max_size=4))
        totals = [min(sum(parts[: place + 1]), AMOUNT) for place in range(len(parts))]
        history += [_at(30 + place, status="completed", refunded=total) for place, total in enumerate(totals)]
        disputes = draw(st.sampled_from([[], ["open"], ["open", "won"], ["open", "lost"]]))
        history += [_at(50 + place, dispute=dispute) for place, dispute in enumerate(disputes)]
    return history


@given(_histories(), st.data())
def test_shuffled_and_repeated_it_ends_in_the_same_state(history: list[Told], data: st.DataObject) -> None:
    expected = _after(*history)
    again = data.draw(st.lists(st.sampled_from(history), max_size=5))
    shuffled = data.draw(st.permutations([*history, *again]))

    assert replace(expected, told_at=None) == replace(_after(*shuffled), told_at=None)


@given(_histories(), st.data())
def test_no_money_is_made_on_the_way(history: list[Told], data: st.DataObject) -> None:
    payment = NEW
    for told in data.draw(st.permutations(history)):
        payment = after(payment, told, NONE).payment
        assert 0 <= payment.refunded_amount <= payment.captured_amount <= payment.amount


@pytest.mark.parametrize("before", get_args(PaymentStatus))
def test_a_payment_goes_only_where_the_table_allows(before: PaymentStatus) -> None:
    captured = AMOUNT if before in ("completed", "partially_refunded", "refunded", "disputed") else 0
    start = replace(NEW, status=before, captured_amount=captured)
    words = [
        _at(60, status=status) for status in ("processing", "authorized", "completed", "failed", "cancelled", "expired")
    ]
    ways = {after(start, told, NONE).payment.status for told in words} - {before}

    assert set() == ways - ALLOWED[before]


def test_a_payment_that_failed_may_still_succeed() -> None:
    assert "completed" == _after(_at(1, status="failed"), _at(2, status="completed")).status


def test_a_late_failure_does_not_undo_what_is_paid() -> None:
    assert "completed" == _after(_at(2, status="completed"), _at(1, status="failed"), _at(3, status="failed")).status


def test_parts_paid_back_are_told_in_all_and_count_once() -> None:
    paid = _after(_at(1, status="completed"))
    partly = _after(_at(3, refunded=5000), _at(2, refunded=3000), _at(3, refunded=5000), payment=paid)

    assert ("partially_refunded", 5000) == (partly.status, partly.refunded_amount)
    assert ("refunded", AMOUNT) == _state(_after(_at(4, refunded=AMOUNT), payment=partly))


def test_a_refund_that_came_back_is_taken_off_again() -> None:
    partly = _after(_at(1, status="completed"), _at(2, refunded=8000))
    back = _after(_at(3), refunds=RefundSums(made=5000, failed=3000), payment=partly)

    assert ("partially_refunded", 5000) == _state(back)


def test_a_new_refund_counts_after_one_that_came_back() -> None:
    partly = _after(_at(1, status="completed"), _at(2, refunded=8000))
    more = _after(_at(3, refunded=7000), refunds=RefundSums(made=7000, failed=3000), payment=partly)

    assert ("partially_refunded", 7000) == _state(more)


def test_money_for_what_is_over_is_for_a_person_to_look_at() -> None:
    over = _after(_at(5, status="cancelled"))

    assert after(over, _at(6, status="completed"), NONE).is_late_success
    assert after(over, _at(4, status="completed"), NONE).is_late_success
    assert after(over, _at(6, status="authorized"), NONE).is_late_success
    assert not after(over, _at(4, status="authorized"), NONE).is_late_success  # it was reserved, and let go since
    assert "cancelled" == after(over, _at(6, status="completed"), NONE).payment.status


def test_a_dispute_shows_until_it_is_won() -> None:
    open_ = _after(_at(1, status="completed"), _at(2, dispute="open"))

    assert "disputed" == open_.status
    assert "completed" == _after(_at(3, dispute="won"), _at(2, dispute="open"), payment=open_).status
    assert "disputed" == _after(_at(3, dispute="lost"), payment=open_).status


def _state(payment: OnlinePayment) -> tuple[str, int]:
    return payment.status, payment.refunded_amount
