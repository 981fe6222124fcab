"""What differs between e-conomic's invoices and ours."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from flow.collect.providers.economic.reconciling import Finding, Theirs, differences
from flow.collect.providers.economic.types import Open
from flow.kit.ids import new_id

NOW = datetime(2026, 1, 8, 3, tzinfo=UTC)
ORDER = new_id()
OURS = Open(ORDER, 0, "created", 10_001, None, 24950, 24950, NOW - timedelta(days=2))
THEIRS = Theirs(ORDER, 0, 10_001, False, 24950)
CREDIT = Open(ORDER, 1, "created", 10_002, None, -5000, -5000, NOW - timedelta(days=1))
THEIR_CREDIT = Theirs(ORDER, 1, 10_002, False, -5000)
SINCE = NOW - timedelta(days=7)


def found(ours: list[Open], theirs: list[Theirs]) -> list[Finding]:
    return list(differences(ours, theirs, since=SINCE))


def test_what_both_say_is_no_difference() -> None:
    assert [] == found([OURS, CREDIT], [THEIRS, THEIR_CREDIT])


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ([OURS], [], Finding(str(ORDER), "invoice", "10001", None)),
        ([], [THEIRS], Finding(str(ORDER), "invoice", None, "10001")),
        ([OURS], [replace(THEIRS, gross=24949)], Finding(str(ORDER), "gross", "24950", "24949")),
        ([replace(OURS, due=20000)], [THEIRS], Finding(str(ORDER), "gross", "20000", "24950")),
        ([OURS], [THEIRS, replace(THEIRS, number=7)], Finding(str(ORDER), "invoices", "1", "10001, 7")),
        ([CREDIT], [], Finding(f"{ORDER} #1", "credit note", "10002", None)),
        ([], [THEIR_CREDIT], Finding(f"{ORDER} #1", "credit note", None, "10002")),
        ([CREDIT], [replace(THEIR_CREDIT, gross=-4999)], Finding(f"{ORDER} #1", "gross", "-5000", "-4999")),
        ([CREDIT], [THEIR_CREDIT] * 2, Finding(f"{ORDER} #1", "credit notes", "1", "10002, 10002")),
        ([replace(OURS, status="refused")], [THEIRS], Finding(str(ORDER), "invoice", None, "10001")),
    ],
)
def test_each_difference_is_told(ours: list[Open], theirs: list[Theirs], expected: Finding) -> None:
    assert [expected] == found(ours, theirs)


def test_invoices_of_older_orders_are_not_missed() -> None:
    assert [] == found([replace(OURS, dated_at=SINCE - timedelta(hours=1))], [])


def test_an_order_that_is_only_claimed_has_no_invoice_to_miss() -> None:
    assert [] == found([replace(OURS, status="claimed", draft_number=None)], [])
