"""New restaurants; an operator of the platform adds them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import available_timezones

from flow.business.restaurants import store
from flow.business.restaurants.errors import InvalidRestaurant, SlugTaken
from flow.business.restaurants.types import NewRestaurant
from flow.database.transaction import Transaction
from flow.kit.ids import new_id
from flow.kit.money import CURRENCIES

# As the table has it, for the slug and for the namespace of events that is made of it.
_SLUG = re.compile(r"[a-z][a-z0-9-]{1,30}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGES = ("da", "sv", "en")


@dataclass(frozen=True, slots=True)
class Founded:
    """A restaurant that was just added, and the site key with which its pages send events and order."""

    id: UUID
    site_key: str


async def found(service: Transaction, new: NewRestaurant, *, at: datetime) -> Founded:
    """Adds a restaurant; SlugTaken, or InvalidRestaurant naming all that is wrong. Needs a service transaction."""
    faults = list(_faults(new))
    if faults:
        raise InvalidRestaurant("; ".join(faults))
    restaurant = Founded(new_id(at), f"fk_{secrets.token_urlsafe(24)}")
    if not await store.add_restaurant(service, restaurant.id, new, now=at):
        raise SlugTaken
    await store.add_site_key(service, restaurant.id, restaurant.site_key, name="Website", now=at)
    return restaurant


def _faults(new: NewRestaurant) -> Iterator[str]:
    if not 1 <= len(new.name) <= 200:
        yield "a name has 1 to 200 characters"
    if not _SLUG.fullmatch(new.slug):
        yield "a slug is 2 to 31 of a-z, 0-9 and -, and begins with a letter"
    if not _COUNTRY.fullmatch(new.country_code):
        yield "a country is two capital letters, such as DK"
    if new.currency not in CURRENCIES:
        yield f"a currency is one of {', '.join(CURRENCIES)}"
    if new.time_zone not in available_timezones():
        yield f"there is no time zone {new.time_zone}"
    if new.language not in _LANGUAGES:
        yield f"a language is one of {', '.join(_LANGUAGES)}"
