"""The simulator as one application: each provider under its own path, behind its knobs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, nullcontext, suppress
from pathlib import Path
from random import Random

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Router

from flow.demo.providers.accounts import Accounts
from flow.demo.providers.acting import acting_routes
from flow.demo.providers.books import Books
from flow.demo.providers.carriers import CARRIERS
from flow.demo.providers.control import control_routes
from flow.demo.providers.desk import desk_routes
from flow.demo.providers.economic import economic
from flow.demo.providers.inmobile import inmobile
from flow.demo.providers.knobs import Knobs, Misbehaving, Switchboard
from flow.demo.providers.meta import facebook, instagram
from flow.demo.providers.mobilepay import mobilepay
from flow.demo.providers.post import PostOffice
from flow.demo.providers.receiver import receiver_routes
from flow.demo.providers.stripe import stripe
from flow.demo.providers.wolt import wolt, wolt_drive
from flow.demo.providers.world import Simulated, World
from flow.errors import FlowError
from flow.kit.clock import Clock, SystemClock

__all__ = ["create_simulator"]

_PROVIDERS: tuple[Callable[[World], Simulated], ...] = (
    stripe,
    mobilepay,
    inmobile,
    instagram,
    facebook,
    wolt,
    wolt_drive,
    economic,
)
_TICK_SECONDS = 1.0


def create_simulator(
    *,
    address: str = "http://127.0.0.1:8020",
    file: Path | None = None,
    clock: Clock | None = None,
    knobs: Knobs | None = None,
    random: Random | None = None,
    http: httpx.AsyncClient | None = None,
) -> Starlette:
    """All providers, reached at `address`; what they remember is kept in `file`, else in memory.

    `http` delivers their webhooks. The lifespan has to run: it opens the post office.
    """
    clock, random = clock or SystemClock(), random or Random()  # noqa: S311 (chance, not secrets)
    books, switchboard = Books(file), Switchboard(knobs or Knobs())
    post = PostOffice(books, switchboard, CARRIERS, clock=clock, random=random)
    world = World(clock, books, Accounts(books), post, random, address.rstrip("/"))
    providers = {provider.name: provider for provider in (make(world) for make in _PROVIDERS)}

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with nullcontext(http) if http else httpx.AsyncClient(trust_env=False) as sender:
            post.open(sender)
            ticking = asyncio.create_task(_tick(providers.values(), books))
            yield
            ticking.cancel()
            with suppress(asyncio.CancelledError):
                await ticking
            await post.close()
        books.save()

    return Starlette(
        routes=[
            *acting_routes(world, switchboard, providers),
            *desk_routes(world),
            *receiver_routes(world),
            *control_routes(world, switchboard, providers),
            *(page for provider in providers.values() for page in provider.pages),
            *(_mount(provider, switchboard, random) for provider in providers.values()),
        ],
        lifespan=lifespan,
        exception_handlers={FlowError: _refuse},
    )


def _mount(provider: Simulated, switchboard: Switchboard, random: Random) -> Mount:
    routes = Router(list(provider.routes), redirect_slashes=False)
    return Mount(f"/{provider.name}", Misbehaving(routes, provider.name, switchboard, random))


async def _tick(providers: Iterable[Simulated], books: Books) -> None:
    while True:
        await asyncio.sleep(_TICK_SECONDS)
        for provider in providers:
            provider.tick()
        books.save()


async def _refuse(_: Request, error: Exception) -> Response:
    assert isinstance(error, FlowError)
    return JSONResponse({"error": {"code": error.code, "message": error.message}}, error.status)
