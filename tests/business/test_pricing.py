"""The arithmetic of an order, for any menu and any basket."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.business.menu import MenuItem, Option, OptionGroup, Product
from flow.business.orders.pricing import contained_vat, price, price_lines
from flow.business.orders.types import Discount, OrderLine
from flow.business.restaurants import Restaurant
from flow.kit.ids import new_id

AT = datetime(2026, 11, 21, tzinfo=UTC)
RESTAURANT = Restaurant(
    id=new_id(),
    name="Napoli",
    slug="napoli",
    phone=None,
    address=None,
    postal_code=None,
    city=None,
    country_code="DK",
    currency="DKK",
    time_zone="Europe/Copenhagen",
    business_day_cutoff_hour=4,
    language="da",
    vat_rate_percent=Decimal(25),
    delivery_fee=3900,
    free_delivery_from=30000,
    minimum_order=0,
    status="active",
    is_simulated=True,
)

prices = st.integers(0, 100_000_000)
rates = st.decimals(0, 100, places=2, allow_nan=False)
discounts = st.none() | st.builds(
    lambda percent, amount: Discount(
        code="X",
        percent=percent,
        amount=None if percent else amount,
        minimum_subtotal=0,
        valid_from=None,
        valid_until=None,
        is_active=True,
    ),
    percent=st.none() | st.integers(1, 100),
    amount=st.integers(1, 10**9),
)


@st.composite
def baskets(draw: st.DrawFn) -> tuple[list[OrderLine], dict[UUID, MenuItem]]:
    menu: dict[UUID, MenuItem] = {}
    lines = []
    for _ in range(draw(st.integers(1, 8))):
        options = tuple(
            Option(new_id(), "option", draw(st.integers(-20_000, 20_000)), True) for _ in range(draw(st.integers(0, 3)))
        )
        product = Product(
            restaurant_id=RESTAURANT.id, id=new_id(), name="dish", price=draw(prices), allergens=[],
            created_at=AT, updated_at=AT,
        )  # fmt: skip
        menu[product.id] = MenuItem(product, (OptionGroup(new_id(), "group", 0, 3, options),))
        chosen = tuple(option.id for option in options if draw(st.booleans()))
        lines.append(OrderLine(product_id=product.id, quantity=draw(st.integers(1, 99)), option_ids=chosen))
    return lines, menu


@given(baskets(), discounts, rates, st.sampled_from(["delivery", "pickup", "dine_in"]))
def test_the_sums_of_any_order_hold_together(
    basket: tuple[list[OrderLine], dict[UUID, MenuItem]], discount: Discount | None, rate: Decimal, way: str
) -> None:
    lines = price_lines(*basket)
    cost = price(replace(RESTAURANT, vat_rate_percent=rate), lines, discount, way)  # type: ignore[arg-type]

    assert cost.subtotal == sum(line.unit_price * line.quantity for line in lines)
    assert min(line.unit_price for line in lines) >= 0
    assert 0 <= cost.discount_amount <= cost.subtotal
    assert cost.discount_amount == sum(cost.line_discounts)
    assert all(0 <= share <= line.total for share, line in zip(cost.line_discounts, lines, strict=True))
    assert cost.total == cost.subtotal - cost.discount_amount + cost.delivery_fee
    assert 0 <= cost.tax_amount <= cost.total
    assert cost.delivery_fee in ((0, 3900) if way == "delivery" else (0,))


@given(st.integers(0, 10**12), rates)
def test_contained_vat_is_the_nearest_whole_ore_and_half_goes_up(total: int, rate: Decimal) -> None:
    exact = Fraction(total) * Fraction(rate) / (100 + Fraction(rate))

    assert -Fraction(1, 2) < contained_vat(total, rate) - exact <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("total", "rate", "vat"),
    [(12500, "25", 2500), (100, "25", 20), (0, "25", 0), (11200, "12", 1200), (9999, "25", 2000), (3, "100", 2)],
)
def test_contained_vat_of_known_sums(total: int, rate: str, vat: int) -> None:
    assert vat == contained_vat(total, Decimal(rate))


@pytest.mark.parametrize(("subtotal", "fee"), [(29999, 3900), (30000, 0)])
def test_delivery_is_free_from_the_limit_on(subtotal: int, fee: int) -> None:
    product = Product(
        restaurant_id=RESTAURANT.id, id=new_id(), name="x", price=subtotal, allergens=[], created_at=AT, updated_at=AT
    )
    lines = price_lines([OrderLine(product_id=product.id)], {product.id: MenuItem(product, ())})

    assert fee == price(RESTAURANT, lines, None, "delivery").delivery_fee
