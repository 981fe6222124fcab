"""How many requests are checked in one turn of the event loop."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from flow.collect.events.turns import Turns

SMALL, LARGE = 600, 20_000


class Arrivals:
    """Requests that are ready at the same time, and in which turn of the loop, counted from 0, each of them passed."""

    def __init__(self) -> None:
        self.passed: list[tuple[str, int]] = []
        self._turn = 0
        self._turns = Turns()

    async def arrive(self, *requests: tuple[str, int], gone: str = "") -> list[tuple[str, int]]:
        """Takes requests as (name, size); the client of `gone` hangs up while all of them wait."""
        loop = asyncio.get_running_loop()
        tasks = {name: loop.create_task(self._pass(name, size)) for name, size in requests}
        await asyncio.sleep(0)
        if gone:
            tasks[gone].cancel()
        for _ in range(3 * len(requests)):
            self._turn += 1
            await asyncio.sleep(0)
        for task in tasks.values():
            with suppress(asyncio.CancelledError):
                await task
        return self.passed

    async def _pass(self, name: str, size: int) -> None:
        await self._turns.take(size)
        self.passed.append((name, self._turn))


async def test_small_requests_pass_together() -> None:
    passed = await Arrivals().arrive(*[(f"{number}", SMALL) for number in range(20)])

    assert passed == [(f"{number}", 0) for number in range(20)]


async def test_large_requests_pass_in_turns_of_their_own_in_the_order_they_came() -> None:
    passed = await Arrivals().arrive(("a", LARGE), ("b", LARGE), ("c", LARGE))

    assert [name for name, _ in passed] == ["a", "b", "c"]
    assert len({turn for _, turn in passed}) == 3


async def test_a_small_request_does_not_overtake_a_large_one() -> None:
    passed = await Arrivals().arrive(("a", LARGE), ("b", LARGE), ("small", SMALL))

    assert [name for name, _ in passed] == ["a", "b", "small"]


async def test_a_request_that_went_away_while_it_waited_takes_no_turn() -> None:
    passed = await Arrivals().arrive(("a", LARGE), ("gone", LARGE), ("c", LARGE), gone="gone")

    assert [name for name, _ in passed] == ["a", "c"]


async def test_turns_begin_anew_after_a_rest() -> None:
    arrivals = Arrivals()
    await arrivals.arrive(("a", LARGE), ("b", LARGE))
    passed = await arrivals.arrive(("c", LARGE), ("d", SMALL))

    assert [name for name, _ in passed] == ["a", "b", "c", "d"]
