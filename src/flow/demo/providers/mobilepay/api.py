"""The addresses of Vipps MobilePay, and what people do in its app and its merchant portal."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flow.demo.providers.books import Json
from flow.demo.providers.mobilepay.approving import approving_routes
from flow.demo.providers.mobilepay.checks import check_amount, check_payment
from flow.demo.providers.mobilepay.errors import Problem, bad_field
from flow.demo.providers.mobilepay.hooks import add_hook, list_hooks, remove_hook
from flow.demo.providers.mobilepay.life import Life, money
from flow.demo.providers.mobilepay.tokens import account_of, give_token
from flow.demo.providers.world import Act, Simulated, World

__all__ = ["mobilepay"]

_LONGEST_KEY = 50
_PAYMENTS = "/epayment/v1/payments"


def mobilepay(world: World) -> Simulated:
    """Vipps MobilePay in this world."""
    calls: tuple[tuple[str, str, Callable[..., Awaitable[Response]]], ...] = (
        ("POST", "/accesstoken/get", give_token),
        ("POST", "/webhooks/v1/webhooks", add_hook),
        ("GET", "/webhooks/v1/webhooks", list_hooks),
        ("DELETE", "/webhooks/v1/webhooks/{id}", remove_hook),
        ("POST", _PAYMENTS, partial(_once, do=_create)),
        ("GET", f"{_PAYMENTS}/{{reference}}", _get),
        ("GET", f"{_PAYMENTS}/{{reference}}/events", _events),
        ("POST", f"{_PAYMENTS}/{{reference}}/capture", partial(_once, do=_capture)),
        ("POST", f"{_PAYMENTS}/{{reference}}/refund", partial(_once, do=_refund)),
        ("POST", f"{_PAYMENTS}/{{reference}}/cancel", partial(_once, do=_cancel)),
        ("POST", "/epayment/v1/test/payments/{reference}/approve", _approve),
    )
    routes = [
        Route(path, partial(_answer, world, handler), methods=[method], name=f"{method} {path}")
        for method, path, handler in calls
    ]
    pages = approving_routes(world)
    return Simulated(name="mobilepay", routes=routes, pages=pages, acts=_acts(world), tick=partial(_expire, world))


def _expire(world: World) -> None:
    for payment in world.books.table("mobilepay.payment").values():
        if payment["state"] == "CREATED":
            Life(world, world.accounts.get("mobilepay", payment["msn"])).find(payment["reference"])


async def _answer(world: World, handler: Callable[..., Awaitable[Response]], request: Request) -> Response:
    try:
        return await handler(world, request)
    except Problem as problem:
        return problem.response()
    except (json.JSONDecodeError, UnicodeDecodeError):
        return bad_field("body", "is not JSON").response()


async def _once(world: World, request: Request, *, do: Callable[[Life, str, Json], tuple[int, Json]]) -> Response:
    """Does it, or answers what was answered to the same idempotency key before."""
    account = account_of(world, request)
    key, raw = request.headers.get("idempotency-key", ""), await request.body()
    if not 0 < len(key) <= _LONGEST_KEY:
        raise bad_field("Idempotency-Key", "is required, with at most 50 characters")
    body = json.loads(raw) if raw else {}
    answers, name = world.books.table("mobilepay.idempotency"), f"{account['number']}:{request.url.path}:{key}"
    kept = answers.get(name)
    if kept is None:
        status, made = do(Life(world, account, key), request.path_params.get("reference", ""), body)
        kept = answers[name] = {"print": raw.decode(), "status": status, "body": json.dumps(made)}
    if kept["print"] != raw.decode():
        raise Problem(409, "idempotency-key-reused", "The Idempotency-Key was used with another body.")
    return JSONResponse(json.loads(kept["body"]), kept["status"])


def _create(life: Life, _: str, body: Json) -> tuple[int, Json]:
    check_payment(body)
    payment = life.create(body)
    answer = {"reference": payment["reference"]}
    return 201, answer if body["userFlow"] == "PUSH_MESSAGE" else {"redirectUrl": life.page_of(payment), **answer}


def _capture(life: Life, reference: str, body: Json) -> tuple[int, Json]:
    payment = life.find(reference)
    life.capture(payment, _modification(payment, body))
    return 200, _summary(payment)


def _refund(life: Life, reference: str, body: Json) -> tuple[int, Json]:
    payment = life.find(reference)
    life.refund(payment, _modification(payment, body))
    return 200, _summary(payment)


def _cancel(life: Life, reference: str, _: Json) -> tuple[int, Json]:
    payment = life.find(reference)
    life.cancel(payment)
    return 200, _summary(payment)


async def _get(world: World, request: Request) -> Response:
    life = Life(world, account_of(world, request))
    payment = life.find(request.path_params["reference"])
    more = {"profile": {}, "redirectUrl": life.page_of(payment), "metadata": payment["metadata"]}
    return JSONResponse({**_summary(payment), "paymentMethod": payment["paymentMethod"], **more})


async def _events(world: World, request: Request) -> Response:
    payment = Life(world, account_of(world, request)).find(request.path_params["reference"])
    return JSONResponse([{name: told[name] for name in told if name != "msn"} for told in payment["events"]])


async def _approve(world: World, request: Request) -> Response:
    life = Life(world, account_of(world, request))
    life.approve(life.find(request.path_params["reference"]))
    return Response(status_code=200)


def _modification(payment: Json, body: Json) -> int:
    value = check_amount("modificationAmount", body.get("modificationAmount"), least=1)
    if body["modificationAmount"]["currency"] != payment["amount"]["currency"]:
        raise bad_field("modificationAmount.currency", "is not the payment's")
    return value


def _summary(payment: Json) -> Json:
    kinds = ("authorized", "cancelled", "captured", "refunded")
    return {
        "amount": payment["amount"],
        "state": payment["state"],
        "aggregate": {f"{kind}Amount": money(payment, payment[kind]) for kind in kinds},
        "pspReference": payment["pspReference"],
        "reference": payment["reference"],
    }


def _acts(world: World) -> dict[str, Act]:
    def act(do: Callable[[Life, Json, Json], None]) -> Act:
        async def carry_out(account: Json, arguments: Json) -> Json:
            life = Life(world, account)
            try:
                payment = life.find(str(arguments["reference"]))
                do(life, payment, arguments)
            except Problem as problem:
                return {"error": str(problem)}
            return _summary(payment)

        return carry_out

    acts: dict[str, Callable[[Life, Json, Json], None]] = {
        "approve": lambda life, payment, _: life.approve(payment),
        "abort": lambda life, payment, _: life.end(payment, "ABORTED"),
        "expire": lambda life, payment, _: life.end(payment, "EXPIRED"),
        "capture": lambda life, payment, given: life.capture(payment, int(given["amount"])),
        "refund": lambda life, payment, given: life.refund(payment, int(given["amount"])),
        "cancel": lambda life, payment, _: life.cancel(payment),
        "fail_capture": lambda life, payment, _: life.fail_capture(payment),
    }
    return {name: act(do) for name, do in acts.items()}
