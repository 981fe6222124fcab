"""Small makers of rows that most tests need: a user, a restaurant, a membership."""

from __future__ import annotations

from uuid import UUID

from flow.kit.ids import new_id
from tests.connections import kept_connection

CREATED = "2026-01-01T00:00:00Z"


def make_user(url: str, email: str) -> UUID:
    """A user in auth.users; `url` is the owner's."""
    user = new_id()
    with kept_connection(url) as connection:
        connection.execute(
            "insert into auth.users (id, aud, role, email, created_at) "
            "values (%s, 'authenticated', 'authenticated', %s, now())",
            [user, email],
        )
    return user


def make_restaurant(
    url: str, name: str = "Napoli", *, currency: str = "DKK", time_zone: str = "Europe/Copenhagen"
) -> UUID:
    """A restaurant; slug and event namespace come from its name."""
    restaurant = new_id()
    slug = name.lower().replace(" ", "-")
    with kept_connection(url) as connection:
        connection.execute(
            "insert into public.restaurants (id, name, slug, event_namespace, currency, time_zone) "
            "values (%s, %s, %s, %s, %s, %s)",
            [restaurant, name, slug, slug.replace("-", "_"), currency, time_zone],
        )
    return restaurant


def give_access(url: str, user: UUID, restaurant: UUID, role: str = "admin") -> None:
    """A membership."""
    with kept_connection(url) as connection:
        connection.execute(
            "insert into public.user_restaurant_access (restaurant_id, user_id, role) values (%s, %s, %s)",
            [restaurant, user, role],
        )


def claims_of(user: UUID) -> dict[str, object]:
    """Verified claims as a token of this user carries them, without a log-in session."""
    return {"sub": str(user), "role": "authenticated", "aud": "authenticated"}
