"""How badly the providers behave, as a whole or one of them, changed while they run."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from random import Random

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flow.errors import InvalidInput

__all__ = ["Knobs", "Misbehaving", "Switchboard"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Knobs:
    """Rates are from 0 to 1. `error_rate`: calls that are refused with a 500 and have no effect. `lost_answer_rate`:
    calls that take effect and are answered by 504. `latency_ms`: mean time before a call is looked at.
    `duplicate_rate`: deliveries that come once more. `shuffle_seconds`: each delivery waits up to so long, at random.
    `retry_pace` multiplies the waits between tries of a delivery. In an `outage` calls get 503 and deliveries wait.
    """

    error_rate: float = 0.0
    lost_answer_rate: float = 0.0
    latency_ms: float = 0.0
    duplicate_rate: float = 0.0
    shuffle_seconds: float = 0.0
    retry_pace: float = 1.0
    outage: bool = False


class Switchboard:
    """The knobs of all providers: those of one take precedence over those of all."""

    def __init__(self, common: Knobs = Knobs()) -> None:
        self._common = common
        self._own: dict[str, dict[str, object]] = {}

    def of(self, provider: str) -> Knobs:
        """How this provider behaves now."""
        return replace(self._common, **self._own.get(provider, {}))  # type: ignore[arg-type]

    def turn(self, changes: Mapping[str, object], *, provider: str | None = None) -> None:
        """Changes knobs by name; InvalidInput for one that there is not, or a value that does not fit."""
        fitting = {name: _fitting(name, value) for name, value in changes.items()}
        if provider is None:
            self._common = replace(self._common, **fitting)  # type: ignore[arg-type]
        else:
            self._own.setdefault(provider, {}).update(fitting)

    def as_json(self, providers: tuple[str, ...]) -> dict[str, dict[str, object]]:
        """The knobs of each provider."""
        return {provider: asdict(self.of(provider)) for provider in providers}


def _fitting(name: str, value: object) -> float | bool:
    if name not in {field.name for field in fields(Knobs)}:
        raise InvalidInput(f"There is no knob {name}.")
    if name == "outage":
        return bool(value)
    if not isinstance(value, int | float) or value < 0 or (name.endswith("_rate") and value > 1):
        raise InvalidInput(f"{name} cannot be {value!r}.")
    return float(value)


class Misbehaving:
    """A provider's routes behind its knobs."""

    def __init__(self, routes: ASGIApp, provider: str, switchboard: Switchboard, random: Random) -> None:
        self._routes = routes
        self._provider = provider
        self._switchboard = switchboard
        self._random = random

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        knobs = self._switchboard.of(self._provider)
        if knobs.outage:
            return await Response(status_code=503)(scope, receive, send)
        if knobs.latency_ms:
            await asyncio.sleep(self._random.expovariate(1000 / knobs.latency_ms))
        if self._random.random() < knobs.error_rate:
            return await Response("simulated failure", status_code=500)(scope, receive, send)
        if self._random.random() < knobs.lost_answer_rate:
            await self._routes(scope, receive, _nowhere)
            return await Response(status_code=504)(scope, receive, send)
        return await self._routes(scope, receive, send)


async def _nowhere(_: Message) -> None:
    """Takes an answer that gets lost on its way."""
