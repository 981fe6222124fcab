"""Registrations of webhooks at Vipps MobilePay. A registration's secret is shown once."""

from __future__ import annotations

import json
import re
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from flow.demo.providers.mobilepay.errors import Problem, bad_field
from flow.demo.providers.mobilepay.tokens import account_of
from flow.demo.providers.world import World

__all__ = ["add_hook", "list_hooks", "remove_hook"]

_EVENT = re.compile(r"^(epayments|recurring|user)\.[a-z-]+(\.[a-z-]+)*\.v1$")
_MOST_PER_EVENT = 25


async def add_hook(world: World, request: Request) -> Response:
    """Registers an address for some events."""
    account, body = account_of(world, request), json.loads(await request.body())
    # Vipps MobilePay takes https alone; a simulated restaurant is reached by http on this very machine.
    if not re.match(r"^https?://", str(body.get("url", ""))):
        raise bad_field("url", "must be an address")
    events = body.get("events")
    if not isinstance(events, list) or not events or not all(_EVENT.match(str(event)) for event in events):
        raise bad_field("events", "must name events")
    hooks = world.books.table("mobilepay.webhooks")
    mine = [hook for hook in hooks.values() if hook["msn"] == account["number"]]
    if any(sum(event in hook["events"] for hook in mine) >= _MOST_PER_EVENT for event in events):
        raise Problem(409, "too-many-webhooks", "There are 25 registrations for this event already.")
    hook = {
        "id": str(uuid4()),
        "msn": account["number"],
        "url": body["url"],
        "events": events,
        "secret": str(uuid4()),
    }
    hooks[hook["id"]] = hook
    return JSONResponse({"id": hook["id"], "secret": hook["secret"]}, 201)


async def list_hooks(world: World, request: Request) -> Response:
    """The registrations of this sales unit, without their secrets."""
    account = account_of(world, request)
    hooks = [hook for hook in world.books.table("mobilepay.webhooks").values() if hook["msn"] == account["number"]]
    return JSONResponse({"webhooks": [{name: hook[name] for name in ("id", "url", "events")} for hook in hooks]})


async def remove_hook(world: World, request: Request) -> Response:
    """Ends a registration."""
    account, hooks = account_of(world, request), world.books.table("mobilepay.webhooks")
    hook = hooks.get(request.path_params["id"])
    if hook is None or hook["msn"] != account["number"]:
        raise Problem(404, "webhook-not-found", "There is no such registration.")
    del hooks[hook["id"]]
    return Response(status_code=204)
