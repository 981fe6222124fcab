"""InMobile signs nothing: a delivery comes to a secret address, from networks that are known."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Final

from flow.collect.integrations.types import Integration
from flow.collect.webhooks.errors import BadSignature
from flow.collect.webhooks.types import Request

__all__ = ["verify"]

_PUBLISHED: Final = ("46.36.205.80/28", "185.221.37.96/28")
_ANY: Final = "any"
_WORDS_OF_A_TOKEN: Final = 4
"""/api/webhooks/inmobile/<token> has four words or more; the token itself was checked before anything was read."""


def verify(request: Request, integration: Integration) -> None:
    """BadSignature for a delivery to the common address, or from elsewhere."""
    path = request.target.partition("?")[0]
    if len(path.strip("/").split("/")) < _WORDS_OF_A_TOKEN:
        raise BadSignature
    networks = _networks(integration)
    if networks is not None and not _is_within(request.address, networks):
        raise BadSignature


def _networks(integration: Integration) -> tuple[str, ...] | None:
    """Where deliveries may come from; None for everywhere, as from a simulator."""
    given = str(integration.config.get("networks") or "").replace(",", " ").split()
    if not given:
        return None if integration.config.get("base_url") else _PUBLISHED
    return None if _ANY in given else tuple(given)


def _is_within(address: str, networks: tuple[str, ...]) -> bool:
    try:
        sender = ip_address(address)
        mapped = getattr(sender, "ipv4_mapped", None)
        return any((mapped or sender) in ip_network(network, strict=False) for network in networks)
    except ValueError:
        return False
