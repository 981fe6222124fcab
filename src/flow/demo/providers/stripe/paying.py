"""The page on which a guest pays by card."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from flow.demo.providers.books import Json
from flow.demo.providers.page import paying_page
from flow.demo.providers.stripe.errors import StripeError
from flow.demo.providers.stripe.life import Life
from flow.demo.providers.world import World
from flow.errors import NotFound

__all__ = ["paying_routes"]

_CHOICES = {"pay": "Pay with a card that works", "decline": "Use a card without money", "cancel": "Go back"}


def paying_routes(world: World) -> list[Route]:
    """Show the page, and take what the guest chooses on it."""
    return [
        Route("/pay/stripe/{id}", partial(_show, world), methods=["GET"]),
        Route("/pay/stripe/{id}", partial(_choose, world), methods=["POST"]),
    ]


async def _show(world: World, request: Request) -> Response:
    thing = _thing(world, request.path_params["id"])
    # An intent that the shop's own page would confirm says here where its guest comes from.
    if "return_url" in request.query_params and "_return_url" in thing:
        thing["_return_url"] = request.query_params["return_url"]
    return _page(thing)


async def _choose(world: World, request: Request) -> Response:
    thing = _thing(world, request.path_params["id"])
    life = Life(world, world.accounts.get("stripe", thing["_account"]))
    choice = (await request.form()).get("choice")
    if thing["status"] in ("expired", "complete", "succeeded", "canceled", "requires_capture"):
        return _page(thing)
    is_session = thing["object"] == "checkout.session"
    if choice == "cancel":
        return _back(thing, is_paid=False)
    try:
        intent = life.intent_of(thing) if is_session else thing
        if choice == "decline":
            life.decline(intent)
            return _page(thing, "The card was declined. Try again, or go back.")
        life.pay(intent)
    except StripeError as error:
        return _page(thing, str(error))
    if is_session:
        life.complete_session(thing)
    return _back(thing, is_paid=True)


def _page(thing: Json, note: str = "") -> Response:
    is_open = thing["status"] in ("open", "requires_payment_method", "requires_action")
    return paying_page(
        "Stripe",
        amount=thing["amount_total"] if "amount_total" in thing else thing["amount"],
        currency=str(thing["currency"]).upper(),
        description=thing.get("description") or thing.get("_intent", {}).get("description") or "",
        choices=_CHOICES if is_open else {},
        note=note or ("" if is_open else f"This payment is {thing['status'].replace('_', ' ')}."),
    )


def _back(thing: Json, *, is_paid: bool) -> Response:
    if thing["object"] == "checkout.session":
        url = thing["success_url"] if is_paid else thing["cancel_url"] or thing["success_url"]
        return RedirectResponse(str(url).replace("{CHECKOUT_SESSION_ID}", thing["id"]), 303)
    url = thing["_return_url"]
    if not url:
        return _page(thing, "Paid. Nobody said where to go from here." if is_paid else "Nothing was paid.")
    told = {
        "payment_intent": thing["id"],
        "payment_intent_client_secret": thing["client_secret"],
        "redirect_status": "succeeded" if is_paid else "failed",
    }
    return RedirectResponse(f"{url}{'&' if '?' in url else '?'}{urlencode(told)}", 303)


def _thing(world: World, number: str) -> Json:
    for table in ("stripe.payment_intent", "stripe.checkout.session"):
        if number in world.books.table(table):
            return world.books.table(table)[number]
    raise NotFound("There is nothing to pay here.")
