"""The page on which one is a guest, a courier or a bookkeeper, and makes the providers behave badly."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from flow.demo.providers.books import Json
from flow.demo.providers.knobs import Switchboard
from flow.demo.providers.page import TITLES, in_kroner, render, script, style
from flow.demo.providers.world import Simulated, World
from flow.errors import FlowError

__all__ = ["acting_routes"]

_NEWEST = 8
_NUMBERS = ("amount",)


@dataclass(frozen=True, slots=True)
class _Form:
    """A button with what has to be filled in: names and first values."""

    act: str
    text: str
    fields: tuple[tuple[str, str], ...] = ()


_FORMS: dict[str, tuple[_Form, ...]] = {
    "inmobile": (
        _Form("incoming", "Text the restaurant", (("from", "4520304050"), ("to", "4588776655"), ("text", "STOP"))),
    ),
    "instagram": (_Form("incoming", "Write to it", (("sender", "900000000000001"), ("text", "Har I åbent i aften?"))),),
    "facebook": (
        _Form("incoming", "Write to it", (("sender", "4000000000000001"), ("text", "Har I glutenfri bund?"))),
    ),
    "wolt": (_Form("order", "Order in Wolt's app", (("consumer_name", "Ida"), ("comment", "Uden løg, tak"))),),
}


@dataclass(frozen=True, slots=True)
class _Things:
    """A table whose rows something can be done to: the argument that names a row, and acts by the row's state."""

    table: str
    key: str
    argument: str
    acts: tuple[tuple[str, tuple[str, ...]], ...]


_UNPAID = ("requires_payment_method", "requires_confirmation", "requires_action")
_UNANSWERED = ("received", "fetched", "acknowledged")
_ANY: tuple[str, ...] = ()
_THINGS: dict[str, tuple[_Things, ...]] = {
    "stripe": (
        _Things(
            "stripe.payment_intent",
            "id",
            "payment_intent",
            (("pay", _UNPAID), ("decline", _UNPAID), ("refund", ("succeeded",)), ("dispute", ("succeeded",))),
        ),
    ),
    "mobilepay": (
        _Things(
            "mobilepay.payment",
            "reference",
            "reference",
            (("approve", ("CREATED",)), ("abort", ("CREATED",)), ("expire", ("CREATED",)), ("cancel", ("AUTHORIZED",))),
        ),
    ),
    "wolt": (
        _Things(
            "wolt.order",
            "id",
            "order",
            (
                ("status:ready", ("production",)),
                ("status:delivered", ("production", "ready")),
                ("status:rejected", (*_UNANSWERED, "production", "ready")),
            ),
        ),
    ),
    "wolt-drive": (
        _Things(
            "wolt_drive.delivery",
            "wolt_order_reference_id",
            "delivery",
            tuple((f"event:order.{kind}", _ANY) for kind in ("picked_up", "delivered", "customer_no_show")),
        ),
    ),
    "economic": (
        _Things("economic.invoices/drafts:{number}", "draftInvoiceNumber", "draft", (("book", _ANY),)),
        _Things("economic.invoices/booked:{number}", "bookedInvoiceNumber", "invoice", (("pay", _ANY),)),
    ),
}
_STATES = ("status", "state", "order_status")
_OWNERS = ("_account", "msn", "account", "venue")
_TOLD = ("description", "consumer_name", "order_number")


def acting_routes(world: World, switchboard: Switchboard, providers: dict[str, Simulated]) -> list[Route]:
    """The page and what its buttons do."""
    return [
        Route("/", partial(_show, world, switchboard, tuple(providers)), methods=["GET"]),
        Route("/simulator.css", style),
        Route("/simulator.js", script),
        Route("/act", partial(_act, world, providers), methods=["POST"]),
        Route("/turn", partial(_turn, switchboard), methods=["POST"]),
    ]


