"""Prices with VAT as invoice lines without: to the øre, whatever is sold."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.collect.providers.economic.vat import InvoiceLine, Sold, gross_of, invoice_lines, net_of

ROUNDING = "FLOW-ROUNDING"
DANISH = Decimal(25)
RATES = st.sampled_from([DANISH, Decimal(12), Decimal(6), Decimal(0), Decimal("24"), Decimal("25.5")])
SOLD = st.lists(
    st.builds(Sold, st.just("GOODS"), st.text(min_size=1, max_size=20), st.integers(1, 99), st.integers(1, 500_000)),
    min_size=1,
    max_size=12,
)


def total_of(lines: list[InvoiceLine], rate: Decimal) -> Decimal:
    """What an accounting system makes of the lines: VAT of the net sum in kroner, none on the rounding."""
    net = sum((line.net for line in lines if line.product != ROUNDING), Decimal(0))
    free = sum((line.net for line in lines if line.product == ROUNDING), Decimal(0))
    vat = (net * rate / 100).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return net + vat + free


@given(sold=SOLD, rate=RATES)
def test_the_invoice_comes_to_what_was_paid(sold: list[Sold], rate: Decimal) -> None:
    lines = invoice_lines(sold, vat_percent=rate, rounding_product=ROUNDING)

    assert Decimal(sum(each.gross for each in sold)).scaleb(-2) == total_of(lines, rate)


@given(sold=SOLD, rate=RATES)
def test_no_amount_has_more_than_two_decimals(sold: list[Sold], rate: Decimal) -> None:
    for line in invoice_lines(sold, vat_percent=rate, rounding_product=ROUNDING):
        assert line.unit_net == line.unit_net.quantize(Decimal("0.01"))
        assert line.unit_net == Decimal(repr(float(line.unit_net)))  # as JSON carries it


@given(sold=SOLD, rate=RATES)
def test_a_line_is_within_an_ore_of_its_own_net_and_the_rounding_is_one_at_most(
    sold: list[Sold], rate: Decimal
) -> None:
    lines = invoice_lines(sold, vat_percent=rate, rounding_product=ROUNDING)

    for each, line in zip(sold, lines, strict=False):
        assert abs(line.net * 100 - Decimal(each.gross) * 100 / (100 + rate)) <= Decimal("1.5")
    assert all(abs(line.net) <= Decimal("0.01") for line in lines if line.product == ROUNDING)


@given(total=st.integers(0, 10**9).map(lambda fives: fives * 5))
def test_at_the_danish_rate_amounts_of_five_ore_need_no_rounding(total: int) -> None:
    assert (total, total * 4 // 5) == (gross_of(net_of(total, DANISH), DANISH), net_of(total, DANISH))


@given(total=st.integers(0, 10**9))
def test_only_two_of_five_ore_cannot_be_reached(total: int) -> None:
    assert (total % 5 != 2) == (gross_of(net_of(total, DANISH), DANISH) == total)


def test_the_example_of_the_digest_holds() -> None:
    lines = invoice_lines([Sold("GOODS", "Smørrebrød", 2, 24950)], vat_percent=DANISH, rounding_product=ROUNDING)

    assert [InvoiceLine("GOODS", "Smørrebrød", 2, Decimal("99.80"))] == lines


def test_pieces_that_do_not_divide_become_one_that_names_them() -> None:
    [line] = invoice_lines([Sold("GOODS", "Is", 3, 10000)], vat_percent=DANISH, rounding_product=ROUNDING)

    assert ("3 × Is", 1, Decimal("80.00")) == (line.description, line.quantity, line.unit_net)


@pytest.mark.parametrize("total", [2, 7, 12, 9_997])
def test_the_ore_that_cannot_be_reached_is_a_line_without_vat(total: int) -> None:
    *_, last = invoice_lines([Sold("GOODS", "Is", 1, total)], vat_percent=DANISH, rounding_product=ROUNDING)

    assert (ROUNDING, 1, Decimal("0.01")) == (last.product, last.quantity, abs(last.unit_net))
