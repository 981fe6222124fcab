"""The page on which a guest approves, in place of the app on a phone."""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from flow.demo.providers.books import Json
from flow.demo.providers.mobilepay.errors import Problem
from flow.demo.providers.mobilepay.life import Life
from flow.demo.providers.page import paying_page
from flow.demo.providers.world import World

__all__ = ["approving_routes"]

_PATH = "/pay/mobilepay/{msn}/{reference}"


def approving_routes(world: World) -> list[Route]:
    """Show the page, and take what the guest chooses on it."""
    return [
        Route(_PATH, partial(_show, world), methods=["GET"]),
        Route(_PATH, partial(_choose, world), methods=["POST"]),
    ]


async def _show(world: World, request: Request) -> Response:
    try:
        return _page(_found(world, request)[1])
    except Problem as problem:
        return problem.response()


async def _choose(world: World, request: Request) -> Response:
    choice = (await request.form()).get("choice")
    try:
        life, payment = _found(world, request)
        if choice == "approve":
            life.approve(payment)
        else:
            life.end(payment, "ABORTED")
    except Problem as problem:
        return problem.response()
    # The guest comes back to the same address whatever was chosen: the shop has to ask how it went.
    return RedirectResponse(payment["return_url"], 303) if payment["return_url"] else _page(payment, "Done.")


def _found(world: World, request: Request) -> tuple[Life, Json]:
    life = Life(world, world.accounts.get("mobilepay", request.path_params["msn"]))
    return life, life.find(request.path_params["reference"])


def _page(payment: Json, note: str = "") -> Response:
    return paying_page(
        "MobilePay",
        amount=payment["amount"]["value"],
        currency=payment["amount"]["currency"],
        description=payment["description"],
        choices={"approve": "Approve", "abort": "Decline"} if payment["state"] == "CREATED" else {},
        note=note or ("" if payment["state"] == "CREATED" else f"This payment is {payment['state'].lower()}."),
    )
