"""What every simulated provider is given, and what it offers."""

from __future__ import annotations

import secrets
import string
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from starlette.routing import BaseRoute

from flow.demo.providers.accounts import Accounts
from flow.demo.providers.books import Books, Json
from flow.demo.providers.post import PostOffice
from flow.kit.clock import Clock

__all__ = ["Act", "Simulated", "World", "identifier"]

Act = Callable[[Json, Json], Awaitable[Json]]
"""Something that a guest or the provider's own people do: account and arguments in, what came of it out."""

_LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class World:
    """The common ground. `address` is where the simulator is reached, without a trailing slash."""

    clock: Clock
    books: Books
    accounts: Accounts
    post: PostOffice
    random: Random
    address: str

    def now(self) -> datetime:
        return self.clock.now()


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """A provider: `routes` under its own path, `pages` that people open, `acts` for page and control.

    `tick` runs every second: what has had its time ends there.
    """

    name: str
    routes: Sequence[BaseRoute]
    pages: Sequence[BaseRoute] = ()
    acts: Mapping[str, Act] = field(default_factory=dict)
    tick: Callable[[], None] = lambda: None


def identifier(prefix: str, length: int = 24) -> str:
    """A new id as providers make them: a prefix and letters and digits."""
    return prefix + "".join(secrets.choice(_LETTERS) for _ in range(length))