async def _show(world: World, switchboard: Switchboard, providers: tuple[str, ...], request: Request) -> Response:
    return render(
        "acting.html",
        note=request.query_params.get("note", ""),
        accounts=[
            {
                **account,
                "forms": _FORMS.get(name, ()),
                "rows": _rows_of(world, account),
                "fetched": _fetched(world, account),
            }
            for name in providers
            for account in world.accounts.of(name)
        ],
        knobs={name: asdict(switchboard.of(name)) for name in providers},
        titles=TITLES,
        opened=request.query_params.get("restaurant", ""),
        in_words=_in_words,
        post=world.post.tally(),
    )


async def _act(world: World, providers: dict[str, Simulated], request: Request) -> Response:
    form = {name: str(value) for name, value in (await request.form()).items()}
    provider, number, act = form.pop("provider"), form.pop("number"), form.pop("act")
    act, _, detail = act.partition(":")
    given: Json = {name: int(value) if name in _NUMBERS else value for name, value in form.items() if value}
    if detail:
        given["type" if provider == "wolt-drive" else "status"] = detail
    account = world.accounts.get(provider, number)
    try:
        made = await providers[provider].acts[act](account, given)
    except FlowError as error:
        made = {"error": error.message}
    note = str(made["error"]) if "error" in made else f"{TITLES[provider]}: {_in_words(detail or act)}, done."
    return _back(note, restaurant=account["name"])


async def _turn(switchboard: Switchboard, request: Request) -> Response:
    form = {name: str(value) for name, value in (await request.form()).items()}
    provider = form.pop("provider")
    changes: dict[str, object] = {name: float(value) for name, value in form.items() if name != "outage"}
    switchboard.turn({**changes, "outage": "outage" in form}, provider=provider)
    return _back(f"{TITLES[provider]} behaves so from now on.")


def _in_words(act: str) -> str:
    """`event:order.picked_up` is "picked up"."""
    return act.rpartition(":")[2].rpartition(".")[2].replace("_", " ")


def _back(note: str, *, restaurant: str = "") -> Response:
    return RedirectResponse(f"/?{urlencode({'note': note, 'restaurant': restaurant})}", 303)


def _rows_of(world: World, account: Json) -> list[Json]:
    """The newest things of an account, with what can be done to each."""
    rows = []
    for things in _THINGS.get(account["provider"], ()):
        table = world.books.table(things.table.format(number=account["number"]))
        mine = [thing for thing in table.values() if _owner(thing) in (None, account["number"])]
        for thing in reversed(mine[-_NEWEST:]):
            state = next((str(thing[name]) for name in _STATES if name in thing), "")
            acts = [act for act, states in things.acts if not states or state in states]
            told = [_price(thing), state.lower().replace("_", " "), *(str(thing.get(name) or "") for name in _TOLD)]
            name = thing[things.key]
            rows.append(
                {"name": name, "argument": things.argument, "acts": acts, "told": " · ".join(filter(None, told))}
            )
    return rows


def _price(thing: Json) -> str:
    """What it costs; e-conomic counts in kroner and the others in øre, under names of their own."""
    if "grossAmount" in thing:
        return in_kroner(round(thing["grossAmount"] * 100))
    amount = thing["basket_price"]["total"] if "basket_price" in thing else thing.get("amount", thing.get("price"))
    if isinstance(amount, dict):
        amount = amount.get("value", amount.get("amount"))
    return "" if amount is None else in_kroner(amount)


def _owner(thing: Json) -> str | None:
    owner = next((thing[name] for name in _OWNERS if name in thing), None)
    return str(owner["id"]) if isinstance(owner, dict) else owner


def _fetched(world: World, account: Json) -> list[str]:
    """What the restaurant has said lately, for guests to read."""
    tables = {"inmobile": "inmobile.outgoing", "instagram": "meta.sent", "facebook": "meta.sent"}
    table = tables.get(account["provider"])
    if table is None:
        return []
    mine = [row for row in world.books.table(table).values() if row["account"] == account["number"]]
    return [f"{_to(row)}: {row['text']}" for row in reversed(mine[-_NEWEST:])]


def _to(row: Json) -> str:
    return str(row["recipient"] if "recipient" in row else row["numberDetails"]["msisdn"])
