"""Who sent a request: the address of the visitor, and whether it comes from a page of ours."""

from __future__ import annotations

from collections.abc import Collection

from starlette.requests import HTTPConnection, Request
from starlette.types import Scope

from flow.errors import NotAllowed
from flow.web.services import services

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_X_FORWARDED_FOR = b"x-forwarded-for"


class ForeignPage(NotAllowed):
    """This request comes from a page of another site."""

    code = "foreign_page"


def client_address(scope: Scope, trusted_proxies: Collection[str]) -> str:
    """The visitor's address: the last one in X-Forwarded-For that is no trusted proxy; empty if unknown.

    The header is believed only when a trusted proxy sent the request: anyone can write it.
    """
    client = scope.get("client")
    address = str(client[0]) if client else ""
    if address and address not in trusted_proxies:
        return address
    forwarded = [value for name, value in scope["headers"] if name == _X_FORWARDED_FOR]
    for hop in reversed(b",".join(forwarded).decode("latin-1").split(",")):
        if (told := hop.strip()) and told not in trusted_proxies:
            return told
    return address


def address_of(connection: HTTPConnection) -> str:
    """The visitor's address, with the settings' trusted proxies."""
    return client_address(connection.scope, services(connection).settings.trusted_proxy_addresses)


def require_same_origin(request: Request) -> None:
    """ForeignPage when a browser says that another site's page made this unsafe request.

    A browser that says nothing is too old to be asked, or a program; its cookie is SameSite=Lax.
    """
    if request.method in SAFE_METHODS:
        return
    origin = request.headers.get("origin")
    if origin is not None and _is_own(request, origin):
        return
    site = request.headers.get("sec-fetch-site")
    if site in ("same-origin", "none") or (site is None and origin is None):
        return
    raise ForeignPage


def local_path(path: str | None, *, default: str = "/") -> str:
    """`path` if it leads to a page of this site, else `default`; so a log-in cannot send people elsewhere."""
    if not path or not path.startswith("/") or path[1:2] in ("/", "\\"):
        return default
    if any(character < "!" or character == "\\" for character in path):
        return default  # browsers drop tabs and newlines, and read a backslash as a slash
    return path


def _is_own(request: Request, origin: str) -> bool:
    settings = services(request).settings
    scheme, _, host = origin.partition("://")
    if settings.is_https and scheme != "https":
        return False  # somebody on the way could have written that page
    return origin == settings.base_url or host == request.headers.get("host")
