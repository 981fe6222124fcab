"""Chance: one seeded generator per restaurant, so that the same seed makes the same year."""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

__all__ = ["Choice", "Ids", "lognormal", "poisson"]

Item = TypeVar("Item")


class Choice(Generic[Item]):
    """Draws items by weight, faster than `Random.choices` does for one at a time."""

    def __init__(self, weighted: Iterable[tuple[Item, float]]) -> None:
        pairs = list(weighted)
        self._items: Sequence[Item] = [item for item, _ in pairs]
        self._bounds = list(accumulate(weight for _, weight in pairs))
        self._last = len(pairs) - 1

    @classmethod
    def of(cls, weights: Mapping[Item, float]) -> Choice[Item]:
        """A choice of the mapping's keys."""
        return cls(weights.items())

    def draw(self, random: Random) -> Item:
        """One item."""
        return self._items[bisect(self._bounds, random.random() * self._bounds[-1], 0, self._last)]


class Ids:
    """UUIDv7 as 32 hex digits, made from the seed and a time in milliseconds since 1970."""

    def __init__(self, random: Random) -> None:
        self._bits = random.getrandbits

    def new(self, at: int) -> str:
        bits = self._bits(74)
        return f"{at << 80 | 0x7 << 76 | (bits >> 62) << 64 | 0x2 << 62 | bits & 0x3FFFFFFFFFFFFFFF:032x}"


def poisson(random: Random, mean: float) -> int:
    """How often something happens that happens `mean` times on average."""
    if mean > 30:
        return max(0, round(random.gauss(mean, math.sqrt(mean))))
    bound, count, product = math.exp(-mean), 0, random.random()
    while product > bound:
        product *= random.random()
        count += 1
    return count


def lognormal(random: Random, median: float, spread: float = 0.5) -> float:
    """A duration as people have them: many short ones, few very long ones."""
    return median * math.exp(random.gauss(0.0, spread))
