"""Turns visits into what ingest would have stored of them: rows of sessions, events, page views and the heatmap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from flow.collect.events.catalogue import EVENT_TYPES
from flow.demo.simulation.chance import Ids
from flow.demo.simulation.clicks import Click, Clicks
from flow.demo.simulation.copytext import NULL, moment, moment_or_null
from flow.demo.simulation.journeys import Stay
from flow.demo.simulation.profiles import Profile
from flow.demo.simulation.visits import Visit

__all__ = ["LOST", "Counts", "Recorder", "VisitRows"]

LOST = 0.011
"""Share of events that never reach the server; twice as many of those sent while a page closes."""

_MILESTONES = (25, 50, 75, 100)
_WATCHING = frozenset({"page_view", "page_scroll", "page_exit"})
_CATEGORIES = {name: event.category for name, event in EVENT_TYPES.items()}
_NOWHERE = f"{NULL}\t{NULL}\t{NULL}\t{NULL}"
_NOTHING = f"{NULL}\t{NULL}\t{NULL}"


class Happening(NamedTuple):
    """One event on its way; `depth` in per cent is that of a scroll."""

    at: int
    name: str
    data: str = "{}"
    click: Click | None = None
    depth: int = 0


@dataclass(slots=True)
class Counts:
    """What a session counts of its events."""

    page_views: int = 0
    events: int = 0
    interactions: int = 0
    last_at: int = 0
    exit_page: str = NULL


@dataclass(slots=True)
class VisitRows:
    """Lines for COPY, by table."""

    sessions: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    page_views: list[str] = field(default_factory=list)
    heatmap_events: list[str] = field(default_factory=list)


class Recorder:
    """Records visits up to `now`, in ms; take the `rows` when there are enough."""

    def __init__(self, profile: Profile, restaurant_id: str, random: Random, *, now: int) -> None:
        site = profile.visits
        self._restaurant = restaurant_id
        self._language = profile.restaurant.language
        self._urls = {page: f"https://{site.host}{path}" for page, path in site.pages.items()}
        self._paths, self._titles = site.pages, site.titles
        self._random = random
        self._ids = Ids(random)
        self._clicks = Clicks(random)
        self._now = now
        self.rows = VisitRows()

    @property
    def count(self) -> int:
        """How many sessions and events are waiting to be taken."""
        return len(self.rows.sessions) + len(self.rows.events)

    def take(self) -> VisitRows:
        """The rows so far; recording goes on with empty ones."""
        taken, self.rows = self.rows, VisitRows()
        return taken

    def record(self, visit: Visit) -> None:
        """A visit with every event."""
        at, query, counts = visit.at, visit.origin.query, Counts()
        for stay in visit.journey.stays:
            if at > self._now:
                break
            self._record_stay(visit, stay, at, self._urls[stay.page] + query, counts)
            at, query = at + stay.milliseconds, ""
        if counts.events:
            self._record_session(visit, counts)

    def record_session(self, visit: Visit) -> None:
        """A visit whose events are no longer kept."""
        journey = visit.journey
        last_at, exit_page = visit.at + journey.milliseconds, self._urls[journey.stays[-1].page]
        counts = Counts(len(journey.stays), journey.events, journey.interactions, last_at, exit_page)
        self._record_session(visit, counts)

    def _record_session(self, visit: Visit, counts: Counts) -> None:
        device, source, origin = visit.device, visit.origin.source, visit.origin
        campaign = f"{source.utm_source or NULL}\t{source.medium or NULL}\t{source.campaign or NULL}"
        self.rows.sessions.append(
            f"{self._restaurant}\t{visit.id}\t{visit.visitor}\t{'t' if visit.is_consented else 'f'}\t"
            f"{moment(visit.at)}\t{moment(counts.last_at)}\t{device.device_type}\t{device.browser}\t{device.os}\t"
            f"{device.screen[0]}x{device.screen[1]}\t{self._language}\t{source.channel}\t{source.source or NULL}\t"
            f"{campaign}\t{source.click_id_type or NULL}\t{origin.referrer or NULL}\t"
            f"{self._urls[visit.journey.stays[0].page]}{origin.query}\t{counts.exit_page}\t{counts.page_views}\t"
            f"{counts.events}\t{counts.interactions}\t{int(visit.order is not None)}\t{visit.country}\n"
        )

    def _record_stay(self, visit: Visit, stay: Stay, at: int, url: str, counts: Counts) -> None:
        view, chance = self._ids.new(at), self._random.random
        opened, received, last_seq, depth, clicks, left = False, 0, 0, 0, 0, None
        for seq, happening in enumerate(self._happenings(visit, stay, at), start=1):
            if happening.at > self._now:
                break
            name = happening.name
            if chance() < (LOST * 2 if name == "page_exit" else LOST):
                continue
            received, last_seq = received + 1, seq
            opened = opened or name == "page_view"
            depth = max(depth, happening.depth)
            clicks += name == "element_click"
            left = happening.at if name == "page_exit" else left
            counts.interactions += name not in _WATCHING
            counts.last_at, counts.exit_page = happening.at, url
            self._record_event(visit, stay, happening, view, seq, url)
        counts.page_views += opened
        counts.events += received
        if received:
            page = f"{url}\t{self._paths[stay.page]}\t{self._titles[stay.page]}" if opened else _NOTHING
            self.rows.page_views.append(
                f"{self._restaurant}\t{moment(at)}\t{view}\t{visit.id}\t{moment_or_null(left)}\t"
                f"{NULL if left is None else stay.milliseconds}\t{depth or NULL}\t{clicks}\t{received}\t{last_seq}\t"
                f"{page}\n"
            )

    def _happenings(self, visit: Visit, stay: Stay, at: int) -> Iterator[Happening]:
        """Everything on one page, in order."""
        lasts, chance = stay.milliseconds, self._random.random
        happenings = [Happening(at + int(act.share * lasts), act.event_name, act.data) for act in stay.acts]
        pace = 0.19 * lasts * chance()
        for number, depth in enumerate(_MILESTONES[: stay.depth // 25], start=1):
            scrolled = at + int(0.08 * lasts + number * pace)
            happenings.append(Happening(scrolled, "page_scroll", f'{{"scroll_depth_pct": {depth}}}', depth=depth))
        for _ in range(stay.clicks):
            click = self._clicks.on(stay.page, visit.device)
            happenings.append(Happening(at + int(lasts * chance()), "element_click", click.data, click))
        happenings.sort()
        yield Happening(at, "page_view")
        yield from happenings
        yield Happening(at + lasts, "page_exit", '{"exit_type": "navigation"}')

    def _record_event(self, visit: Visit, stay: Stay, happening: Happening, view: str, seq: int, url: str) -> None:
        at, name, data, click, depth = happening
        identifier = view if name == "page_view" else self._ids.new(at)
        title = self._titles[stay.page] if name == "page_view" else NULL
        when = moment(at)
        self.rows.events.append(
            f"{self._restaurant}\t{when}\t{identifier}\t{visit.id}\t{view}\t{when}\t{seq}\t"
            f"{stay.milliseconds if name == 'page_exit' else NULL}\t{click.position if click else _NOWHERE}\t{name}\t"
            f"{_CATEGORIES[name]}\t{url}\t{title}\t{click.cells if click else _NOTHING}\t{data}\n"
        )
        if click is not None or depth:
            place = click.heat if click else f"{NULL}\t{depth / 100}\t{NULL}\t{NULL}\tscroll\t{NULL}"
            width, height = visit.device.viewport
            self.rows.heatmap_events.append(
                f"{self._restaurant}\t{when}\t{identifier}\t{width}\t{height}\t{self._paths[stay.page]}\t{place}\n"
            )
