"""The addresses of Wolt Drive, and what its couriers do."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from secrets import token_hex
from uuid import uuid4

import jwt
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flow.demo.providers.books import Json
from flow.demo.providers.wolt.orders import instant
from flow.demo.providers.world import Act, Simulated, World

__all__ = ["wolt_drive"]

_PROMISE = timedelta(minutes=30)
_PRICE = {"amount": 4900, "currency": "DKK"}
_WAY = ("order.pickup_started", "order.pickup_arrival", "order.picked_up", "order.dropoff_started")
_ARRIVAL = ("order.dropoff_arrival", "order.dropoff_completed", "order.delivered")


class _Refused(Exception):
    def __init__(self, status: int, code: str, reason: str) -> None:
        super().__init__(reason)
        self.response = JSONResponse({"error_code": code, "reason": reason, "details": None}, status)


Handler = Callable[[World, Json, Json, Request], tuple[int, object]]


def wolt_drive(world: World) -> Simulated:
    """Wolt Drive in this world."""
    hooks = "/v1/merchants/{merchant}/webhooks"
    calls: tuple[tuple[str, str, Handler], ...] = (
        ("POST", "/v1/venues/{venue}/shipment-promises", _promise),
        ("POST", "/v1/venues/{venue}/deliveries", _deliver),
        ("PATCH", "/order/{reference}/status/cancel", _cancel),
        ("POST", hooks, _add_hook),
        ("GET", hooks, _list_hooks),
        ("PUT", f"{hooks}/{{id}}", _change_hook),
        ("DELETE", f"{hooks}/{{id}}", _remove_hook),
    )
    routes = [
        Route(path, partial(_answer, world, handler), methods=[method], name=f"{method} {path}")
        for method, path, handler in calls
    ]
    return Simulated(name="wolt-drive", routes=routes, acts=_acts(world), tick=partial(_ride, world))


async def _answer(world: World, handler: Handler, request: Request) -> Response:
    _, _, key = request.headers.get("authorization", "").partition(" ")
    try:
        account = world.accounts.known_by("wolt-drive", "merchant_key", key)
        if account is None:
            raise _Refused(401, "UNAUTHORIZED", "The key is not valid.")
        if request.path_params.get("venue", account["number"]) != account["number"]:
            raise _Refused(404, "VENUE_NOT_FOUND", "There is no such venue.")
        raw = await request.body()
        status, body = handler(world, account, json.loads(raw) if raw else {}, request)
    except _Refused as refused:
        return refused.response
    except json.JSONDecodeError:
        return _Refused(400, "INVALID_PAYLOAD", "The body is not JSON.").response
    world.books.touch()
    return Response(status_code=status) if body is None else JSONResponse(body, status)


def _promise(world: World, _: Json, body: Json, __: Request) -> tuple[int, object]:
    if not (body.get("street") and body.get("city")) and not (body.get("lat") and body.get("lon")):
        raise _Refused(400, "INVALID_DROPOFF_ADDRESS", "Name a street and city, or coordinates.")
    now, number = world.now(), token_hex(12)
    promise = {
        "id": number,
        "created_at": instant(now),
        "valid_until": instant(now + _PROMISE),
        "pickup": {"eta_minutes": body.get("min_preparation_time_minutes", 15)},
        "dropoff": {
            "location": {"coordinates": {"lat": body.get("lat") or 55.6761, "lon": body.get("lon") or 12.5683}},
            "eta_minutes": 35,
        },
        "price": _PRICE,
        "is_binding": True,
        "parcels": body.get("parcels", []),
    }
    world.books.table("wolt_drive.promise")[number] = promise
    return 201, promise


def _deliver(world: World, account: Json, body: Json, _: Request) -> tuple[int, object]:
    for name in ("pickup", "dropoff", "price", "recipient", "parcels", "merchant_order_reference_id"):
        if name not in body:
            raise _Refused(400, "INVALID_PAYLOAD", f"{name} is required.")
    if not str(body["recipient"].get("phone_number", "")).startswith("+"):
        raise _Refused(400, "INVALID_PAYLOAD", "recipient.phone_number must begin with +.")
    promise = world.books.table("wolt_drive.promise").get(str(body.get("shipment_promise_id")))
    if promise is None or datetime.fromisoformat(promise["valid_until"]) < world.now():
        raise _Refused(404, "SHIPMENT_PROMISE_NOT_FOUND", "There is no such promise any more.")
    deliveries, merchants = world.books.table("wolt_drive.delivery"), str(body["merchant_order_reference_id"])
    if any(each["merchant_order_reference_id"] == merchants for each in deliveries.values()):
        raise _Refused(409, "DUPLICATE_ORDER", "This order has a delivery already.")
    reference, tracking = token_hex(12), token_hex(8)
    delivery = {
        "id": token_hex(12),
        "status": "INFO_RECEIVED",
        "tracking": {"id": tracking, "url": f"{world.address}/track/{tracking}"},
        "pickup": {"eta": instant(world.now() + timedelta(minutes=15))},
        "dropoff": {"eta": instant(world.now() + timedelta(minutes=35))},
        "price": promise["price"],
        "wolt_order_reference_id": reference,
        "merchant_order_reference_id": merchants,
        "order_number": body.get("order_number"),
    }
    deliveries[reference] = {**delivery, "venue": account["number"], "told": [], "at": world.now().isoformat()}
    _tell(world, account, deliveries[reference], "order.received")
    return 201, delivery


def _cancel(world: World, account: Json, body: Json, request: Request) -> tuple[int, object]:
    delivery = world.books.table("wolt_drive.delivery").get(request.path_params["reference"])
    if delivery is None or delivery["venue"] != account["number"]:
        raise _Refused(404, "ORDER_NOT_FOUND", "There is no such delivery.")
    if not body.get("reason"):
        raise _Refused(400, "INVALID_PAYLOAD", "reason is required.")
    if delivery["status"] == "REJECTED" or set(delivery["told"]) & {*_WAY, *_ARRIVAL}:
        raise _Refused(409, "INVALID_ORDER_STATE_TRANSITION", "The courier is on the way.")
    delivery["status"] = "REJECTED"
    _tell(world, account, delivery, "order.rejected")
    return 200, {"status": "REJECTED"}


def _add_hook(world: World, account: Json, body: Json, _: Request) -> tuple[int, object]:
    if not body.get("callback_url") or not body.get("client_secret"):
        raise _Refused(400, "INVALID_PAYLOAD", "callback_url and client_secret are required.")
    hook = {"id": str(uuid4()), "disabled": False, **body, "venue": account["number"]}
    world.books.table("wolt_drive.webhooks")[hook["id"]] = hook
    return 201, _shown(hook)


def _list_hooks(world: World, account: Json, _: Json, __: Request) -> tuple[int, object]:
    hooks = world.books.table("wolt_drive.webhooks").values()
    return 200, [_shown(hook) for hook in hooks if hook["venue"] == account["number"]]


def _change_hook(world: World, account: Json, body: Json, request: Request) -> tuple[int, object]:
    hook = _hook(world, account, request)
    hook.update(body)
    return 200, _shown(hook)


def _remove_hook(world: World, account: Json, _: Json, request: Request) -> tuple[int, object]:
    del world.books.table("wolt_drive.webhooks")[_hook(world, account, request)["id"]]
    return 204, None


def _hook(world: World, account: Json, request: Request) -> Json:
    hook = world.books.table("wolt_drive.webhooks").get(request.path_params["id"])
    if hook is None or hook["venue"] != account["number"]:
        raise _Refused(404, "WEBHOOK_NOT_FOUND", "There is no such webhook.")
    return hook


def _shown(hook: Json) -> Json:
    return {name: value for name, value in hook.items() if name not in ("client_secret", "venue")}


def _tell(world: World, account: Json, delivery: Json, kind: str) -> None:
    """Tells what has happened, as a token within the body: its claims are all there is."""
    delivery["told"].append(kind)
    claims = {
        "dispatched_at": instant(world.now()),
        "type": kind,
        "details": {
            "id": delivery["id"],
            "venue_id": account["number"],
            "wolt_order_reference_id": delivery["wolt_order_reference_id"],
            "tracking_reference": delivery["tracking"]["id"],
            "merchant_order_reference_id": delivery["merchant_order_reference_id"],
            "order_number": delivery["order_number"],
            "price": delivery["price"],
        },
    }
    if kind in _ARRIVAL[1:]:
        claims["details"]["dropoff"] = {"completed_at": instant(world.now())}  # type: ignore[index]
    addresses = [(account["webhook_url"], account["webhook_secret"])] if account["webhook_url"] else []
    for hook in world.books.table("wolt_drive.webhooks").values():
        if hook["venue"] == account["number"] and not hook["disabled"]:
            addresses.append((hook["callback_url"], hook["client_secret"]))
    for url, secret in addresses:
        token = jwt.encode(claims, secret.encode(), "HS256")
        world.post.send(account, kind, json.dumps({"token": token}).encode(), url=url)


def _acts(world: World) -> dict[str, Act]:
    async def event(account: Json, arguments: Json) -> Json:
        """Something happens to a delivery: {delivery: its Wolt reference or the merchant's, type}."""
        wanted = str(arguments["delivery"])
        for delivery in world.books.table("wolt_drive.delivery").values():
            if wanted in (delivery["wolt_order_reference_id"], delivery["merchant_order_reference_id"]):
                _tell(world, account, delivery, str(arguments["type"]))
                return delivery
        return {"error": "There is no such delivery."}

    return {"event": event}


def _ride(world: World) -> None:
    """Couriers go their way by themselves where the account says how many `courier_seconds` a step takes."""
    for delivery in world.books.table("wolt_drive.delivery").values():
        account = world.accounts.get("wolt-drive", delivery["venue"])
        seconds, done = account.get("courier_seconds"), len(delivery["told"]) - 1
        steps = (*_WAY, *_ARRIVAL)
        if not seconds or delivery["status"] == "REJECTED" or done >= len(steps):
            continue
        due = datetime.fromisoformat(delivery["at"]) + timedelta(seconds=seconds * (done + 1))
        if world.now() >= due:
            _tell(world, account, delivery, steps[done])
