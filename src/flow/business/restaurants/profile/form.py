"""The form of a profile: text as people type it, read into a Profile or into what is wrong with it, field by field."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import BaseModel, Field

from flow.business.restaurants.profile.types import Profile
from flow.business.restaurants.types import Restaurant
from flow.kit.contact import normalise_email, normalise_phone
from flow.kit.money import Money
from flow.web.i18n import N_, Language, Translator

Text = Annotated[str, Field(max_length=200)]
Faults = dict[str, str]
"""Name of a field → what is wrong with it, in English; a text for `_`."""
_TEXTS = ("name", "cvr", "email", "phone", "address", "postal_code", "city", "time_zone")
_CHOICES = ("language", "business_day_cutoff_hour", "financial_year_first_month", "status")
_AMOUNTS = ("delivery_fee", "free_delivery_from", "minimum_order")
_CVR = re.compile(r"[0-9A-Z]{6,14}")


class ProfileForm(BaseModel):
    """What the browser sends."""

    restaurant: UUID
    name: Text = ""
    cvr: Text = ""
    email: Annotated[str, Field(max_length=254)] = ""
    phone: Text = ""
    address: Text = ""
    postal_code: Text = ""
    city: Text = ""
    language: Language = "da"
    time_zone: Text = ""
    business_day_cutoff_hour: Annotated[int, Field(ge=0, le=12)] = 4
    financial_year_first_month: Annotated[int, Field(ge=1, le=12)] = 1
    delivery_fee: Text = ""
    free_delivery_from: Text = ""
    minimum_order: Text = ""
    status: Literal["active", "paused"] = "active"


def form_of(restaurant: UUID, profile: Profile, words: Translator) -> ProfileForm:
    """The form filled in; amounts as the reader writes them."""
    values: dict[str, Any] = {name: getattr(profile, name) or "" for name in _TEXTS}
    for name in _AMOUNTS:
        ore = getattr(profile, name)
        values[name] = "" if ore is None else words.decimal(Decimal(ore) / 100, digits=2)
    values |= {name: getattr(profile, name) for name in _CHOICES}
    return ProfileForm.model_construct(None, restaurant=restaurant, **values)


def read_form(form: ProfileForm, restaurant: Restaurant, words: Translator) -> Profile | Faults:
    """The profile that the form wishes for, or its faults. A closed restaurant stays closed."""
    faults: Faults = {}
    profile = Profile(
        name=_name(form.name, faults),
        cvr=_cvr(form.cvr, faults),
        email=_email(form.email, faults),
        phone=_phone(form.phone, restaurant, faults),
        address=_line(form.address),
        postal_code=_line(form.postal_code),
        city=_line(form.city),
        language=form.language,
        time_zone=_time_zone(form.time_zone, faults),
        business_day_cutoff_hour=form.business_day_cutoff_hour,
        financial_year_first_month=form.financial_year_first_month,
        delivery_fee=_amount("delivery_fee", form.delivery_fee, restaurant, words, faults) or 0,
        free_delivery_from=_amount("free_delivery_from", form.free_delivery_from, restaurant, words, faults),
        minimum_order=_amount("minimum_order", form.minimum_order, restaurant, words, faults) or 0,
        status="closed" if restaurant.status == "closed" else form.status,
    )
    return faults or profile


def _line(text: str) -> str | None:
    return " ".join(text.split()) or None


def _name(text: str, faults: Faults) -> str:
    name = _line(text)
    if name is None:
        faults["name"] = N_("A restaurant has a name.")
    return name or ""


def _cvr(text: str, faults: Faults) -> str | None:
    number = re.sub(r"[\s-]", "", text).upper() or None
    if number and not _CVR.fullmatch(number):
        faults["cvr"] = N_("A company number has 6 to 14 digits or letters.")
    return number


def _email(text: str, faults: Faults) -> str | None:
    email = normalise_email(text)
    if text.strip() and email is None:
        faults["email"] = N_("This is no e-mail address.")
    return email


def _phone(text: str, restaurant: Restaurant, faults: Faults) -> str | None:
    phone = normalise_phone(text, restaurant.phone_region)
    if text.strip() and phone is None:
        faults["phone"] = N_("This is no phone number.")
    return phone


def _time_zone(text: str, faults: Faults) -> str:
    if text.strip() not in available_timezones():
        faults["time_zone"] = N_("There is no such time zone. Europe/Copenhagen is one.")
    return text.strip()


def _amount(name: str, text: str, restaurant: Restaurant, words: Translator, faults: Faults) -> int | None:
    """Øre; None for an empty field."""
    if not text.strip():
        return None
    try:
        ore = Money.parse(text.strip(), restaurant.currency, decimal_mark="." if words.language == "en" else ",").amount
    except ValueError:
        ore = -1
    if ore < 0:
        faults[name] = N_("This is not an amount.")
    return ore
