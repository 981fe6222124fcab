"""Charts as geometry: numbers in, positions out. The templates draw them as inline SVG.

Positions are per cent of the picture, 0 to 100 with y downwards as in SVG, so that a chart stretches to any
screen without a script while its text keeps its size. Everything here is pure; `None` among the
values means "not known" and draws nothing, which is not the same as 0.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

__all__ = [
    "LIGHT",
    "Arc",
    "Bar",
    "Bars",
    "Gauge",
    "Point",
    "Rect",
    "Sparkline",
    "Tick",
    "bars",
    "donut",
    "gauge",
    "label_places",
    "lengths",
    "nice_ticks",
    "running_total",
    "sparkline",
]

Known = float | None

LIGHT: Mapping[str, str] = MappingProxyType(
    {
        "surface": "#ffffff",
        "ink": "#1d1c1a",
        "muted": "#5f5b53",
        "line": "#e6e3dc",
        "ghost": "#ebe8e1",
        "ghost-edge": "#8f8a7f",
        "accent": "#0b6b66",
        "kind-1": "#0b6b66",
        "kind-2": "#b85412",
        "kind-3": "#372f85",
        "kind-4": "#cc76a3",
        "kind-5": "#7a88ee",
        "kind-6": "#45300f",
    }
)
"""The light palette in concrete colours, for pictures that leave the page (the same as in tokens.css)."""


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Rect:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Tick:
    value: float
    y: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One column: the value's `mark`, the comparison's `ghost` behind it, and the whole `band` to point at."""

    mark: Rect | None
    ghost: Rect | None
    band: Rect


@dataclass(frozen=True, slots=True)
class Bars:
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    baseline: float
    """y of zero."""


@dataclass(frozen=True, slots=True)
class Sparkline:
    """SVG path data in a box of `width` by `height`; `tail` is the part of a period that is not over."""

    line: str
    tail: str
    area: str
    ghost: str
    end: Point | None
    """Where the newest value is, in per cent."""
    xs: tuple[float, ...]
    """Where each step's label belongs, in per cent."""
    bands: tuple[Rect, ...]


