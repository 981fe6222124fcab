"""The desk of each provider: accounts are opened there, keys read, and the address for webhooks is left."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from flow.demo.providers.books import Json
from flow.demo.providers.opening import new_account, papers
from flow.demo.providers.page import TITLES, render
from flow.demo.providers.world import World

__all__ = ["desk_routes"]

_CARRIED = ("provider", "name", "webhook_url", "back")


def desk_routes(world: World) -> list[Route]:
    """The page of a customer at a provider, and what its buttons do."""
    return [
        Route("/account", partial(_show, world), methods=["GET"]),
        Route("/open", partial(_open, world), methods=["POST"]),
        Route("/deliver", partial(_deliver, world), methods=["POST"]),
    ]


async def _show(world: World, request: Request) -> Response:
    """`?provider=&name=`: that customer's accounts; `webhook_url` is where FLOW takes webhooks, `back` its page."""
    given = {name: request.query_params.get(name, "") for name in _CARRIED}
    if not given["back"].startswith(("http://", "https://")):
        given["back"] = ""
    accounts = [each for each in world.accounts.of(given["provider"]) if _plain(each["name"]) == _plain(given["name"])]
    return render(
        "account.html",
        given=given,
        title=TITLES.get(given["provider"], given["provider"]),
        accounts=[{**each, "taken": _taken(each, given)} for each in accounts],
        note=request.query_params.get("note", ""),
    )


async def _open(world: World, request: Request) -> Response:
    form = await _form(request)
    account = new_account(world, form["provider"], form["name"])
    if url := form.get("webhook_url", "").strip():
        account["webhook_url"] = url
    return _back(form, f"{TITLES[account['provider']]} has a new account, {account['number']}.")


async def _deliver(world: World, request: Request) -> Response:
    form = await _form(request)
    url = form["webhook_url"].strip()
    world.accounts.get(form["provider"], form["number"])["webhook_url"] = url
    world.books.touch()
    title = TITLES[form["provider"]]
    return _back(form, f"{title} delivers to that address." if url else f"{title} delivers nowhere.")


def _back(form: dict[str, str], note: str) -> Response:
    """To the page that the form was on: the customer's own, or the one with everybody."""
    if "back" not in form:
        return RedirectResponse(f"/?{urlencode({'note': note})}", 303)
    query = {name: form.get(name, "") for name in _CARRIED}
    return RedirectResponse(f"/account?{urlencode({**query, 'note': note})}", 303)


async def _form(request: Request) -> dict[str, str]:
    return {name: str(value) for name, value in (await request.form()).items()}


def _taken(account: Json, given: dict[str, str]) -> str:
    """FLOW's page with the keys in the fragment, which no server sees; empty where nobody came from there."""
    return f"{given['back']}#{urlencode(papers(account, given['name']))}" if given["back"] else ""


def _plain(name: object) -> str:
    return str(name).casefold().strip().replace(" ", "-")
