"""Stripe's addresses, and what its own people and the guests' banks can do."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flow.demo.providers.books import Json
from flow.demo.providers.stripe import forms
from flow.demo.providers.stripe.calls import CALLS, Arguments, Handler
from flow.demo.providers.stripe.errors import StripeError
from flow.demo.providers.stripe.life import Life
from flow.demo.providers.stripe.objects import API_VERSION
from flow.demo.providers.stripe.paying import paying_routes
from flow.demo.providers.world import Act, Simulated, World, identifier

__all__ = ["stripe"]

_LONGEST_KEY = 255


def stripe(world: World) -> Simulated:
    """Stripe in this world."""
    routes = [
        Route(path, partial(_answer, world, handler), methods=[method], name=f"{method} {path}")
        for method, path, handler in CALLS
    ]
    pages = paying_routes(world)
    return Simulated(name="stripe", routes=routes, pages=pages, acts=_acts(world), tick=partial(_expire, world))


def _expire(world: World) -> None:
    for session in world.books.table("stripe.checkout.session").values():
        if session["status"] == "open" and session["expires_at"] <= world.now().timestamp():
            Life(world, world.accounts.get("stripe", session["_account"])).expire_session(session)


async def _answer(world: World, handler: Handler, request: Request) -> Response:
    number = identifier("req_", 14)
    try:
        account = _account(world, request)
        body = await request.body()
        parameters = (
            forms.nested(request.query_params.multi_items())
            if request.method == "GET"
            else forms.parse(body, request.headers.get("content-type", ""))
        )
        arguments = Arguments(parameters, dict(request.path_params))
        answer = _once(world, account, request, body, lambda told: handler(Life(world, account, told), arguments))
    except StripeError as error:
        answer = error.response()
    answer.headers.update({"request-id": number, "stripe-version": API_VERSION})
    return answer


def _account(world: World, request: Request) -> Json:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            given = ""
    account = world.accounts.known_by("stripe", "secret_key", given)
    if account is None:
        raise StripeError(401, "invalid_request_error", "Invalid API Key provided.")
    return account


def _once(world: World, account: Json, request: Request, body: bytes, do: Callable[[Json], Json]) -> Response:
    """Does it, or answers what was answered to the same idempotency key before."""
    key = request.headers.get("idempotency-key")
    told = {"id": identifier("req_", 14), "idempotency_key": key}
    if request.method != "POST" or key is None:
        return JSONResponse(do(told))
    if not 0 < len(key) <= _LONGEST_KEY:
        raise StripeError(400, "idempotency_error", "Idempotency keys may be at most 255 characters long.")
    answers = world.books.table("stripe.idempotency")
    print_ = hashlib.sha256(request.url.path.encode() + b"\n" + body).hexdigest()
    kept = answers.get(f"{account['number']}:{key}")
    if kept is not None:
        if kept["print"] != print_:
            raise StripeError(
                400,
                "idempotency_error",
                "Keys for idempotent requests can only be used with the same parameters they were first used with.",
            )
        return JSONResponse(json.loads(kept["body"]), kept["status"], {"idempotent-replayed": "true"})
    try:
        status, made = 200, do(told)
    except StripeError as error:
        if not error.is_kept:
            raise
        status, made = error.status, error.body
    # A snapshot: the object goes on changing, the answer to this key does not.
    answers[f"{account['number']}:{key}"] = {"print": print_, "status": status, "body": json.dumps(made)}
    return JSONResponse(made, status)


def _acts(world: World) -> dict[str, Act]:
    def act(do: Callable[[Life, Json], Json]) -> Act:
        async def carry_out(account: Json, arguments: Json) -> Json:
            try:
                return do(Life(world, account), arguments)
            except StripeError as error:
                return {"error": str(error)}

        return carry_out

    def intent(life: Life, arguments: Json) -> Json:
        return life.find("payment_intent", str(arguments["payment_intent"]))

    def charge(life: Life, arguments: Json) -> Json:
        return life.find("charge", str(intent(life, arguments)["latest_charge"]))

    acts: dict[str, Callable[[Life, Json], Json]] = {
        "pay": lambda life, arguments: life.pay(intent(life, arguments)),
        "decline": lambda life, arguments: life.decline(intent(life, arguments)),
        "refund": lambda life, arguments: life.refund(charge(life, arguments), arguments.get("amount"), {}),
        "fail_refund": lambda life, arguments: life.fail_refund(life.find("refund", str(arguments["refund"]))),
        "dispute": lambda life, arguments: life.dispute(charge(life, arguments)),
        "close_dispute": lambda life, arguments: life.close_dispute(
            life.find("dispute", str(arguments["dispute"])), str(arguments["status"])
        ),
    }
    return {name: act(do) for name, do in acts.items()}