@dataclass(frozen=True, slots=True)
class Arc:
    path: str
    share: float
    """Of the circle, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Gauge:
    track: str
    value: str


def nice_ticks(low: float, high: float, *, about: int = 4, whole: bool = False) -> tuple[float, ...]:
    """Round numbers (1, 2 or 5 times a power of ten apart) from at or below `low` to at or above `high`.

    Zero is always among them; roughly `about` steps. `whole` keeps the steps at 1 or more, for things
    that are counted.
    """
    low, high = min(low, 0.0), max(high, 0.0)
    step = _nice_step((high - low) / about)
    if whole:
        step = max(step, 1.0)
    first, last = math.floor(low / step), math.ceil(high / step)
    return tuple(float(f"{place * step:.12g}") for place in range(first, max(last, first + 1) + 1))


def _nice_step(rough: float) -> float:
    if rough < 1e-9:
        return 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    return float(next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9)))


def bars(
    values: Sequence[Known],
    compare: Sequence[Known] = (),
    *,
    plot: Rect = Rect(0, 0, 100, 100),
    whole: bool = False,
    ruled: bool = True,
) -> Bars:
    """Columns within `plot`, from zero; negative values hang below it.

    `ruled` ends the axis on round ticks; otherwise the largest value fills the plot and there are no ticks.
    """
    low, high = _bounds([*values, *compare])
    ticks = nice_ticks(low, high, whole=whole) if ruled else ()
    low, high = (ticks[0], ticks[-1]) if ticks else (low, high if high > low else low + 1)
    scale = _Scale(low, high, plot.y, plot.y + plot.height)
    width = plot.width / max(len(values), 1)
    columns = []
    for place, value in enumerate(values):
        band = Rect(plot.x + place * width, plot.y, width, plot.height)
        other = compare[place] if place < len(compare) else None
        columns.append(Bar(mark=scale.column(value, band, 0.6), ghost=scale.column(other, band, 0.8), band=band))
    return Bars(tuple(columns), tuple(Tick(tick, scale.y(tick)) for tick in ticks), scale.y(0))


def lengths(values: Sequence[Known]) -> list[float]:
    """Per cent of the largest value, for bars that lie down; what is unknown or negative has no length."""
    largest = max((value or 0.0 for value in values), default=0.0)
    return [max(value or 0.0, 0.0) / largest * 100 if largest > 0 else 0.0 for value in values]


def running_total(values: Iterable[Known]) -> list[Known]:
    """The sum so far at the start and after each value; unknown from the first unknown value on."""
    totals: list[Known] = [0.0]
    for value in values:
        before = totals[-1]
        totals.append(None if value is None or before is None else before + value)
    return totals


def sparkline(
    values: Sequence[Known],
    compare: Sequence[Known] = (),
    *,
    total: bool = False,
    from_zero: bool = True,
    elapsed: float | None = None,
    width: float = 100,
    height: float = 100,
) -> Sparkline:
    """A line over evenly spaced steps, the comparison on the same scale.

    `total` draws the sum so far: from 0 at the left edge, each value added at the end of its step.
    `elapsed` says that the last known step is not over, and how much of it has passed (0 to 1).
    """
    steps = max(len(values), len(compare))
    bands = _steps(steps) if total else _around_points(steps)
    xs = [band.x for band in bands] if total else [place / max(steps - 1, 1) * 100 for place in range(steps)]
    if total:
        values, compare = running_total(values), running_total(compare)
    at = [*xs, 100.0] if total else xs
    scale = _line_scale([*values, *compare], from_zero=from_zero)
    points, end = _points(values, at, scale), None
    tail: list[Point | None] = []
    known = [place for place, point in enumerate(points) if point is not None]
    if known:
        end = points[known[-1]]
    if elapsed is not None and end is not None and len(known) > 1:
        before = points[known[-2]] or end
        end = Point(before.x + (end.x - before.x) * min(max(elapsed, 0.0), 1.0), end.y)
        tail = [before, end]
        points[known[-1]] = None
    size = (width / 100, height / 100)
    return Sparkline(
        line=_path(points, size),
        tail=_path(tail, size),
        area=_area([*points, end], scale.y(0), size) if from_zero else "",
        ghost=_path(_points(compare, at, scale), size),
        end=end,
        xs=tuple(xs),
        bands=tuple(bands),
    )


def donut(values: Sequence[Known], *, outer: float = 50, inner: float = 33) -> tuple[Arc, ...]:
    """Ring slices around (50, 50), clockwise from the top; unknown and negative parts count as nothing."""
    parts = [max(value or 0.0, 0.0) for value in values]
    whole = sum(parts)
    arcs, start = [], 0.0
    for part in parts:
        share = part / whole if whole > 0 else 0.0
        arcs.append(Arc(_ring(start, start + share, outer, inner) if share > 0 else "", share))
        start += share
    return tuple(arcs)


def gauge(share: Known, *, radius: float = 42) -> Gauge:
    """Half a circle around (50, 50) from left to right, to be stroked; `share` outside 0 to 1 is cut."""
    reached = min(max(share or 0.0, 0.0), 1.0)
    return Gauge(_half_circle(1.0, radius), _half_circle(reached, radius) if reached > 0 else "")


def label_places(count: int, *, most: int = 7) -> frozenset[int]:
    """Which of `count` places carry a label: evenly spaced, at most `most`, and always the last."""
    step = max(math.ceil(count / most), 1)
    return frozenset(range(count - 1, -1, -step))


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float
    top: float
    bottom: float

    def y(self, value: float) -> float:
        return self.bottom - (value - self.low) / (self.high - self.low) * (self.bottom - self.top)

    def column(self, value: Known, band: Rect, fill: float) -> Rect | None:
        if value is None:
            return None
        top, bottom = sorted((self.y(value), self.y(0)))
        return Rect(band.x + band.width * (1 - fill) / 2, top, band.width * fill, bottom - top)


def _steps(count: int) -> list[Rect]:
    return [Rect(place / count * 100, 0, 100 / count, 100) for place in range(count)]


def _around_points(count: int) -> list[Rect]:
    """Each point owns the strip half way to its neighbours; the outer ones end at the edges."""
    middles = [(place - 0.5) / max(count - 1, 1) * 100 for place in range(1, count)]
    edges = [0.0, *middles, 100.0]
    return [Rect(left, 0, right - left, 100) for left, right in pairwise(edges)][:count]


def _line_scale(values: Iterable[Known], *, from_zero: bool) -> _Scale:
    known = [value for value in values if value is not None] or [0.0]
    low, high = _bounds(known) if from_zero else (min(known), max(known))
    # A flat line that need not start at zero runs through the middle.
    return _Scale(low, high, 4, 96) if high > low else _Scale(low - 1, high + 1, 4, 96)


def _points(values: Sequence[Known], xs: Sequence[float], scale: _Scale) -> list[Point | None]:
    pairs = zip(values, xs, strict=False)
    return [None if value is None else Point(x, scale.y(value)) for value, x in pairs]


def _bounds(values: Iterable[Known]) -> tuple[float, float]:
    known = [0.0, *(value for value in values if value is not None)]
    return min(known), max(known)


def _path(points: Sequence[Point | None], size: tuple[float, float]) -> str:
    """Move to the first point of each unbroken run and draw on from there."""
    commands, pen = [], "M"
    for point in points:
        if point is None:
            pen = "M"
            continue
        commands.append(f"{pen}{point.x * size[0]:.2f} {point.y * size[1]:.2f}")
        pen = "L"
    return "".join(commands)


def _area(points: Sequence[Point | None], floor: float, size: tuple[float, float]) -> str:
    known = [point for point in points if point is not None]
    if len(known) < 2:
        return ""
    return _path([Point(known[0].x, floor), *known, Point(known[-1].x, floor)], size) + "Z"


def _on_circle(turn: float, radius: float) -> str:
    """The point `turn` (0 to 1, clockwise from the top) round the circle at (50, 50)."""
    angle = math.tau * turn
    return f"{50 + radius * math.sin(angle):.3f} {50 - radius * math.cos(angle):.3f}"


def _ring(start: float, end: float, outer: float, inner: float) -> str:
    """A slice in two halves, since one SVG arc cannot go all the way round."""
    middle = (start + end) / 2
    there = "".join(f"A{outer} {outer} 0 0 1 {_on_circle(turn, outer)}" for turn in (middle, end))
    back = "".join(f"A{inner} {inner} 0 0 0 {_on_circle(turn, inner)}" for turn in (middle, start))
    return f"M{_on_circle(start, outer)}{there}L{_on_circle(end, inner)}{back}Z"


def _half_circle(share: float, radius: float) -> str:
    start, end = -0.25, -0.25 + share / 2
    return f"M{_on_circle(start, radius)}A{radius} {radius} 0 0 1 {_on_circle(end, radius)}"
