"""The addresses of Wolt's Order API, and what guests and couriers do."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flow.demo.providers.books import Json
from flow.demo.providers.wolt.orders import OrderConflict, Orders
from flow.demo.providers.wolt.tokens import account_of, give_tokens, integrate
from flow.demo.providers.world import Act, Simulated, World

__all__ = ["wolt"]

_TAKEN_BY_VENUE = ("takeaway", "self_delivery")
Change = Callable[[Orders, Json, Json], None]


def wolt(world: World) -> Simulated:
    """Wolt's marketplace in this world."""
    changes: dict[str, Change] = {
        "accept": lambda orders, order, body: orders.accept(order, body.get("adjusted_pickup_time")),
        "self-delivery/accept": lambda orders, order, _: orders.accept(order),
        "confirm-preorder": lambda orders, order, _: orders.accept(order),
        "reject": _reject,
        "ready": lambda orders, order, _: orders.ready(order),
        "delivered": _delivered,
    }
    routes = [
        Route("/oauth2/token", partial(give_tokens, world), methods=["POST"]),
        Route("/integrate", partial(integrate, world), methods=["GET"]),
        Route("/v2/orders/{id}", partial(_get, world), methods=["GET"]),
        Route("/venues/{venue}/status", partial(_status, world), methods=["GET"]),
        Route("/venues/{venue}/online", partial(_online, world), methods=["PATCH"]),
        *(
            Route(f"/orders/{{id}}/{name}", partial(_change, world, change), methods=["PUT"])
            for name, change in changes.items()
        ),
    ]
    return Simulated(name="wolt", routes=routes, acts=_acts(world), tick=partial(_tick, world))


async def _get(world: World, request: Request) -> Response:
    account = account_of(world, request)
    if account is None:
        return _refused(401, "Unauthorized")
    order = Orders(world, account).find(request.path_params["id"])
    if order is None:
        return _refused(404, "Order not found")
    if order["order_status"] == "received":
        order["order_status"] = "fetched"
    return JSONResponse(order)


async def _change(world: World, change: Change, request: Request) -> Response:
    account = account_of(world, request)
    if account is None:
        return _refused(401, "Unauthorized")
    orders = Orders(world, account)
    order = orders.find(request.path_params["id"])
    if order is None:
        return _refused(404, "Order not found")
    raw = await request.body()
    try:
        change(orders, order, json.loads(raw) if raw else {})
    except OrderConflict as conflict:
        return _refused(409, str(conflict))
    except (json.JSONDecodeError, ValueError) as error:
        return _refused(400, str(error))
    return Response(status_code=202)


def _reject(orders: Orders, order: Json, body: Json) -> None:
    if not body.get("reason"):
        raise ValueError("reason is required")
    orders.reject(order)


def _delivered(orders: Orders, order: Json, _: Json) -> None:
    if order["delivery"]["type"] not in _TAKEN_BY_VENUE:
        raise OrderConflict("Wolt's courier brings this order.")
    orders.delivered(order)


async def _status(world: World, request: Request) -> Response:
    account = account_of(world, request)
    if account is None or account["number"] != request.path_params["venue"]:
        return _refused(401 if account is None else 404, "Unauthorized" if account is None else "Venue not found")
    status = {"is_open": True, "is_online": account.get("online", True)}
    return JSONResponse({"external_venue_id": None, "contact_details": {}, "status": status})


async def _online(world: World, request: Request) -> Response:
    account = account_of(world, request)
    if account is None:
        return _refused(401, "Unauthorized")
    account["online"] = (await request.json()).get("status") != "OFFLINE"
    return Response(status_code=204)


def _refused(status: int, message: str) -> Response:
    return JSONResponse({"error_code": status, "message": message}, status)


def _acts(world: World) -> dict[str, Act]:
    async def order(account: Json, arguments: Json) -> Json:
        """A guest orders in Wolt's app."""
        return Orders(world, account).place(arguments)

    async def status(account: Json, arguments: Json) -> Json:
        """Courier or guest move an order: {order, status: ready, delivered or rejected}."""
        orders = Orders(world, account)
        found = orders.find(str(arguments["order"]))
        if found is None:
            return {"error": "There is no such order."}
        moves = {"ready": orders.ready, "delivered": orders.delivered, "rejected": orders.reject}
        try:
            moves[arguments["status"]](found)
        except OrderConflict as conflict:
            return {"error": str(conflict)}
        return found

    return {"order": order, "status": status}


def _tick(world: World) -> None:
    for account in world.accounts.of("wolt"):
        Orders(world, account).expire()
