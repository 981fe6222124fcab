"""A restaurant as the business modules see it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, cast, get_args
from uuid import UUID

from flow.kit.contact import Region
from flow.kit.days import BusinessCalendar
from flow.kit.money import Currency

RestaurantStatus = Literal["active", "paused", "closed"]


@dataclass(frozen=True, slots=True)
class Restaurant:
    """Amounts are øre; `vat_rate_percent` is contained in every price."""

    id: UUID
    name: str
    slug: str
    phone: str | None
    address: str | None
    postal_code: str | None
    city: str | None
    country_code: str
    currency: Currency
    time_zone: str
    business_day_cutoff_hour: int
    language: str
    vat_rate_percent: Decimal
    delivery_fee: int
    free_delivery_from: int | None
    minimum_order: int
    status: RestaurantStatus
    is_simulated: bool

    @property
    def calendar(self) -> BusinessCalendar:
        """Maps instants to the restaurant's business days."""
        return BusinessCalendar(self.time_zone, self.business_day_cutoff_hour)

    @property
    def phone_region(self) -> Region:
        """The country of phone numbers written without one."""
        return cast(Region, self.country_code) if self.country_code in get_args(Region) else "DK"


@dataclass(frozen=True, slots=True)
class SiteKey:
    """A public key with which pages order and send events; no origins means any."""

    key: str
    allowed_origins: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRestaurant:
    """What a restaurant begins with; the rest is told later."""

    name: str
    slug: str
    country_code: str = "DK"
    currency: Currency = "DKK"
    time_zone: str = "Europe/Copenhagen"
    language: str = "da"
