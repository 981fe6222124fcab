"""Guests: names, contacts, and the habit of coming back."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import resources
from random import Random

from flow.demo.simulation.chance import Ids

__all__ = ["Guest", "Guests", "Touch"]

# No subscriber's number begins with 00 or 0, so that nobody is ever called or written to by a demonstration.
_PHONE_PREFIX = {"DK": "+450", "SE": "+460"}
_NAMES = tomllib.loads(resources.files(__package__).joinpath("names.toml").read_text("utf-8"))
_NEW_GUESTS = 0.35


@dataclass(frozen=True, slots=True)
class Touch:
    """A visit that may have led to an order."""

    channel: str
    source: str | None
    campaign: str | None
    at: int


@dataclass(slots=True)
class Guest:
    """Somebody with a phone number; times are in ms.

    `address` is three cells: street, postal code, town. `visitor` is the lasting id of one who agreed to analytics.
    """

    id: str
    name: str
    phone: str
    email: str | None
    address: str
    visitor: str | None
    first_order: int = 0
    last_order: int = 0
    orders: int = 0
    member_since: int | None = None
    points: int = 0
    lifetime_points: int = 0
    touches: list[Touch] = field(default_factory=list)


class Guests:
    """Who orders next. Whoever has ordered often is likely to order again, so that few guests order very much."""

    def __init__(self, country: str, districts: list[tuple[str, str]], random: Random, *, consent: float) -> None:
        self._country = country
        self._districts = districts
        self._random = random
        self._ids = Ids(random)
        self._consent = consent
        self._made = 0
        self._orders: list[Guest] = []

    def settle(self, count: int, at: int) -> None:
        """The regulars of the time before the year begins."""
        self._orders = [self._new(at) for _ in range(count)]

    def next(self, at: int) -> Guest:
        """A new guest or one of the past orders' guests, the later orders being likelier."""
        random = self._random.random
        if not self._orders or random() < _NEW_GUESTS:
            guest = self._new(at)
        else:
            guest = self._orders[int(len(self._orders) * (1.0 - random() ** 2 * 0.8)) - 1]
        self._orders.append(guest)
        guest.first_order = guest.first_order or at
        guest.last_order = at
        guest.orders += 1
        return guest

    def onlooker(self) -> Guest | None:
        """Somebody known who visits without ordering; None when nobody has ordered yet."""
        return self._orders[int(len(self._orders) * self._random.random())] if self._orders else None

    def members(self) -> Iterator[Guest]:
        """Everybody in the loyalty programme, once."""
        seen = {guest.id: guest for guest in self._orders if guest.member_since is not None}
        return iter(seen.values())

    def _new(self, at: int) -> Guest:
        random, country = self._random, self._country
        names, (postal_code, city) = _NAMES[country], random.choice(self._districts)
        self._made += 1
        has_email, agrees = random.random() < 0.7, random.random() < self._consent
        return Guest(
            id=self._ids.new(at),
            name=f"{random.choice(names['first'])} {random.choice(names['last'])}",
            phone=f"{_PHONE_PREFIX[country]}{self._made:07d}",
            email=f"gaest{self._made}@mail.example" if has_email else None,
            address=f"{random.choice(names['streets'])} {random.randint(1, 120)}\t{postal_code}\t{city}",
            visitor=self._ids.new(at) if agrees else None,
        )
