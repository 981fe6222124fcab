"""A receiver of FLOW's own webhooks, for who has no program of their own yet: it checks, shows and answers them."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from functools import partial
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from flow.demo.providers.books import Json
from flow.demo.providers.page import render
from flow.demo.providers.world import World

__all__ = ["receiver_routes"]

_KEPT = 50
_MOST_BYTES = 1_000_000
_HANGS_SECONDS = 20  # longer than FLOW waits
_ANSWERS = {"200": "200, taken", "500": "500, an error", "429": "429, later", "410": "410, gone", "hang": "no answer"}
_HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")


def receiver_routes(world: World) -> list[Route]:
    """The address that takes webhooks, the same in a browser, and its settings."""
    return [
        Route("/receiver", partial(_show, world), methods=["GET"]),
        Route("/receiver", partial(_take, world), methods=["POST"]),
        Route("/receiver/settings", partial(_set, world), methods=["POST"]),
    ]


async def _show(world: World, _: Request) -> Response:
    settings = _settings(world)
    messages = [
        {**each, "signed": _is_signed(each, settings["secret"]), "text": _pretty(each["body"])}
        for each in reversed(_messages(world).values())
    ]
    address = f"{world.address}/receiver"
    return render("receiver.html", settings=settings, messages=messages, answers=_ANSWERS, address=address)


async def _take(world: World, request: Request) -> Response:
    body = await request.body()
    if len(body) > _MOST_BYTES:
        return Response("This is too large.", 413)
    messages = _messages(world)
    messages[uuid4().hex] = {
        "at": world.now().isoformat(),
        "body": body.decode(errors="replace"),
        "headers": {name: request.headers.get(name, "") for name in _HEADERS},
    }
    while len(messages) > _KEPT:
        messages.pop(next(iter(messages)))
    world.books.touch()
    answer = _settings(world)["answer"]
    if answer == "hang":
        await asyncio.sleep(_HANGS_SECONDS)
        answer = "504"
    return Response(_ANSWERS.get(answer, ""), int(answer))


async def _set(world: World, request: Request) -> Response:
    """The secret to check with, how to answer; or all forgotten."""
    form = {name: str(value).strip() for name, value in (await request.form()).items()}
    if "forget" in form:
        _messages(world).clear()
    if form.get("answer") in _ANSWERS:
        _settings(world).update(secret=form.get("secret", ""), answer=form["answer"])
    world.books.touch()
    return RedirectResponse("/receiver", 303)


def _is_signed(message: Json, secret: str) -> bool | None:
    """Whether the sender holds the secret; None where there is none to check with."""
    if not secret:
        return None
    identifier, timestamp, given = (message["headers"][name] for name in _HEADERS)
    text = secret.removeprefix("whsec_")
    try:
        key = b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        return False
    signed = f"{identifier}.{timestamp}.{message['body']}".encode()
    expected = "v1," + b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    return any(hmac.compare_digest(expected.encode(), each.encode()) for each in given.split())


def _pretty(body: str) -> Json:
    """Its type, and the body in lines; a body that is no JSON object stays as it is."""
    try:
        told = json.loads(body)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        return {"type": "?", "body": body}
    return {"type": str(told.get("type", "?")), "body": json.dumps(told, indent=2, ensure_ascii=False)}


def _messages(world: World) -> dict[str, Json]:
    return world.books.table("receiver.messages")


def _settings(world: World) -> Json:
    return world.books.table("receiver.settings").setdefault("all", {"secret": "", "answer": "200"})
