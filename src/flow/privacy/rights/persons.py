"""Who a request is about: the contacts, sealed while it is open; a pseudonym and a hint in the open."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import get_args
from uuid import UUID

from flow.kit.contact import Region, normalise_email, normalise_phone
from flow.kit.secrets import SecretBox
from flow.privacy.rights.errors import NoContact
from flow.privacy.rights.types import Person

__all__ = ["hint", "open_person", "person_from", "seal_person"]

_SHOWN_DIGITS = 2


def person_from(
    *, restaurant_id: UUID | None, country: str, contact: str | None, user_id: UUID | None = None
) -> Person:
    """The person whom somebody typed in. NoContact when that is neither a phone number, nor an address, nor a user."""
    text = (contact or "").strip()
    region = country if country in get_args(Region) else "DK"
    email = normalise_email(text) if "@" in text else None
    phone = normalise_phone(text, region) if text and "@" not in text else None  # type: ignore[arg-type]
    if (text and not email and not phone) or not (text or user_id):
        raise NoContact
    return Person(
        restaurant_id=restaurant_id,
        user_id=user_id,
        phones=(phone,) if phone else (),
        emails=(email,) if email else (),
    )


def hint(person: Person) -> str | None:
    """The first contact with most of it hidden: enough to tell two requests apart, too little to call."""
    if person.phones:
        phone = person.phones[0]
        return f"{phone[:3]} •••• {phone[-_SHOWN_DIGITS:]}"
    if person.emails:
        name, _, domain = person.emails[0].partition("@")
        return f"{name[0]}•••@{domain[0]}•••.{domain.rpartition('.')[2]}"
    return None


def seal_person(box: SecretBox, request_id: UUID, person: Person) -> bytes:
    """All that is known of the person, to be opened for this request alone."""
    text = json.dumps(asdict(person), default=str)
    return box.seal(text.encode(), _context(request_id))


def open_person(box: SecretBox, request_id: UUID, sealed: bytes) -> Person:
    """What `seal_person` sealed."""
    facts = json.loads(box.open(bytes(sealed), _context(request_id)))
    return Person(
        restaurant_id=UUID(facts["restaurant_id"]) if facts["restaurant_id"] else None,
        user_id=UUID(facts["user_id"]) if facts["user_id"] else None,
        **{name: tuple(facts[name]) for name in ("phones", "emails", "names", "visitors")},
    )


def _context(request_id: UUID) -> str:
    return f"privacy_request:{request_id}"
