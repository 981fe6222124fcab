"""Where visits come from and what with: sources as links say them, devices as browsers do."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources

import msgspec

from flow.collect.events.sources import Source, classify
from flow.demo.simulation.chance import Choice
from flow.demo.simulation.profiles import Visits

__all__ = ["Device", "Origin", "countries", "devices", "origins"]

_SENT_OUT = frozenset({"newsletter", "sms"})
_ON_SENDING_DAYS = 7.0


@dataclass(frozen=True, slots=True)
class Origin:
    """A source as the first page's address and referrer tell it, and as FLOW reads them."""

    query: str
    referrer: str | None
    source: Source


class Device(msgspec.Struct, frozen=True):
    """One kind of device; sizes are width and height in CSS pixels."""

    weight: float
    device_type: str
    browser: str
    os: str
    screen: tuple[int, int]
    viewport: tuple[int, int]


def origins(visits: Visits, *, on_sending_day: bool) -> Choice[Origin]:
    """The site's sources. On the days when newsletter and SMS go out, many come by them."""
    links = tomllib.loads(_text("sources.toml"))
    return Choice(
        (
            _origin(visits, name, links[name]),
            weight * (_ON_SENDING_DAYS if on_sending_day and name in _SENT_OUT else 1.0),
        )
        for name, weight in visits.sources.items()
    )


def devices() -> Choice[Device]:
    """All devices."""
    found = msgspec.toml.decode(_text("devices.toml"), type=dict[str, list[Device]])["device"]
    return Choice((device, device.weight) for device in found)


def countries(home: str) -> Choice[str]:
    """Most visitors are where the restaurant is."""
    abroad = {"DK": 2.0, "SE": 2.0, "DE": 1.5, "NO": 1.0, "GB": 0.7, "US": 0.8, "PL": 0.4}
    return Choice.of(abroad | {home: 94.0})


def _origin(visits: Visits, name: str, link: dict[str, str]) -> Origin:
    query = link.get("query", "").format(campaign=visits.campaigns.get(name, name))
    referrer = link.get("referrer")
    address = f"https://{visits.host}/?{query}"
    return Origin(f"?{query}" if query else "", referrer, classify(address, referrer))


def _text(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")
