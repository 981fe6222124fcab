"""Where a visit came from, read from the address it began at and the referrer.

What the link's maker wrote into it (utm_*) counts most, then what an advertiser's network added (click ids), then the
page that the link stood on.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from flow.collect.events.referrers import (
    CLICK_IDS,
    MEDIUMS,
    Channel,
    Place,
    is_never_a_source,
    place_of_host,
    place_of_name,
)

__all__ = ["Channel", "Source", "classify"]

_LONGEST_URL: Final = 2048
_LONGEST_TAG: Final = 200
_HOST: Final = re.compile(r"[\w.-]{1,253}")
_UNSTORABLE: Final = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_PAID: Final = re.compile(r".*cp[acv].*|ppc|paid.*|retargeting|remarketing|ads?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """`source` is one spelling per place: "facebook" for fb, Facebook and m.facebook.com; None when direct.

    utm_source, medium, campaign, term and content are what the address says, at most 200 characters each.
    """

    channel: Channel
    source: str | None = None
    utm_source: str | None = None
    medium: str | None = None
    campaign: str | None = None
    term: str | None = None
    content: str | None = None
    click_id_type: str | None = None


def classify(page_url: str, referrer: str | None, *, own_hosts: frozenset[str] = frozenset()) -> Source:
    """The source of a visit that began at `page_url`; never raises, whatever the texts hold.

    `own_hosts` are the restaurant's other hosts, in lower case and without scheme; the page's own host, its parents
    and its subdomains need not be named. Own hosts, payment pages and logins are never a source.
    """
    return _classify(page_url[:_LONGEST_URL], (referrer or "")[:_LONGEST_URL], own_hosts)


@lru_cache(maxsize=2048)
def _classify(page_url: str, referrer: str, own_hosts: frozenset[str]) -> Source:
    query = _query(page_url)
    click_id = next((name for name in CLICK_IDS if name in query), None)
    referred = _by_referrer(_host(referrer), _host(page_url), own_hosts)
    clicked = _by_click(CLICK_IDS[click_id], referred) if click_id else None
    tagged = _by_tags(query.get("utm_source"), query.get("utm_medium"), clicked, referred)
    place = tagged or clicked or referred
    return Source(
        channel=place.channel if place else "direct",
        source=place.source if place else None,
        utm_source=query.get("utm_source"),
        medium=query.get("utm_medium"),
        campaign=query.get("utm_campaign"),
        term=query.get("utm_term"),
        content=query.get("utm_content"),
        click_id_type=click_id,
    )


def _by_referrer(host: str, page_host: str, own_hosts: frozenset[str]) -> Place | None:
    if not host or is_never_a_source(host) or _is_own(host, page_host, own_hosts):
        return None
    return place_of_host(host)


def _is_own(host: str, page_host: str, own_hosts: frozenset[str]) -> bool:
    host, page_host = host.removeprefix("www."), page_host.removeprefix("www.")
    owned = (*own_hosts, page_host) if page_host else own_hosts
    return page_host.endswith(f".{host}") or any(host == own or host.endswith(f".{own}") for own in owned)


def _by_click(clicked: Place, referred: Place | None) -> Place:
    """Facebook's click id also comes from Instagram and Messenger, which only the referrer tells apart."""
    if clicked.channel == "social" and referred and referred.channel in {"social", "messenger"}:
        return referred
    return clicked


def _by_tags(source: str | None, medium: str | None, clicked: Place | None, referred: Place | None) -> Place | None:
    if not source and not medium:
        return None
    name, word = (source or "").lower(), _word(medium)
    known = place_of_name(name) or (None if name else clicked or referred)
    channel = (
        _by_medium(word, known or clicked)
        or (clicked.channel if clicked and clicked.channel != "social" else None)
        or (known.channel if known else None)
        or MEDIUMS.get(_word(source))
        or (clicked or referred or Place("referral", "")).channel
    )
    return Place(channel, known.source if known else name or word)


def _by_medium(medium: str, place: Place | None) -> Channel | None:
    """The channel of a utm_medium at `place`: "cpc" is paid search at Google and paid social at Facebook."""
    channel = MEDIUMS.get(medium)
    if channel in {"organic", "referral"} and place:  # said of an unpaid link anywhere
        return place.channel
    if channel or not _PAID.fullmatch(medium):
        return channel
    if place and place.channel in {"organic", "paid_search"}:
        return "paid_search"
    return "paid_social" if place and place.channel in {"social", "messenger", "paid_social"} else "display"


def _word(text: str | None) -> str:
    return re.sub(r"[\s-]", "_", (text or "").lower())


def _query(url: str) -> Mapping[str, str]:
    """The query's parameters by lower-case name, the first of each name, fit to be stored; empty ones left out."""
    pairs = parse_qsl(url.partition("#")[0].partition("?")[2])
    cleaned = ((name.lower(), _UNSTORABLE.sub("", value).strip()[:_LONGEST_TAG]) for name, value in reversed(pairs))
    return {name: value for name, value in cleaned if value}


def _host(url: str) -> str:
    """The lower-case host of an address; "" when there is none."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:  # stray brackets
        return ""
    return host if _HOST.fullmatch(host) else ""
