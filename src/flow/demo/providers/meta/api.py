"""The Graph API's addresses for messages, and what customers do."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from secrets import randbelow

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flow.demo.providers.books import Json
from flow.demo.providers.meta.threads import Threads
from flow.demo.providers.world import Act, Simulated, World, identifier

__all__ = ["facebook", "instagram"]

_MOST_INSTAGRAM_BYTES, _MOST_MESSENGER_CHARACTERS = 1000, 2000
_TYPES = ("RESPONSE", "UPDATE", "MESSAGE_TAG")
_OUTSIDE_WINDOW = 2018278


class _GraphError(Exception):
    def __init__(self, status: int, code: int, message: str, **more: object) -> None:
        super().__init__(message)
        kind = "OAuthException" if code in (10, 190) else "IGApiException"
        error = {"message": message, "type": kind, "code": code, "fbtrace_id": identifier("A", 22), **more}
        self.response = JSONResponse({"error": error}, status)


Handler = Callable[[World, Json, Json], Json]


def instagram(world: World) -> Simulated:
    """Instagram messaging in this world."""
    return _graph(world, "instagram")


def facebook(world: World) -> Simulated:
    """Messenger in this world."""
    return _graph(world, "facebook")


def _graph(world: World, name: str) -> Simulated:
    calls: tuple[tuple[str, str, Handler], ...] = (
        ("POST", "/{version}/{id}/messages", _send),
        ("POST", "/{version}/{id}/subscribed_apps", _subscribe),
        ("GET", "/{version}/{id}/subscribed_apps", _subscribed),
        ("GET", "/{version}/{id}", _about),
    )
    routes = [
        Route(path, partial(_answer, world, name, handler), methods=[method], name=f"{method} {path}")
        for method, path, handler in calls
    ]
    return Simulated(name=name, routes=routes, acts=_acts(world))


async def _answer(world: World, name: str, handler: Handler, request: Request) -> Response:
    try:
        account = _account(world, name, request)
        raw = await request.body()
        # The Graph API takes arguments in the address as well as in the body.
        return JSONResponse(handler(world, account, {**request.query_params, **(json.loads(raw) if raw else {})}))
    except _GraphError as error:
        return error.response
    except json.JSONDecodeError:
        return _GraphError(400, 100, "(#100) The body is not JSON").response


def _account(world: World, name: str, request: Request) -> Json:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    token = token if scheme == "Bearer" else request.query_params.get("access_token", "")
    account = world.accounts.known_by(name, "access_token", token)
    if account is None:
        raise _GraphError(400, 190, "Invalid OAuth access token.")
    if request.path_params["id"] not in ("me", account["number"]):
        raise _GraphError(400, 100, "Unsupported request: this object does not exist or is not yours.")
    return account


def _about(_: World, account: Json, __: Json) -> Json:
    return {"id": account["number"], "name": account["name"], "username": account["name"].lower()}


def _subscribe(world: World, account: Json, body: Json) -> Json:
    fields = [name for name in str(body.get("subscribed_fields", "")).split(",") if name]
    if not fields:
        raise _GraphError(400, 100, "(#100) The parameter subscribed_fields is required")
    account["subscribed_fields"] = fields
    world.books.touch()
    return {"success": True}


def _subscribed(_: World, account: Json, __: Json) -> Json:
    fields = account.get("subscribed_fields") or []
    return {"data": [{"name": "FLOW", "id": "123456789", "subscribed_fields": fields}] if fields else []}


def _send(world: World, account: Json, body: Json) -> Json:
    recipient = str(body.get("recipient", {}).get("id", ""))
    message, kind = body.get("message", {}), body.get("messaging_type", "RESPONSE")
    if not recipient or not (message.get("text") or message.get("attachment")):
        raise _GraphError(400, 100, "(#100) recipient and message are required")
    if kind not in _TYPES or (kind == "MESSAGE_TAG") != ("tag" in body):
        raise _GraphError(400, 100, "(#100) messaging_type and tag do not fit")
    if _is_too_long(account, str(message.get("text", ""))):
        raise _GraphError(400, 100, "(#100) The message is too long")
    threads = Threads(world, account)
    if not threads.may_send(recipient, as_human=body.get("tag") == "HUMAN_AGENT"):
        raise _GraphError(
            403, 10, "(#10) This message is sent outside of allowed window.", error_subcode=_OUTSIDE_WINDOW
        )
    return {"recipient_id": recipient, "message_id": threads.send(recipient, message)}


def _is_too_long(account: Json, text: str) -> bool:
    if account["provider"] == "instagram":
        return len(text.encode()) > _MOST_INSTAGRAM_BYTES
    return len(text) > _MOST_MESSENGER_CHARACTERS


def _acts(world: World) -> dict[str, Act]:
    async def incoming(account: Json, arguments: Json) -> Json:
        """A customer writes: {sender, text}, or anything else that `Threads.receive` takes."""
        return {"mids": Threads(world, account).receive([arguments])}

    async def batch(account: Json, arguments: Json) -> Json:
        """Several in one delivery: {items: […]}."""
        return {"mids": Threads(world, account).receive(arguments["items"])}

    async def handshake(account: Json, _: Json) -> Json:
        """Meta checks the webhook's address before it sends anything; the answer has to be the challenge."""
        challenge = str(randbelow(10**10))
        query = {
            "hub.mode": "subscribe",
            "hub.challenge": challenge,
            "hub.verify_token": account["credentials"].get("verify_token", ""),
        }
        answer = await world.post.ask(account["webhook_url"], query)
        return {"status": answer.status_code, "is_greeted": answer.is_success and answer.text == challenge}

    return {"incoming": incoming, "batch": batch, "handshake": handshake}
