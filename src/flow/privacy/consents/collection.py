"""How an answer came, as the request tells: the network of its address and the browser, cut to what a proof needs."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from uuid import UUID

from fastapi import Request

from flow.privacy.consents.types import Collection, Method
from flow.web.addresses import address_of

__all__ = ["collection_of", "network_of"]

_MOST_CHARACTERS = 400


def collection_of(request: Request, method: Method, *, recorded_by: UUID | None = None) -> Collection:
    """The circumstances of this request; of a colleague's request, not the colleague's own address."""
    if recorded_by is not None:
        return Collection(method=method, recorded_by=recorded_by)
    agent = request.headers.get("user-agent", "").replace("\0", "")[:_MOST_CHARACTERS]
    return Collection(method=method, ip_address=network_of(address_of(request)), user_agent=agent or None)


def network_of(address: str) -> str | None:
    """The first 24 bits of an IPv4 address, the first 48 of an IPv6 one; None for what is no address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    return str(ip_network((parsed, 24 if parsed.version == 4 else 48), strict=False))
