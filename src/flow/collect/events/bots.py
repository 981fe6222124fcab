"""Tells robots from visitors, in layers: what the sender calls itself, how its browser is driven, how fast it acts.

The list of robots is that of the library is-bot. What is dropped is counted by the caller, under the reason given here.
"""

import re
from collections import OrderedDict
from collections.abc import Hashable
from functools import lru_cache
from typing import Final, Literal

import is_bot

__all__ = ["BotReason", "PatternFilter", "classify"]

BotReason = Literal["bot_user_agent", "bot_headless", "bot_pattern"]

_LONGEST: Final = 1024
"""The list's patterns take time in proportion to the text, so a longer user agent is judged by its beginning."""

_HEADLESS: Final = re.compile(r"headless|phantomjs|slimerjs|puppeteer|playwright|selenium|webdriver|cypress/", re.I)

_PEOPLE: Final = ("chromeframe", "discovery", "manager", "sogou", "tools")
"""Patterns of the list that meet people (WeChat's "Process/tools", a phone called Discovery, television sets) and
hardly a robot that no other pattern catches: decision 0006 has the figures."""

_bots: Final = is_bot.Bots()
_bots.exclude(_PEOPLE)


def classify(
    user_agent: str,
    *,
    webdriver: bool = False,
    bare_request: bool = False,
    allow_headless: bool = False,
) -> BotReason | None:
    """Why the sender is a robot, or None for a visitor.

    `webdriver`: the page saw navigator.webdriver. `bare_request`: the request had neither Accept-Language nor any
    Sec-Fetch-* header; each alone is missing for some people, but no browser since 2023 leaves out both.
    `allow_headless` lets automated browsers pass, and only them: for tests and simulated visitors.
    """
    reason = _by_user_agent(user_agent[:_LONGEST], allow_headless)
    if reason is None and not allow_headless and (webdriver or bare_request):
        return "bot_headless"
    return reason


@lru_cache(maxsize=4096)
def _by_user_agent(user_agent: str, allow_headless: bool) -> BotReason | None:
    if not allow_headless and _HEADLESS.search(user_agent):
        return "bot_headless"
    name = _HEADLESS.sub("", user_agent).strip()
    return "bot_user_agent" if not name or _bots.is_bot(name) else None


class PatternFilter:
    """Finds visitors who act faster than people can, over a sliding minute.

    A minute, because a phone that comes back online hands over up to 2,000 events at once, and because guests who
    share an address and a browser share a visitor id before consent. What a robot sends while it is refused counts
    too, so that it stays refused until it slows down. Memory is bounded: the visitors seen longest ago are forgotten.
    """

    def __init__(
        self,
        *,
        max_events: int = 3000,
        max_page_views: int = 300,
        window_seconds: int = 60,
        capacity: int = 20_000,
    ) -> None:
        self._limits = (max_events, max_page_views)
        self._window = window_seconds * 1_000_000
        self._capacity = capacity
        self._seen: OrderedDict[Hashable, _Counts] = OrderedDict()

    def classify(self, visitor: Hashable, now: int, *, events: int, page_views: int = 0) -> BotReason | None:
        """Counts what `visitor` (with the restaurant, where ids may repeat) has just sent, and says whether that
        makes a robot of it: "bot_pattern", or None. `now` is in microseconds."""
        window, elapsed = divmod(now, self._window)
        counts = self._counts_of(visitor, window)
        counts.add(events, page_views)
        return "bot_pattern" if counts.exceed(self._limits, 1 - elapsed / self._window) else None

    def _counts_of(self, visitor: Hashable, window: int) -> "_Counts":
        counts = self._seen.get(visitor)
        if counts is None:
            counts = self._seen[visitor] = _Counts(window)
            if len(self._seen) > self._capacity:
                self._seen.popitem(last=False)
        elif counts.window != window:
            counts.move_to(window)
            self._seen.move_to_end(visitor)
        return counts


class _Counts:
    """(events, page views) of one visitor in the present window and in the one before it.

    The sliding count is the present one plus the part of the previous one that is still within reach: four numbers
    per visitor instead of a list of times, exact as long as the previous window was even.
    """

    __slots__ = ("before", "now", "window")

    def __init__(self, window: int) -> None:
        self.window = window
        self.now = self.before = (0, 0)

    def move_to(self, window: int) -> None:
        self.before = self.now if window == self.window + 1 else (0, 0)
        self.now = (0, 0)
        self.window = window

    def add(self, events: int, page_views: int) -> None:
        self.now = (self.now[0] + events, self.now[1] + page_views)

    def exceed(self, limits: tuple[int, int], reach: float) -> bool:
        """Whether a sliding count is above its limit, `reach` (0 to 1) of the previous window included."""
        most_events, most_page_views = limits
        return (
            self.now[0] + self.before[0] * reach > most_events or self.now[1] + self.before[1] * reach > most_page_views
        )
