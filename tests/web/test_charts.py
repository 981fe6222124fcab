"""The geometry of the charts holds for any numbers, not just for pretty ones."""

import math
import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from flow.web import charts

known = st.floats(min_value=-1e9, max_value=1e9, allow_nan=False)
positive = st.floats(min_value=0, max_value=1e9, allow_nan=False)
values = st.lists(st.none() | known, max_size=40)


@given(low=known, high=known, about=st.integers(2, 8))
def test_ticks_are_round_evenly_spaced_and_cover_the_values(low: float, high: float, about: int) -> None:
    low, high = min(low, high), max(low, high)

    ticks = charts.nice_ticks(low, high, about=about)

    step = ticks[1] - ticks[0]
    mantissa = step / 10 ** math.floor(math.log10(step) + 1e-9)
    assert any(math.isclose(nice, mantissa, rel_tol=1e-6) for nice in (1, 2, 5))
    assert all(math.isclose(step, after - before, rel_tol=1e-6) for before, after in pairwise(ticks))
    assert ticks[0] <= low + step * 1e-6
    assert ticks[-1] >= high - step * 1e-6
    assert 0 in ticks
    assert len(ticks) <= about + 3


def test_ticks_of_known_ranges_are_what_a_person_would_choose() -> None:
    assert (0, 50_000, 100_000, 150_000) == charts.nice_ticks(0, 123_456, about=3)
    assert (0, 1) == charts.nice_ticks(0, 0)
    assert (-20, -10, 0, 10) == charts.nice_ticks(-12, 9, about=3)


def test_ticks_of_things_that_are_counted_are_whole() -> None:
    assert (0, 1, 2) == charts.nice_ticks(0, 2, about=8, whole=True)


@given(values=values, compare=values, ruled=st.booleans())
def test_bars_never_leave_the_plot(values: list[float | None], compare: list[float | None], ruled: bool) -> None:
    plot = charts.Rect(5, 10, 90, 76)

    drawn = charts.bars(values, compare, plot=plot, ruled=ruled)

    assert len(values) == len(drawn.bars)
    for bar in drawn.bars:
        for box in (bar.mark, bar.ghost, bar.band):
            if box is not None:
                assert plot.x - 1e-6 <= box.x <= box.x + box.width <= plot.x + plot.width + 1e-6
                assert plot.y - 1e-6 <= box.y <= box.y + box.height + 1e-9 <= plot.y + plot.height + 1e-6


@given(values=st.lists(known, min_size=1, max_size=20))
def test_a_bar_is_as_long_as_its_value(values: list[float]) -> None:
    drawn = charts.bars(values)

    longest = max(abs(value) for value in values)
    by_value = {abs(value): bar.mark.height for value, bar in zip(values, drawn.bars, strict=True) if bar.mark}
    for value, height in by_value.items():
        assert math.isclose(by_value[longest] * value, height * longest, rel_tol=1e-6, abs_tol=1e-3)


def test_what_is_not_known_has_no_bar_and_zero_has_an_empty_one() -> None:
    unknown, zero, _ = charts.bars([None, 0, 10], [5, None, None]).bars

    assert unknown.mark is None
    assert unknown.ghost is not None
    assert zero.mark is not None
    assert 0 == zero.mark.height


def test_a_negative_value_hangs_below_the_baseline() -> None:
    drawn = charts.bars([-10, 10])

    below = drawn.bars[0].mark
    assert below is not None
    assert drawn.baseline == below.y


@given(parts=st.lists(positive, min_size=1, max_size=12).filter(lambda parts: sum(parts) > 1e-3))
def test_arcs_sum_to_the_circle(parts: list[float]) -> None:
    arcs = charts.donut(parts)

    assert math.isclose(1, math.fsum(arc.share for arc in arcs), rel_tol=1e-9)
    drawn = [arc for arc in arcs if arc.path]
    first, last = drawn[0].path, drawn[-1].path
    assert math.dist(_first_point(first), _end_of_outer_arc(last)) < 0.01


def test_a_ring_without_values_draws_nothing() -> None:
    assert ["", ""] == [arc.path for arc in charts.donut([0, None])]


@given(share=st.floats(-2, 3, allow_nan=False))
def test_a_gauge_stays_between_empty_and_full(share: float) -> None:
    drawn = charts.gauge(share)

    full = charts.gauge(1.0)
    assert full.track == drawn.track
    if share >= 1:
        assert full.value == drawn.value
    if share <= 0:
        assert "" == drawn.value


@given(
    values=values, compare=values, total=st.booleans(), from_zero=st.booleans(), elapsed=st.none() | st.floats(-1, 2)
)
def test_a_line_stays_in_its_box(
    values: list[float | None], compare: list[float | None], total: bool, from_zero: bool, elapsed: float | None
) -> None:
    drawn = charts.sparkline(values, compare, total=total, from_zero=from_zero, elapsed=elapsed, width=300, height=60)

    for path in (drawn.line, drawn.tail, drawn.area, drawn.ghost):
        for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path):
            assert 0 <= float(x) <= 300
            assert 0 <= float(y) <= 60
    assert max(len(values), len(compare)) == len(drawn.xs) == len(drawn.bands)


@given(values=st.lists(st.none() | positive, min_size=1, max_size=40), total=st.booleans())
def test_the_strips_to_point_at_lie_side_by_side(values: list[float | None], total: bool) -> None:
    bands = charts.sparkline(values, total=total).bands

    assert math.isclose(100, sum(band.width for band in bands), rel_tol=1e-9)
    assert all(math.isclose(left.x + left.width, right.x, abs_tol=1e-9) for left, right in pairwise(bands))


def test_a_gap_breaks_the_line() -> None:
    assert 2 == charts.sparkline([1, 2, None, 3, 4]).line.count("M")


def test_the_unfinished_step_is_the_tail_and_ends_where_time_is() -> None:
    drawn = charts.sparkline([10, 10, None, None], total=True, elapsed=0.5)

    assert drawn.end is not None
    assert 37.5 == drawn.end.x
    assert drawn.tail.startswith("M25.00")
    assert "37.50" not in drawn.line


def test_a_running_total_stops_at_the_first_unknown_value() -> None:
    assert [0, 1, 3, None, None] == charts.running_total([1, 2, None, 4])


@given(values=values)
def test_lengths_are_shares_of_the_largest(values: list[float | None]) -> None:
    lengths = charts.lengths(values)

    assert all(0 <= length <= 100 for length in lengths)
    if any(value is not None and value > 0 for value in values):
        assert 100 == max(lengths)


@given(count=st.integers(1, 500), most=st.integers(1, 20))
def test_labels_are_few_and_include_the_last(count: int, most: int) -> None:
    places = charts.label_places(count, most=most)

    assert len(places) <= most
    assert count - 1 in places


def _first_point(path: str) -> tuple[float, float]:
    x, y = re.findall(r"M(-?[\d.]+) (-?[\d.]+)", path)[0]
    return float(x), float(y)


def _end_of_outer_arc(path: str) -> tuple[float, float]:
    x, y = re.findall(r"(-?[\d.]+) (-?[\d.]+)L", path)[0]
    return float(x), float(y)
