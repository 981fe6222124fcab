"""What an API key may be given. A list of its own: what is not named here no program gets, whoever makes the key.

People, keys, consents and what the law is about are for people. A scope stands for the permissions that the database
checks; each is one that the key's maker must hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flow.database.transaction import Caller
from flow.web.i18n import N_

__all__ = ["SCOPES", "Scope", "names_of", "permissions_of", "scopes_within"]


@dataclass(frozen=True, slots=True)
class Scope:
    """`name` is also the permission; `also` are those without which it would show nothing."""

    name: str
    title: str
    also: tuple[str, ...] = ()

    @property
    def permissions(self) -> tuple[str, ...]:
        return (self.name, *self.also)


SCOPES = (
    Scope("menu.read", N_("Read the menu"), ("restaurant.read",)),
    Scope("menu.write", N_("Change the menu"), ("restaurant.read",)),
    Scope("orders.read", N_("Read orders"), ("restaurant.read", "some_orders.read", "active_orders.read")),
    Scope("orders.write", N_("Place orders and move them along"), ("restaurant.read",)),
    Scope("payments.read", N_("Read payments"), ("restaurant.read",)),
    Scope("customers.read", N_("Read guests"), ("restaurant.read",)),
    Scope("analytics.read", N_("Read figures"), ("restaurant.read",)),
    Scope("behaviour.read", N_("Read visits"), ("restaurant.read",)),
    Scope("quality.read", N_("Read the quality of data"), ("restaurant.read",)),
    Scope("integrations.read", N_("Read integrations and webhooks"), ("restaurant.read",)),
    Scope("integrations.write", N_("Change webhook endpoints"), ("restaurant.read", "integrations.read")),
)
_BY_NAME = {scope.name: scope for scope in SCOPES}


def scopes_within(caller: Caller, restaurant: object) -> list[Scope]:
    """The scopes that this caller could hand on in the restaurant."""
    return [scope for scope in SCOPES if all(restaurant in caller.restaurants_with(each) for each in scope.permissions)]


def permissions_of(names: Iterable[str]) -> list[str]:
    """Every permission of these scopes, once each; KeyError for a name that is no scope."""
    return sorted({permission for name in names for permission in _BY_NAME[name].permissions})


def names_of(permissions: Iterable[str]) -> list[Scope]:
    """The scopes that a key with these permissions was given."""
    held = set(permissions)
    return [scope for scope in SCOPES if scope.name in held]
