"""A small Danish and Italian menu for tests, put in by the owner of the tables."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flow.kit.ids import new_id
from tests.connections import kept_connection

SITE_KEY = "fk_napoli-tests-0123456789"


@dataclass(frozen=True)
class Menu:
    """The ids of what is on the menu; prices in øre stand beside them in `make_menu`."""

    margherita: UUID
    tartelet: UUID
    cola: UUID
    sold_out: UUID
    retired: UUID
    normal: UUID
    family: UUID
    extra_cheese: UUID
    chilli: UUID
    no_basil: UUID
    truffle: UUID


def make_menu(url: str, restaurant: UUID) -> Menu:
    """Pizza 85 kr. (family +70), tartelet 62,50 kr., cola 25 kr.; extras up to two; a sold-out and a retired dish."""
    ids = {name: new_id() for name in Menu.__dataclass_fields__}
    size, extras = new_id(), new_id()
    with kept_connection(url) as connection:
        for name, title, category, price, is_available, is_active in [
            ("margherita", "Margherita", "Pizza", 8500, True, True),
            ("tartelet", "Tartelet med høns i asparges", "Retter", 6250, True, True),
            ("cola", "Cola 33 cl", "Drikke", 2500, True, True),
            ("sold_out", "Stegt flæsk", "Retter", 12900, False, True),
            ("retired", "Calzone", "Pizza", 9500, True, False),
        ]:
            connection.execute(
                "insert into public.products (restaurant_id, id, name, category, sku, price, is_available, is_active,"
                " allergens, position) values (%s, %s, %s, %s, %s, %s, %s, %s, '{gluten,mælk}', %s)",
                [restaurant, ids[name], title, category, name, price, is_available, is_active, list(ids).index(name)],
            )
        for group, title, least, most in [(size, "Størrelse", 1, 1), (extras, "Tilbehør", 0, 2)]:
            connection.execute(
                "insert into public.product_option_groups"
                " (restaurant_id, id, product_id, name, min_choices, max_choices) values (%s, %s, %s, %s, %s, %s)",
                [restaurant, group, ids["margherita"], title, least, most],
            )
        for name, group, title, price_mod, is_available in [
            ("normal", size, "Almindelig", 0, True),
            ("family", size, "Familie", 7000, True),
            ("extra_cheese", extras, "Ekstra ost", 1500, True),
            ("chilli", extras, "Chili", 500, True),
            ("no_basil", extras, "Uden basilikum", -300, True),
            ("truffle", extras, "Trøffel", 4500, False),
        ]:
            connection.execute(
                "insert into public.product_options (restaurant_id, id, group_id, name, price_mod, is_available)"
                " values (%s, %s, %s, %s, %s, %s)",
                [restaurant, ids[name], group, title, price_mod, is_available],
            )
    return Menu(**ids)


def make_site_key(url: str, restaurant: UUID, *, key: str = SITE_KEY, origins: tuple[str, ...] = ()) -> str:
    """A key for the restaurant's pages."""
    with kept_connection(url) as connection:
        connection.execute(
            "insert into public.site_keys (restaurant_id, key, allowed_origins) values (%s, %s, %s)",
            [restaurant, key, list(origins)],
        )
    return key
