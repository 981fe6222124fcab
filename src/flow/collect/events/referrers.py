"""The places that visitors come from: search engines, social networks, mail, delivery platforms and more.

The knowledge is data (`data/traffic_sources.toml`); this looks a host up in it.
"""

import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any, Final, Literal, NamedTuple

__all__ = ["CLICK_IDS", "MEDIUMS", "Channel", "Place", "is_never_a_source", "place_of_host", "place_of_name"]

Channel = Literal[
    "affiliate",
    "ai_assistant",
    "delivery_platform",
    "direct",
    "display",
    "email",
    "messenger",
    "organic",
    "paid_search",
    "paid_social",
    "qr",
    "referral",
    "sms",
    "social",
]


class Place(NamedTuple):
    """Where a link may stand: ("organic", "google")."""

    channel: Channel
    source: str


_data: Final[dict[str, Any]] = tomllib.loads(
    (files(__package__) / "data" / "traffic_sources.toml").read_text(encoding="utf-8")
)
_PLACES: Final = [
    (Place(channel, name), hosts) for channel, names in _data["hosts"].items() for name, hosts in names.items()
]
_BY_HOST: Final = {host: place for place, hosts in _PLACES for host in hosts}
_BY_NAME: Final = {place.source: place for place, _ in reversed(_PLACES)}
"""A name in several channels (google) means the first: what it is known for."""
_ALIASES: Final[dict[str, str]] = _data["aliases"]
_NEVER: Final = frozenset(_data["never"])

MEDIUMS: Final[dict[str, Channel]] = {word: channel for channel, words in _data["mediums"].items() for word in words}
"""Channel by what is written in utm_medium."""

CLICK_IDS: Final = {name: Place(found["channel"], found["source"]) for name, found in _data["click_ids"].items()}
"""What a click id in the address says of the click, in the order to look for them."""

_COUNTRY_SECOND_LEVEL: Final = re.compile(r"\.(?:co|com|net|org)\.[a-z]{2}$")
_PAYING: Final = re.compile(r"(?:pay|payments?|betaling|checkout|acs\d?|3ds\w*)\.")
_WEBMAIL: Final = re.compile(
    r"(?:e|w|web|upc|light)?mail(?:er|business)?\d{0,3}[a-z]?(?:-[a-z0-9]+)?|messagerie\w*|owa|roundcube|zimbra"
)


def place_of_host(host: str) -> Place:
    """What is known of a lower-case `host`; of an unknown one, that it is a referral."""
    found = next((_BY_HOST[each] for each in _spellings(host) if each in _BY_HOST), None)
    if found and found.channel == "email":
        return found
    name = host.removeprefix("www.")
    if _is_webmail(name):  # also at a search engine: mail.yandex.ru
        return Place("email", name)
    return found or Place("referral", name)


def _is_webmail(host: str) -> bool:
    return host.startswith("deref-") or any(map(_WEBMAIL.fullmatch, host.split(".")[:-2]))


def place_of_name(name: str) -> Place | None:
    """What is known of a lower-case utm_source: a name, an alias or a host; None when nothing is."""
    word = re.sub(r"[\s-]", "_", name)
    found = _BY_NAME.get(_ALIASES.get(word, word))
    if found or "." not in name:
        return found
    place = place_of_host(name)
    return None if place.channel == "referral" else place


def is_never_a_source(host: str) -> bool:
    """Whether a lower-case `host` is only passed through: payment, card check, login."""
    return bool(_PAYING.match(host)) or any(each in _NEVER for each in _spellings(host))


def _spellings(host: str) -> Iterator[str]:
    """How `host` may be listed, the most telling first: itself, then its parents, each also for any country."""
    labels = host.split(".")
    ending = 2 if _COUNTRY_SECOND_LEVEL.search(host) else 1
    for start in range(len(labels) - ending):
        yield ".".join(labels[start:])
        yield ".".join((*labels[start:-ending], "*"))
