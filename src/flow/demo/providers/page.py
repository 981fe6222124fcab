"""The simulator's own pages: where guests pay, and where one acts as guest or provider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

__all__ = ["TITLES", "in_kroner", "paying_page", "render", "script", "style"]

_TEMPLATES = Environment(loader=PackageLoader("flow.demo.providers"), autoescape=True, undefined=StrictUndefined)
TITLES: Final = {
    "stripe": "Stripe",
    "mobilepay": "Vipps MobilePay",
    "inmobile": "InMobile",
    "instagram": "Instagram",
    "facebook": "Facebook Messenger",
    "wolt": "Wolt",
    "wolt-drive": "Wolt Drive",
    "economic": "e-conomic",
}
"""The providers by the names that people know."""


def paying_page(
    provider: str, *, amount: int, currency: str, description: str, choices: Mapping[str, str], note: str
) -> Response:
    """A page with an amount (øre) and buttons; what is chosen is posted to the same address as `choice`."""
    price = in_kroner(amount, currency)
    return render("paying.html", provider=provider, price=price, description=description, choices=choices, note=note)


def in_kroner(amount: int, currency: str = "DKK") -> str:
    """øre as people read them."""
    return f"{amount // 100},{amount % 100:02d} {'kr.' if currency == 'DKK' else currency}"


def render(template: str, **values: object) -> Response:
    """One of our templates as a page."""
    return HTMLResponse(_TEMPLATES.get_template(template).render(**values))


async def style(_request: Request) -> Response:
    """How the pages look."""
    return Response(_TEMPLATES.get_template("simulator.css").render(), media_type="text/css")


async def script(_request: Request) -> Response:
    """What the pages can do beyond forms: copy, and show what comes meanwhile."""
    return Response(_TEMPLATES.get_template("simulator.js").render(), media_type="text/javascript")
