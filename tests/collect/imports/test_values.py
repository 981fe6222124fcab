"""Single cells: whatever they hold, they become a value or a reason."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.collect.imports.values import BadValue, MomentReader, amount, cell_text, quantity

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
READER = MomentReader(COPENHAGEN, NOW)
ORE = st.integers(min_value=0, max_value=10**9)
LOCAL_TIMES = st.datetimes(dt.datetime.fromisoformat("1990-01-02"), dt.datetime.fromisoformat("2026-11-20"))
CELLS = st.one_of(
    st.text(max_size=40),
    st.floats(),
    st.integers(),
    st.decimals(),
    st.booleans(),
    st.none(),
    st.dates(),
    st.datetimes(timezones=st.none() | st.just(dt.UTC)),
    st.times(),
)


@given(ORE)
def test_an_amount_is_read_as_it_was_written(ore: int) -> None:
    kroner = f"{ore // 100}.{ore % 100:02d}"

    assert ore == amount(kroner)
    assert -ore == amount(f"-{kroner}")
    assert ore == amount(kroner.replace(".", ","), decimal_mark=",")
    assert ore == amount(f"{ore / 100:,.2f}")
    assert ore == amount(Decimal(ore) / 100)


@given(ORE)
def test_an_amount_in_a_spreadsheet_is_exact(ore: int) -> None:
    assert ore == amount(ore / 100)


@given(ORE)
def test_a_factor_reads_amounts_in_ore(ore: int) -> None:
    assert ore == amount(str(ore), factor=Decimal("0.01"))


@given(ORE)
def test_thousands_may_be_set_apart_as_danes_do(ore: int) -> None:
    written = f"{ore / 100:,.2f}".translate(str.maketrans(",.", ".,"))

    assert ore == amount(written, decimal_mark=",")


@pytest.mark.parametrize(
    "cell", ["", None, "gratis", "1,2,3", "12.345", "1e3", True, float("nan"), "9999999999999", "=1+1"]
)
def test_what_is_no_amount_says_so(cell: object) -> None:
    with pytest.raises(BadValue):
        amount(cell)


@given(CELLS, st.sampled_from([".", ","]))
def test_any_cell_is_a_value_or_a_reason(cell: object, mark: Literal[".", ","]) -> None:
    for read in (
        lambda: amount(cell, decimal_mark=mark),
        lambda: quantity(cell, decimal_mark=mark),
        lambda: READER.moment(cell),
        lambda: READER.moment_of(cell, cell),
        lambda: READER.moment_of("2026-01-01", cell),
    ):
        try:
            read()
        except BadValue as reason:
            assert str(reason)


@given(st.integers(min_value=1, max_value=10_000))
def test_a_quantity_may_be_written_in_many_ways(pieces: int) -> None:
    assert [pieces] * 4 == [quantity(each) for each in (str(pieces), pieces, float(pieces), f"{pieces}.00")]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("-1", "“-1” is negative"),
        ("0", "there are none of it"),
        ("1.5", "“1.5” is not a whole number"),
        ("10001", "“10001” is absurdly many"),
    ],
)
def test_a_quantity_that_cannot_be_says_why(cell: str, reason: str) -> None:
    with pytest.raises(BadValue, match=reason):
        quantity(cell)


@given(LOCAL_TIMES)
def test_local_times_go_to_utc_and_back(at: dt.datetime) -> None:
    try:
        moment = READER.moment(at.isoformat(sep=" "))
    except BadValue as reason:
        assert "the clocks went forward" in str(reason)
    else:
        assert at == moment.astimezone(COPENHAGEN).replace(tzinfo=None, fold=0)


@given(LOCAL_TIMES)
def test_other_formats_mean_the_same(at: dt.datetime) -> None:
    at = at.replace(microsecond=0)
    danish = MomentReader(ZoneInfo("UTC"), NOW, "%d-%m-%Y", "%H.%M.%S", "%d/%m/%Y %H:%M:%S")

    assert at.replace(tzinfo=dt.UTC) == danish.moment(f"{at:%d/%m/%Y %H:%M:%S}")
    assert at.replace(tzinfo=dt.UTC) == danish.moment_of(f"{at:%d-%m-%Y}", f"{at:%H.%M.%S}")


def test_a_time_that_spring_leaves_out_does_not_exist() -> None:
    with pytest.raises(BadValue, match="2026-03-29 02:30:00 does not exist in Europe/Copenhagen"):
        READER.moment("2026-03-29 02:30:00")


def test_of_a_time_that_autumn_repeats_the_first_is_meant() -> None:
    assert dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC) == READER.moment("2026-10-25 02:30:00")


def test_a_time_with_its_own_offset_keeps_it() -> None:
    assert dt.datetime(2026, 3, 29, 0, 30, tzinfo=dt.UTC) == READER.moment("2026-03-29T02:30:00+02:00")


@pytest.mark.parametrize(
    "cell", ["2026-01-01", "1989-12-31 12:00", "2026-11-23 12:01", "yesterday", "", "0001-01-01 00:00"]
)
def test_a_moment_that_cannot_be_says_so(cell: str) -> None:
    with pytest.raises(BadValue):
        READER.moment(cell)


def test_text_has_no_nul_and_whole_numbers_no_decimals() -> None:
    assert ["17", "a b", "", "=cmd|calc", "<b>"] == [
        cell_text(each) for each in (17.0, " a\x00 b ", None, "=cmd|calc", "<b>")
    ]
