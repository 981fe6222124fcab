"""Any address is answered: what is meant is read, what cannot be is refused in words, and nothing breaks."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from urllib.parse import parse_qs, urlencode
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flow.delivery.dashboards.choices import choose, groups
from flow.delivery.dashboards.selection import LONGEST_DAYS, read_selection
from flow.delivery.dashboards.types import DashboardRestaurant, Selection
from flow.errors import FlowError, InvalidInput, NotFound
from flow.kit.ids import new_id
from flow.kit.period import Period
from flow.web.i18n import translator_for
from tests.analytics.world import World
from tests.delivery.conftest import NOW, Reader

WORDS = translator_for("en")
PERIODS = ("today", "yesterday", "7d", "30d", "month", "last_month", "12m")


def restaurant(name: str, currency: str = "DKK", *, has_figures: bool = True) -> DashboardRestaurant:
    return DashboardRestaurant(new_id(), name, False, currency, "Europe/Copenhagen", 4, has_figures)


NAPOLI, AARHUS, MALMO = restaurant("Napoli"), restaurant("Aarhus"), restaurant("Malmo", "SEK")


def selection(*choices: DashboardRestaurant, now: datetime = NOW, **parameters: str) -> Selection:
    given_ = {name.rstrip("_"): value for name, value in parameters.items()}
    return read_selection(choices or (NAPOLI,), given_, now=now, words=WORDS)


@pytest.mark.parametrize(
    ("key", "days"),
    [
        ("", "2026-06-19"),
        ("today", "2026-06-19"),
        ("yesterday", "2026-06-18"),
        ("7d", "2026-06-13..2026-06-19"),
        ("30d", "2026-05-21..2026-06-19"),
        ("month", "2026-06-01..2026-06-19"),
        ("last_month", "2026-05-01..2026-05-31"),
        ("12m", "2025-06-20..2026-06-19"),
    ],
)
def test_a_named_period_is_seen_from_the_business_day(key: str, days: str) -> None:
    assert Period.parse(days) == selection(period=key).period.days


def test_before_the_cut_off_it_is_still_yesterday() -> None:
    half_past_one = datetime.fromisoformat("2026-06-20T01:30+02:00")

    assert date(2026, 6, 19) == selection(now=half_past_one).today.first


def test_a_period_of_ones_own_may_be_given_backwards() -> None:
    shown = selection(period="custom", from_="2026-06-10", to="2026-06-01").period

    assert ("1–10 Jun 2026", Period.parse("2026-06-01..2026-06-10")) == (shown.label, shown.days)


@pytest.mark.parametrize(
    "given_",
    [
        {"period": "soon"},
        {"compare": "with love"},
        {"period": "custom"},
        {"period": "custom", "from_": "2026-06-01"},
        {"period": "custom", "from_": "2026-06-31", "to": "2026-07-01"},
        {"period": "custom", "from_": "0001-01-01", "to": "0001-01-02"},
        {"period": "custom", "from_": "2026-W01-1", "to": "2026-06-01"},
        {"period": "custom", "from_": "9999-12-31", "to": "9999-12-31"},
        {"period": "custom", "from_": "2020-01-01", "to": "2026-01-01"},
    ],
    ids=str,
)
def test_what_is_no_period_or_comparison_is_refused_in_words(given_: dict[str, str]) -> None:
    with pytest.raises(InvalidInput, match=r"\w+ .*\.$"):
        selection(**given_)


@pytest.mark.parametrize(
    ("period", "usual"), [("today", "last_week"), ("7d", "last_week"), ("30d", "previous"), ("12m", "previous")]
)
def test_days_are_held_against_their_weekday_and_longer_times_against_the_time_before(period: str, usual: str) -> None:
    shown = selection(period=period).comparison

    assert (usual, True) == (shown.key, shown.is_usual)
    assert not selection(period=period, compare="last_year").comparison.is_usual


@given(
    first=st.dates(date(1996, 1, 1), date(2100, 1, 1)),
    length=st.integers(0, LONGEST_DAYS - 1),
    compare=st.sampled_from(["", "last_week", "last_year", "previous", "none"]),
)
def test_an_address_leads_to_the_same_selection_and_its_neighbours_touch_it(
    first: date, length: int, compare: str
) -> None:
    last = first + timedelta(days=length)
    shown = selection(period="custom", from_=first.isoformat(), to=last.isoformat(), compare=compare)
    again = _follow("?" + shown.query)
    before = _follow(shown.period.previous_href)

    assert (shown.period.days, shown.comparison.key) == (again.period.days, again.comparison.key)
    assert (len(shown.period.days), first - timedelta(days=1)) == (len(before.period.days), before.period.days.last)
    assert (last < shown.today.last) == (shown.period.next_href is not None)


def test_who_has_several_restaurants_begins_with_most_of_them() -> None:
    several = (AARHUS, MALMO, NAPOLI)

    assert ("all-DKK", "All in DKK") == (choose(several, "", WORDS).id, choose(several, "", WORDS).name)
    assert ("all", "All my restaurants") == (choose((AARHUS, NAPOLI), "", WORDS).id, "All my restaurants")
    assert str(MALMO.id) == choose((MALMO, NAPOLI), "", WORDS).id
    assert str(NAPOLI.id) == choose(several, str(NAPOLI.id), WORDS).id


def test_the_largest_group_comes_first_and_one_without_figures_is_in_none() -> None:
    kronor = [restaurant(name, "SEK") for name in ("Lund", "Ystad")]
    blind = restaurant("Blind", has_figures=False)

    found = groups([AARHUS, NAPOLI, *kronor, MALMO, blind], WORDS)

    assert [("all-SEK", 3), ("all-DKK", 2)] == [(group.id, len(group.restaurants)) for group in found]
    assert [] == groups([NAPOLI, blind], WORDS)


@pytest.mark.parametrize("wanted", ["01930000-0000-7000-8000-000000000000", "all-EUR", "x", "all-", "ALL"])
def test_a_restaurant_that_is_not_among_the_choices_is_not_found(wanted: str) -> None:
    with pytest.raises(NotFound):
        choose((NAPOLI, AARHUS), wanted, WORDS)


@given(
    st.dictionaries(
        st.sampled_from(["restaurant", "period", "compare", "from", "to"]),
        st.text(max_size=40) | st.sampled_from([*PERIODS, "custom", "2026-06-01", "2199-12-31", "1990-01-01", "all"]),
    )
)
def test_any_parameters_are_read_or_refused(parameters: dict[str, str]) -> None:
    try:
        shown = read_selection((NAPOLI, MALMO), parameters, now=NOW, words=WORDS)
    except FlowError as error:
        assert error.status in (404, 422)
    else:
        assert UUID(shown.selected.id)


PATHS = st.sampled_from(["/dashboard", "/api/dashboards/executive", "/orders", "/visits", "/orders/export.csv"])
NAMES = ["restaurant", "period", "compare", "from", "to", "status", "channel", "touch", "product", "hour",
         "before_at", "before_id"]  # fmt: skip
VALUES = st.text(max_size=40) | st.sampled_from(
    ["custom", "12m", "2026-06-01", "1990-01-01", "2199-12-31", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z",
     "active", "unknown", "23", "0", "-1", "%00", "\x00", "\ud800", str(NAPOLI.id), "' or 1=1 --"]
)  # fmt: skip


async def test_no_address_makes_the_server_fail(napoli: World, reader: Reader) -> None:
    napoli.order("2026-06-19 12:00")
    http = reader(napoli)
    asked: list[tuple[str, dict[str, str]]] = []

    @settings(max_examples=150, database=None, suppress_health_check=list(HealthCheck))
    @given(PATHS, st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=5))
    def collect(path: str, parameters: dict[str, str]) -> None:
        asked.append((path, parameters))

    collect()
    for path, parameters in asked:
        answer = await http.get(f"{path}?{urlencode(parameters, errors='surrogatepass')}")
        assert answer.status_code in (200, 404, 422), (path, parameters, answer.text)


async def test_a_bad_day_is_answered_with_a_clear_page_and_a_clear_error(napoli: World, reader: Reader) -> None:
    http = reader(napoli)
    page = await http.get("/dashboard?period=custom&from=2026-13-45&to=x")
    data = await http.get("/api/dashboards/executive?period=custom&from=2026-13-45&to=x")

    assert (422, 422) == (page.status_code, data.status_code)
    assert "This request cannot be answered" in page.text
    assert {"code": "invalid_input", "message": "from and to are days, such as 2026-01-31."} == {
        key: data.json()["error"][key] for key in ("code", "message")
    }


def _follow(href: str | None) -> Selection:
    assert href is not None
    parameters = {name: values[0] for name, values in parse_qs(href.lstrip("?")).items()}
    return read_selection((NAPOLI,), parameters, now=NOW, words=WORDS)
