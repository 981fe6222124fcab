"""Deliveries and connections made by hand."""

from __future__ import annotations

from urllib.parse import parse_qsl

from flow.collect.integrations.types import Integration, Kind
from flow.collect.webhooks.types import Request
from flow.kit.ids import new_id


def request(
    body: bytes = b"", *, target: str = "/api/webhooks/x/token", address: str = "46.36.205.81", **headers: str
) -> Request:
    """A POST, or a GET where there is no body; header names are written with underscores."""
    return Request(
        method="POST" if body else "GET",
        target=target,
        host="flow.example",
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        query=dict(parse_qsl(target.partition("?")[2])),
        body=body,
        address=address,
    )


def integration(name: str, kind: Kind, *, account: str | None = None, **config: object) -> Integration:
    """A working connection that no database knows."""
    return Integration(
        restaurant_id=new_id(),
        id=new_id(),
        integration_type=kind,
        integration_name=name,
        account=account,
        status="active",
        config=config,
    )
