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
OURS = Open(ORDER, "created", 10_001, None, 24950, 24950, NOW - timedelta(days=2))
THEIRS = Theirs(ORDER, 10_001, False, 24950)
SINCE = NOW - timedelta(days=7)


def found(ours: list[Open], theirs: list[Theirs]) -> list[Finding]:
    return list(differences(ours, theirs, since=SINCE))


def test_what_both_say_is_no_difference() -> None:
    assert [] == found([OURS], [THEIRS])


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ([OURS], [], Finding(str(ORDER), "invoice", "10001", None)),
        ([], [THEIRS], Finding(str(ORDER), "invoice", None, "10001")),
        ([OURS], [replace(THEIRS, gross=24949)], Finding(str(ORDER), "gross", "24950", "24949")),
        ([replace(OURS, due=20000)], [THEIRS], Finding(str(ORDER), "gross", "20000", "24950")),
        ([OURS], [THEIRS, replace(THEIRS, number=7)], Finding(str(ORDER), "invoices", "1", "10001, 7")),
        ([replace(OURS, status="refused")], [THEIRS], Finding(str(ORDER), "invoice", None, "10001")),
    ],
)
def test_each_difference_is_told(ours: list[Open], theirs: list[Theirs], expected: Finding) -> None:
    assert [expected] == found(ours, theirs)


def test_invoices_of_older_orders_are_not_missed() -> None:
    assert [] == found([replace(OURS, ordered_at=SINCE - timedelta(hours=1))], [])


def test_an_order_that_is_only_claimed_has_no_invoice_to_miss() -> None:
    assert [] == found([replace(OURS, status="claimed", draft_number=None)], [])
