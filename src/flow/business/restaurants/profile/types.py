"""A restaurant's profile: what its admins may change."""

from __future__ import annotations

from dataclasses import dataclass, fields

from flow.business.restaurants.types import RestaurantStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Amounts are øre. The business day begins at `business_day_cutoff_hour` in `time_zone`."""

    name: str
    cvr: str | None
    email: str | None
    phone: str | None
    address: str | None
    postal_code: str | None
    city: str | None
    language: str
    time_zone: str
    business_day_cutoff_hour: int
    financial_year_first_month: int
    delivery_fee: int
    free_delivery_from: int | None
    minimum_order: int
    status: RestaurantStatus

    def differs_in(self, other: Profile) -> list[str]:
        """The names of the fields that are not the same."""
        return [each.name for each in fields(self) if getattr(self, each.name) != getattr(other, each.name)]
