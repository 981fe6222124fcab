"""Numbers, money and times as Danes, Swedes and readers of English write them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.kit.money import CURRENCIES, Money
from flow.kit.period import Period
from flow.web.formats import UNKNOWN
from flow.web.i18n import LANGUAGES, translator_for

DAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 21, 12, 5, 9, tzinfo=UTC)
ZONE = "Europe/Copenhagen"
DA, SV, EN = (translator_for(language) for language in ("da", "sv", "en"))
LARGE = 10**15
EACH = pytest.mark.parametrize("translator", [DA, SV, EN], ids=["da", "sv", "en"])


def spaced(text: str) -> str:
    """`text` with ordinary spaces, so that expectations can be read."""
    return text.replace("\u00a0", " ").replace("\u2009", " ")


@pytest.mark.parametrize(
    ("translator", "money", "expected"),
    [
        (DA, Money(123450, "DKK"), "1.234,50 kr."),
        (SV, Money(123450, "SEK"), "1 234,50 kr"),
        (EN, Money(123450, "DKK"), "DKK 1,234.50"),
        (EN, Money(123450, "GBP"), "£1,234.50"),
        (DA, Money(123450, "EUR"), "1.234,50 €"),
        (DA, Money(123450, "SEK"), "1.234,50 SEK"),
        (DA, Money(-123450, "DKK"), "−1.234,50 kr."),
        (EN, Money(-5, "DKK"), "−DKK 0.05"),
        (DA, Money(0, "DKK"), "0,00 kr."),
    ],
)
def test_money_is_written_as_in_the_readers_country(translator, money, expected):
    assert expected == spaced(translator.money(money))
    assert expected == spaced(translator.money(money.amount, money.currency))


@given(st.integers(-(10**14), 10**14), st.sampled_from(CURRENCIES), st.booleans())
def test_money_never_breaks_across_lines_and_shows_every_digit(ore, currency, compact):
    for translator in (DA, SV, EN):
        text = translator.money(ore, currency, compact=compact)
        assert " " not in text
        digits = "".join(filter(str.isdigit, text))
        whole = compact and abs(ore) >= 100_000
        assert int(digits) == ((abs(ore) + 50) // 100 if whole else abs(ore))


@pytest.mark.parametrize(
    ("ore", "expected"),
    [(99_999, "999,99 kr."), (100_000, "1.000 kr."), (1_234_550, "12.346 kr."), (-1_234_449, "−12.344 kr.")],
)
def test_compact_money_leaves_out_the_ore_from_a_thousand_kroner(ore, expected):
    assert expected == spaced(DA.money(ore, compact=True))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (DA.integer(1234567), "1.234.567"),
        (SV.integer(1234567), "1 234 567"),
        (EN.integer(1234567.4), "1,234,567"),
        (DA.decimal(1234.5), "1.234,5"),
        (DA.decimal(Decimal(2), digits=2), "2,00"),
        (DA.integer(-3), "−3"),
        (DA.percent(0.034), "3,4 %"),
        (EN.percent(0.034), "3.4%"),
        (DA.percent(1, digits=0), "100 %"),
        (DA.change(0.032), "+3,2 %"),
        (SV.change(-0.032), "−3,2 %"),
        (EN.change(-0.032), "−3.2%"),
        (DA.change(0), "0,0 %"),
        (DA.change(-0.0001), "0,0 %"),
        (DA.change(1.204), "+120 %"),
        (DA.change(Decimal("0.5")), "+50,0 %"),
    ],
)
def test_numbers_are_written_as_in_the_readers_country(written, expected):
    assert expected == spaced(written)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (DA.date(DAY), "21. nov. 2026"),
        (DA.date(DAY, style="short"), "lør. 21. nov."),
        (DA.date(DAY, style="long"), "lørdag den 21. november 2026"),
        (SV.date(DAY, style="short"), "lör 21 nov."),
        (SV.date(DAY, style="long"), "lördag 21 november 2026"),
        (EN.date(DAY, style="short"), "Sat 21 Nov"),
        (EN.date(DAY, style="long"), "Saturday, 21 November 2026"),
        (DA.period(Period(date(2026, 1, 1), date(2026, 1, 31))), "1.–31. jan. 2026"),
        (SV.period(Period(date(2025, 12, 1), date(2026, 1, 2))), "1 dec. 2025–2 jan. 2026"),
        (EN.period(Period(DAY, DAY)), "21 Nov 2026"),
        (DA.week(DAY), "uge 47"),
        (SV.week(DAY), "vecka 47"),
        (EN.week(DAY), "week 47"),
        (DA.week(date(2027, 1, 1)), "uge 53"),
        (DA.weekday(DAY), "lør."),
        (SV.weekday(DAY, style="long"), "lördag"),
        (DA.month(DAY), "november 2026"),
    ],
)
def test_days_are_written_as_in_the_readers_country(written, expected):
    assert expected == spaced(written)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (DA.time(NOON, ZONE), "13.05"),
        (SV.time(NOON, ZONE), "13:05"),
        (EN.time(NOON, "UTC"), "12:05"),
        (DA.datetime(NOON, ZONE), "21. nov. 2026 13.05"),
        (SV.datetime(NOON, ZONE), "21 nov. 2026 13:05"),
        (EN.datetime(NOON, "America/New_York"), "21 Nov 2026, 07:05"),
        (DA.datetime(datetime(2026, 11, 20, 23, 30, tzinfo=UTC), ZONE), "21. nov. 2026 00.30"),
    ],
)
def test_a_time_is_written_as_the_clocks_of_its_zone_show_it(written, expected):
    assert expected == spaced(written)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (DA.duration(0), "0 sek."),
        (DA.duration(45.9), "45 sek."),
        (DA.duration(200), "3 min. 20 sek."),
        (DA.duration(timedelta(hours=2, minutes=5, seconds=59)), "2 t. 5 min."),
        (DA.duration(7200), "2 t."),
        (SV.duration(200), "3 min 20 s"),
        (EN.duration(90_000), "1 day 1 hr"),
        (DA.duration(-3), "0 sek."),
    ],
)
def test_a_duration_is_written_in_its_two_largest_units(written, expected):
    assert expected == spaced(written)


@pytest.mark.parametrize(
    ("translator", "seconds", "expected"),
    [
        (DA, 0, "lige nu"),
        (DA, -60, "lige nu"),
        (DA, 3, "for 3 sek. siden"),
        (DA, 119, "for 1 min. siden"),
        (SV, 7200, "för 2 tim sedan"),
        (EN, 86_400, "1 day ago"),
    ],
)
def test_freshness_is_told_in_the_largest_unit(translator, seconds, expected):
    assert expected == spaced(translator.ago(NOON - timedelta(seconds=seconds), NOON))


@EACH
def test_what_is_not_known_is_a_dash_in_every_format(translator):
    numbers = (translator.money, translator.integer, translator.decimal, translator.percent, translator.change)
    days = (translator.date, translator.period, translator.week, translator.weekday, translator.month)
    times = (translator.time, translator.datetime)
    assert {UNKNOWN} == {write(None) for write in (*numbers, *days, translator.duration)}
    assert {UNKNOWN} == {write(None, ZONE) for write in times} | {translator.ago(None, NOON)}


@EACH
@pytest.mark.parametrize("number", [float("nan"), float("inf"), Decimal("NaN")])
def test_a_number_that_is_none_is_a_dash(translator, number):
    for write in (translator.integer, translator.decimal, translator.percent, translator.change, translator.duration):
        assert UNKNOWN == write(number)


@given(st.one_of(st.integers(-LARGE, LARGE), st.floats(-LARGE, LARGE), st.decimals(-LARGE, LARGE)))
def test_every_number_can_be_written(number):
    for language in LANGUAGES:
        translator = translator_for(language)
        for write in (translator.integer, translator.decimal, translator.percent, translator.change):
            assert write(number)
