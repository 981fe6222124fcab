"""The control of the simulator: accounts, knobs, acts of guests and providers, and the books to compare with."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flow.demo.providers.books import Json
from flow.demo.providers.knobs import Switchboard
from flow.demo.providers.opening import new_account
from flow.demo.providers.world import Simulated, World

__all__ = ["control_routes"]


def control_routes(world: World, switchboard: Switchboard, providers: dict[str, Simulated]) -> list[Route]:
    """Everything under /control; bodies and answers are JSON."""
    return [
        Route("/control/accounts/{provider}", partial(_accounts, world), methods=["GET", "POST"]),
        Route("/control/accounts/{provider}/{number}", partial(_open_account, world), methods=["PUT"]),
        Route("/control/knobs", partial(_knobs, switchboard, tuple(providers)), methods=["GET", "PATCH"]),
        Route("/control/acts/{provider}/{number}/{act}", partial(_act, world, providers), methods=["POST"]),
        Route("/control/books", partial(_books, world)),
        Route("/control/post", partial(_post, world)),
    ]


async def _accounts(world: World, request: Request) -> Response:
    """Tells the accounts of a provider, or opens one by its {name}, with a number and credentials of its own."""
    provider = request.path_params["provider"]
    if request.method == "POST":
        return JSONResponse(new_account(world, provider, str((await _json(request))["name"])), 201)
    return JSONResponse(list(world.accounts.of(provider)))


async def _open_account(world: World, request: Request) -> Response:
    """{name, credentials: {…}, webhook_url, webhook_secret, …}: opens the account, or changes what is given."""
    path = request.path_params
    return JSONResponse(world.accounts.open(path["provider"], path["number"], await _json(request)))


async def _knobs(switchboard: Switchboard, providers: tuple[str, ...], request: Request) -> Response:
    """Tells the knobs, or turns some: of all providers, or of the one in `?provider=`."""
    if request.method == "PATCH":
        switchboard.turn(await _json(request), provider=request.query_params.get("provider"))
    return JSONResponse(switchboard.as_json(providers))


async def _act(world: World, providers: dict[str, Simulated], request: Request) -> Response:
    """Does what a guest or the provider would; the arguments are the body."""
    path = request.path_params
    account = world.accounts.get(path["provider"], path["number"])
    act = providers[path["provider"]].acts.get(path["act"])
    if act is None:
        return JSONResponse({"error": f"{path['provider']} has no act {path['act']}."}, 404)
    return JSONResponse(await act(account, await _json(request)))


async def _books(world: World, _: Request) -> Response:
    """Every object of every provider, but for the letters."""
    return JSONResponse({name: table for name, table in world.books.tables.items() if name != "letters"})


async def _post(world: World, request: Request) -> Response:
    """How many webhooks were delivered and wait; `?until_idle=seconds` waits so long for those under way."""
    seconds = float(request.query_params.get("until_idle", 0))
    if seconds:
        # Not wait_for: it waits in a task of its own, and until that has told this one, more may be under way.
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await world.post.idle()
    return JSONResponse(world.post.tally())


async def _json(request: Request) -> Json:
    raw = await request.body()
    return dict(json.loads(raw)) if raw else {}
