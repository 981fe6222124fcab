"""Money: exact, in one currency, and without a lost øre."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.kit.money import CURRENCIES, CurrencyMismatch, Money, is_currency

AMOUNTS = st.integers(-(10**15), 10**15)
MONEY = st.builds(Money, AMOUNTS)
WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any)


@pytest.mark.parametrize(
    ("text", "ore"),
    [
        ("12.50", 1250),
        ("12,345.5", 1234550),
        ("-0.01", -1),
        ("+7", 700),
        (" 7.5000 ", 750),
        ("1234567.89", 123456789),
        ("\u22123", -300),
    ],
)
def test_text_with_a_decimal_point_is_read_exactly(text, ore):
    assert Money(ore) == Money.parse(text, "DKK")


@pytest.mark.parametrize(
    ("text", "ore"),
    [
        ("1.234,50", 123450),
        ("1 234,50", 123450),
        ("1\u00a0234,50", 123450),
        ("1234,5", 123450),
        ("-12", -1200),
    ],
)
def test_text_with_a_decimal_comma_is_read_as_danes_and_swedes_write_it(text, ore):
    assert Money(ore) == Money.parse(text, "DKK", decimal_mark=",")


@pytest.mark.parametrize(
    "value",
    ["", "kr", "1e3", "NaN", "Infinity", "1.2.3", "12,5", "1,23.50", "1_000", "١٢", "0.001", "9" * 16, "--1"],
)
def test_text_that_is_no_exact_amount_is_refused(value):
    with pytest.raises(ValueError, match=r"not an amount|fraction"):
        Money.parse(value, "DKK")


def test_the_other_countrys_spelling_is_refused_rather_than_misread():
    with pytest.raises(ValueError, match="not an amount"):
        Money.parse("1.23", "DKK", decimal_mark=",")


@pytest.mark.parametrize(
    "value", [Decimal("NaN"), Decimal("1E+999999"), Decimal("1E-999999"), Decimal("0.005"), 10**15]
)
def test_a_number_that_is_no_amount_is_refused_at_once(value):
    with pytest.raises(ValueError, match=r"not an amount|fraction"):
        Money.parse(value, "DKK")


@pytest.mark.parametrize("value", [1.5, True, None])
def test_money_is_never_made_from_a_float(value):
    with pytest.raises(TypeError):
        Money.parse(value, "DKK")


@pytest.mark.parametrize("amount", [1.0, True, "1", None])
def test_an_amount_is_a_whole_number_of_ore(amount):
    with pytest.raises(TypeError):
        Money(amount)


def test_an_unknown_currency_is_refused():
    with pytest.raises(ValueError, match="XBT"):
        Money(1, "XBT")  # type: ignore[arg-type]
    assert not is_currency("XBT")
    assert all(is_currency(code) for code in CURRENCIES)


@given(st.integers(-(10**16), 10**16))
def test_the_decimal_form_reads_back_as_the_same_money(ore):
    assert Money(ore) == Money.parse(Money(ore).to_decimal(), "DKK")
    assert Money(ore) == Money.parse(str(Money(ore).to_decimal()), "DKK")


@given(AMOUNTS, AMOUNTS, st.integers(-1000, 1000))
def test_arithmetic_is_that_of_whole_numbers(left, right, count):
    assert Money(left + right) == Money(left) + Money(right)
    assert Money(left - right) == Money(left) - Money(right)
    assert Money(left * count) == Money(left) * count == count * Money(left)
    assert Money(-left) == -Money(left)
    assert (left < right, left <= right, left > right, left >= right) == (
        Money(left) < Money(right),
        Money(left) <= Money(right),
        Money(left) > Money(right),
        Money(left) >= Money(right),
    )


def test_amounts_can_be_summed_from_zero():
    assert Money(600, "SEK") == sum([Money(100, "SEK"), Money(500, "SEK")], Money.zero("SEK"))
    assert not Money.zero()
    assert Money(-1)


@pytest.mark.parametrize("operate", [Money.__add__, Money.__sub__, Money.__lt__, Money.__ge__])
def test_two_currencies_never_mix(operate):
    with pytest.raises(CurrencyMismatch, match="DKK and SEK"):
        operate(Money(1, "DKK"), Money(1, "SEK"))


def test_the_same_number_in_two_currencies_is_not_the_same_money():
    assert Money(1, "DKK") != Money(1, "SEK")


@pytest.mark.parametrize(
    ("ore", "percent", "expected"),
    [
        (1050, 5, 53),
        (-1050, 5, -53),
        (1000, 25, 250),
        (999, Decimal("12.5"), 125),
        (1, 49, 0),
        (1, 50, 1),
        (7, 0, 0),
    ],
)
def test_a_share_rounds_half_an_ore_away_from_zero(ore, percent, expected):
    assert Money(expected) == Money(ore).share(percent)


@given(MONEY, st.decimals(0, 100, places=4))
def test_a_share_is_within_half_an_ore_of_the_exact_share(money, percent):
    exact = Fraction(money.amount) * Fraction(percent) / 100
    assert abs(money.share(percent).amount - exact) <= Fraction(1, 2)


@given(MONEY, WEIGHTS)
def test_an_allocation_adds_up_to_the_whole(money, weights):
    assert money == sum(money.allocate(weights), Money.zero())


@given(MONEY, WEIGHTS)
def test_every_part_is_less_than_one_ore_from_its_exact_share(money, weights):
    for part, weight in zip(money.allocate(weights), weights, strict=True):
        assert abs(part.amount - Fraction(money.amount * weight, sum(weights))) < 1


@given(MONEY, WEIGHTS)
def test_a_refund_is_allocated_like_the_payment(money, weights):
    assert [-part for part in money.allocate(weights)] == (-money).allocate(weights)


def test_the_ore_left_over_goes_to_the_largest_remainder_and_then_to_the_first():
    assert [Money(334), Money(333), Money(333)] == Money(1000).allocate([1, 1, 1])
    assert [Money(0), Money(1)] == Money(1).allocate([1, 2])


@pytest.mark.parametrize("weights", [[], [0, 0], [2, -1]])
def test_weights_that_mean_nothing_are_refused(weights):
    with pytest.raises(ValueError, match="weights"):
        Money(100).allocate(weights)


@given(st.text(max_size=20))
def test_reading_any_text_gives_money_or_a_value_error(text):
    for mark in (".", ","):
        try:
            assert isinstance(Money.parse(text, "DKK", decimal_mark=mark).amount, int)
        except ValueError:
            continue
