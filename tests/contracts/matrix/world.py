"""Two restaurants with a row in every table, and somebody of every kind in one of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from uuid import UUID, uuid4

from flow.database.installation import Installation
from tests.connections import kept_connection
from tests.contracts.matrix.actors import KINDS, Actor, Kind, Side
from tests.factories import give_access, make_restaurant, make_user


@dataclass(frozen=True)
class World:
    """`foreign` is a restaurant in which nobody has a role but those of the platform; `guests` ordered in either.

    What happened in it happened at `made_at`: pages that show today are asked about that day.
    """

    installation: Installation
    own: UUID
    foreign: UUID
    actors: tuple[Actor, ...]
    made_at: datetime

    def restaurant(self, side: Side) -> UUID:
        return self.own if side == "own" else self.foreign

    def actor(self, name: str) -> Actor:
        return next(actor for actor in self.actors if actor.kind.name == name)


def make_world(installation: Installation) -> World:
    """Fills a migrated, empty database."""
    url = installation.owner_url
    own, foreign = make_restaurant(url, "Napoli"), make_restaurant(url, "Tivoli")
    actors = tuple(_actor(installation, number, kind, own) for number, kind in enumerate(KINDS))
    guest = next(actor.user for actor in actors if actor.kind.role == "customer")
    for restaurant, whose in ((own, guest), (foreign, make_user(url, "guest@tivoli.example"))):
        fill(url, restaurant, guest=whose)
    return World(installation, own, foreign, actors, datetime.now(UTC))


def fill(url: str, restaurant: UUID, *, guest: UUID | None = None) -> None:
    """A row in every tenant table; with a guest who logs in, also what makes the rules differ."""
    known = {"restaurant": restaurant} | ({"guest": guest} if guest else {})
    files = ["world.sql", "matrix/world.sql"] if guest else ["world.sql"]
    text = "\n".join(resources.files("tests.contracts").joinpath(file).read_text() for file in files)
    with kept_connection(url) as connection:
        connection.execute(_with_ids(text, known).encode())


def _with_ids(text: str, known: Mapping[str, UUID]) -> str:
    ids = dict(known)
    return re.sub(r"(?<!:):([a-z]+)", lambda name: f"'{ids.setdefault(name[1], uuid4())}'::uuid", text)


def _actor(installation: Installation, number: int, kind: Kind, restaurant: UUID) -> Actor:
    url = installation.owner_url
    actor = Actor(kind, make_user(url, f"actor{number}@flow.example"), uuid4())
    with kept_connection(url) as connection:
        connection.execute(
            "insert into app.login_sessions (id, user_id, expires_at, aal) "
            "values (%s, %s, now() + interval '1 day', %s)",
            [actor.session, actor.user, "aal2" if kind.is_sure else "aal1"],
        )
        sealed = installation.secret_box.seal(b"JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", context=f"totp:{actor.user}")
        connection.execute(
            "insert into public.user_2fa_settings (user_id, secret_sealed) values (%s, %s)", [actor.user, sealed]
        )
        if kind.on_platform:
            connection.execute("insert into public.user_roles (user_id, role) values (%s, %s)", [actor.user, kind.role])
        if kind.door:
            connection.execute(
                "insert into public.support_accesses (id, restaurant_id, user_id, reason, expires_at) "
                "values (%s, %s, %s, 'A case of a customer', now() + interval '1 hour')",
                [uuid4(), restaurant, actor.user],
            )
    if kind.role not in (None, "customer") and not kind.on_platform:
        give_access(url, actor.user, restaurant, str(kind.role))
    return actor
