"""The addresses of InMobile's REST API, and what people do with their telephones."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from functools import partial
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flow.demo.providers.books import Json
from flow.demo.providers.inmobile.errors import Refused
from flow.demo.providers.inmobile.sending import Sending, instant
from flow.demo.providers.inmobile.texts import number_details
from flow.demo.providers.world import Act, Simulated, World, identifier

__all__ = ["inmobile"]

_MOST = 250
Handler = Callable[[World, Json, Json, Request], tuple[int, object]]


def inmobile(world: World) -> Simulated:
    """InMobile in this world."""
    calls: tuple[tuple[str, str, Handler], ...] = (
        ("POST", "/v4/sms/outgoing", _send),
        ("POST", "/v4/sms/outgoing/cancel", _cancel),
        ("GET", "/v4/sms/outgoing/reports", _reports),
        ("GET", "/v4/sms/incoming/messages", _incoming),
        ("POST", "/v4/sms/gdpr/deletionrequests", _forget),
        ("POST", "/v4/tools/parsephonenumbers", _parse_numbers),
        ("POST", "/v4/blacklist", _blacklist),
        ("GET", "/v4/blacklist", _blacklisted),
        ("GET", "/v4/blacklist/ByNumber", _blacklisted_number),
        ("DELETE", "/v4/blacklist/ByNumber", _unlist),
    )
    routes = [
        Route(path, partial(_answer, world, handler), methods=[method], name=f"{method} {path}")
        for method, path, handler in calls
    ]
    return Simulated(name="inmobile", routes=routes, acts=_acts(world), tick=partial(_tick, world))


async def _answer(world: World, handler: Handler, request: Request) -> Response:
    try:
        account, raw = _account(world, request), await request.body()
        status, body = handler(world, account, json.loads(raw) if raw else {}, request)
    except Refused as refused:
        return refused.response()
    except json.JSONDecodeError:
        return Refused(400, "The body is not JSON").response()
    return Response(status_code=204) if body is None else JSONResponse(body, status)


def _account(world: World, request: Request) -> Json:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    try:
        key = base64.b64decode(given).decode().partition(":")[2] if scheme.lower() == "basic" else ""
    except (binascii.Error, UnicodeDecodeError):
        key = ""
    account = world.accounts.known_by("inmobile", "api_key", key)
    if account is None:
        raise Refused(401, "The API key is not valid")
    return account


def _send(world: World, account: Json, body: Json, _: Request) -> tuple[int, object]:
    return 200, {"results": Sending(world, account).take(body)}


def _cancel(world: World, account: Json, body: Json, _: Request) -> tuple[int, object]:
    numbers = body.get("messageIds", [])
    if not 1 <= len(numbers) <= _MOST:
        raise Refused(400, "messageIds must hold 1 to 250 ids")
    return 200, {"results": [Sending(world, account).cancel(str(number)) for number in numbers]}


def _reports(world: World, account: Json, _: Json, request: Request) -> tuple[int, object]:
    return 200, {"reports": _read_once(world, account, request, "reports", "report")}


def _incoming(world: World, account: Json, _: Json, request: Request) -> tuple[int, object]:
    return 200, {"messages": _read_once(world, account, request, "incoming", "message")}


def _read_once(world: World, account: Json, request: Request, table: str, name: str) -> list[Json]:
    """What waits to be fetched, at most `limit`; it is gone afterwards, whether it arrives or not."""
    limit = int(request.query_params.get("limit", _MOST))
    if not 1 <= limit <= _MOST:
        raise Refused(400, "limit must be 1 to 250")
    waiting = world.books.table(f"inmobile.{table}")
    keys = [key for key, row in waiting.items() if row["account"] == account["number"]][:limit]
    world.books.touch()
    return [waiting.pop(key)[name] for key in keys]


def _forget(world: World, _: Json, body: Json, __: Request) -> tuple[int, object]:
    number = _number_of(body)
    for message in world.books.table("inmobile.outgoing").values():
        if message["numberDetails"]["msisdn"] == number:
            message["numberDetails"] = {"isValidMsisdn": True, "isAnonymized": True, "msisdn": None}
            message["text"] = ""
    return 200, {"id": str(uuid4())}


def _parse_numbers(_: World, __: Json, body: Json, ___: Request) -> tuple[int, object]:
    numbers = body.get("numbersToParse", [])
    return 200, {"results": [number_details(str(each["rawMsisdn"]), each.get("countryHint")) for each in numbers]}


def _blacklist(world: World, _: Json, body: Json, __: Request) -> tuple[int, object]:
    number, listed = _number_of(body), world.books.table("inmobile.blacklist")
    if number in listed:
        raise Refused(409, "The number is on the blacklist already")
    listed[number] = {"id": str(uuid4()), "numberInfo": body["numberInfo"], "comment": body.get("comment", "")}
    return 200, listed[number]


def _blacklisted(world: World, _: Json, __: Json, ___: Request) -> tuple[int, object]:
    return 200, {"entries": list(world.books.table("inmobile.blacklist").values()), "_links": {"isLastPage": True}}


def _blacklisted_number(world: World, _: Json, __: Json, request: Request) -> tuple[int, object]:
    found = world.books.table("inmobile.blacklist").get(_number_asked(request))
    if found is None:
        raise Refused(404, "The number is not on the blacklist")
    return 200, found


def _unlist(world: World, _: Json, __: Json, request: Request) -> tuple[int, object]:
    if world.books.table("inmobile.blacklist").pop(_number_asked(request), None) is None:
        raise Refused(404, "The number is not on the blacklist")
    return 204, None


def _number_of(body: Json) -> str:
    number = body.get("numberInfo", {})
    if not number.get("countryCode") or not number.get("phoneNumber"):
        raise Refused(400, "numberInfo must hold countryCode and phoneNumber")
    return f"{number['countryCode']}{number['phoneNumber']}"


def _number_asked(request: Request) -> str:
    return request.query_params.get("countryCode", "") + request.query_params.get("phoneNumber", "")


def _acts(world: World) -> dict[str, Act]:
    async def incoming(account: Json, arguments: Json) -> Json:
        """Somebody texts the restaurant: {from, to, text}; it waits to be fetched, and may be pushed."""
        sender, to = number_details(str(arguments["from"]), "DK"), number_details(str(arguments["to"]), "DK")
        message = {
            "from": {
                "countryCode": sender["countryCode"],
                "phoneNumber": sender["phoneNumber"],
                "rawSource": str(arguments["from"]),
                "isValidMsisdn": sender["isValidMsisdn"],
            },
            "to": {name: to[name] for name in ("countryCode", "phoneNumber", "msisdn")},
            "text": str(arguments["text"]),
            "receivedAt": instant(world.now()),
        }
        world.books.table("inmobile.incoming")[identifier("", 16)] = {"account": account["number"], "message": message}
        world.books.table("inmobile.received")[identifier("", 16)] = {"account": account["number"], **message}
        if account["webhook_url"]:
            body = json.dumps({"messages": [message]}, ensure_ascii=False).encode()
            world.post.send(account, "incoming", body)
        world.books.touch()
        return message

    return {"incoming": incoming}


def _tick(world: World) -> None:
    for account in world.accounts.of("inmobile"):
        Sending(world, account).send_due()
