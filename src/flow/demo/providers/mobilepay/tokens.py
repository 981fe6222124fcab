"""Who may call Vipps MobilePay: access tokens, and the headers that go with every call."""

from __future__ import annotations

from datetime import timedelta
from hmac import compare_digest

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from flow.demo.providers.books import Json
from flow.demo.providers.mobilepay.errors import Problem
from flow.demo.providers.world import World, identifier

__all__ = ["account_of", "give_token"]

_VALID = timedelta(hours=1)


async def give_token(world: World, request: Request) -> Response:
    """A token for client id and secret. Its numbers are text, as Vipps MobilePay writes them."""
    account = _sales_unit(world, request)
    credentials = account["credentials"]
    for header in ("client_id", "client_secret"):
        if not compare_digest(credentials[header].encode(), request.headers.get(header, "").encode()):
            raise Problem(401, "unauthorized", "Client id or client secret is wrong.")
    now, token = world.now(), identifier("eyJ", 60)
    until = now + _VALID
    tokens = world.books.table("mobilepay.tokens")
    tokens[token] = {"msn": account["number"], "until": int(until.timestamp())}
    return JSONResponse(
        {
            "token_type": "Bearer",
            "expires_in": str(int(_VALID.total_seconds())),
            "ext_expires_in": "0",
            "expires_on": str(int(until.timestamp())),
            "not_before": str(int(now.timestamp())),
            "resource": "00000002-0000-0000-c000-000000000000",
            "access_token": token,
        }
    )


def account_of(world: World, request: Request) -> Json:
    """The sales unit that calls, by its token and the headers of every call."""
    account = _sales_unit(world, request)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    known = world.books.table("mobilepay.tokens").get(token)
    if scheme != "Bearer" or known is None or known["until"] <= world.now().timestamp():
        raise Problem(401, "unauthorized", "The access token is not valid.")
    if known["msn"] != account["number"]:
        raise Problem(401, "unauthorized", "The access token is for another sales unit.")
    return account


def _sales_unit(world: World, request: Request) -> Json:
    number = request.headers.get("merchant-serial-number", "")
    for account in world.accounts.of("mobilepay"):
        key = account["credentials"]["subscription_key"]
        if account["number"] == number and compare_digest(
            key.encode(), request.headers.get("ocp-apim-subscription-key", "").encode()
        ):
            return account
    raise Problem(401, "unauthorized", "Subscription key or merchant serial number is wrong.")
