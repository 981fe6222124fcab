"""Making things in another process, ahead of their use."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator

import psutil
import pytest

from flow.demo.simulation.ahead import ahead


def _makers() -> list[psutil.Process]:
    return [each for each in psutil.Process().children() if "flow.demo.simulation.ahead" in " ".join(each.cmdline())]


async def _some(items: AsyncIterator[int], count: int) -> list[int]:
    return [await anext(items) for _ in range(count)]


async def test_items_come_in_their_order() -> None:
    async with ahead(iter, range(1000)) as items:
        assert [*range(1000)] == [each async for each in items]
    assert [] == _makers()


async def test_items_may_be_larger_than_what_is_made_ahead() -> None:
    large = b"x" * (100 * 2**20)
    async with ahead(iter, [large, b"small"]) as items:
        assert [len(large), len(b"small")] == [len(each) async for each in items]


async def test_an_error_in_the_making_is_raised_where_it_is_used(capfd: pytest.CaptureFixture[str]) -> None:
    async with ahead(map, int, ["1", "one"]) as items:
        assert 1 == await anext(items)
        with pytest.raises(RuntimeError, match="ended with status 1"):
            await anext(items)
    assert "ValueError: invalid literal for int() with base 10: 'one'" in capfd.readouterr().err


async def test_who_stops_in_the_middle_leaves_no_process_behind() -> None:
    async with ahead(itertools.count) as items:
        assert [0, 1, 2] == await _some(items, 3)
        assert 1 == len(_makers())
    assert [] == _makers()


async def test_a_killed_process_is_told_of() -> None:
    async with ahead(itertools.count) as items:
        assert [0] == await _some(items, 1)
        for maker in _makers():
            maker.kill()
        with pytest.raises(RuntimeError, match="ended with status -9"):
            [each async for each in items]
