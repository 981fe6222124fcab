"""Wolt's order as an order of ours."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from flow.collect.integrations.errors import CallRefused
from flow.collect.providers.wolt.calls import parsed
from flow.collect.providers.wolt.orders import adds_up, is_carried_by_us, received

ORDER: dict[str, Any] = {
    "id": "90f5be47fc97e11107f8a480",
    "venue": {"id": "9a5c7e3102fe6a000c4b562b", "name": "Café Eksempel", "external_venue_id": None},
    "order_number": "042",
    "order_status": "received",
    "type": "instant",
    "pre_order": None,
    "basket_price": {
        "total": {"amount": 24950, "currency": "DKK"},
        "price_breakdown": {
            "total_before_discounts": {"amount": 26950, "currency": "DKK"},
            "total_discounts": {"amount": 2000, "currency": "DKK"},
        },
    },
    "fees": {"total": {"amount": 3900, "currency": "DKK"}, "price_breakdown": {}, "parts": []},
    "delivery": {
        "status": "not_started",
        "type": "homedelivery",
        "time": "2026-01-01T18:45:00Z",
        "location": None,
        "self_delivery": None,
    },
    "items": [
        {
            "id": "item-1",
            "item_type": "regular",
            "count": 2,
            "pos_id": "SKU-SMBR-1",
            "sku": "SKU-SMBR-1",
            "gtin": None,
            "name": "Smørrebrød",
            "category": {"id": "cat-1", "name": "Frokost"},
            "options": [
                {
                    "id": "opt-1",
                    "name": "Ekstra",
                    "value": "Remoulade",
                    "price": {"amount": 500, "currency": "DKK"},
                    "pos_id": "OPT-1",
                    "value_pos_id": "VAL-1",
                    "count": 1,
                    "deposit": None,
                }
            ],
            "item_price": {
                "unit_price": {"amount": 12475, "currency": "DKK"},
                "total": {"amount": 24950, "currency": "DKK"},
                "price_breakdown": {},
            },
            "deposit": None,
            "is_bundle_offer": False,
        }
    ],
    "consumer_name": "Ida",
    "consumer_phone_number": None,
    "consumer_comment": None,
    "attribution_id": None,
    "cash_payment": None,
    "loyalty_card_number": None,
    "company_tax_id": None,
    "pickup_eta": None,
    "created_at": "2026-01-01T18:20:12.378Z",
    "modified_at": "2026-01-01T18:20:12.378Z",
}


def order_with(**changes: object) -> dict[str, Any]:
    """The documentation's order, changed at the top."""
    return deepcopy(ORDER) | changes


def test_fees_are_the_restaurant_s_where_it_carries_the_order_and_wolt_s_elsewhere() -> None:
    ways: dict[str, dict[str, object]] = {
        "a courier of Wolt's": {"type": "homedelivery", "self_delivery": None},
        "the restaurant": {"type": "homedelivery", "self_delivery": {"fee": None}},
        "the guest": {"type": "takeaway", "self_delivery": None},
    }
    fees = {who: received(parsed(order_with(delivery=delivery))).delivery_fee for who, delivery in ways.items()}

    assert {"a courier of Wolt's": 0, "the restaurant": 3900, "the guest": 0} == fees


def test_the_documentation_s_order_becomes_ours() -> None:
    ours = received(parsed(ORDER))

    assert ("wolt", "90f5be47fc97e11107f8a480", "delivery") == (ours.source, ours.external_id, ours.fulfillment_type)
    assert (24950, 0, "Ida") == (ours.goods, ours.delivery_fee, ours.customer_name)
    [line] = ours.lines
    assert ("Smørrebrød", 2, 24950, "SKU-SMBR-1", "Frokost") == (
        line.name,
        line.quantity,
        line.total,
        line.sku,
        line.category,
    )
    assert ({"name": "Ekstra", "value": "Remoulade", "price_mod": 500},) == line.options
    assert adds_up(parsed(ORDER))


def test_options_are_added_where_the_basket_says_that_they_are_apart() -> None:
    order = order_with(basket_price={"total": {"amount": 25950, "currency": "DKK"}})

    assert [25950] == [line.total for line in received(parsed(order)).lines]
    assert adds_up(parsed(order))


def test_lines_that_add_up_to_neither_are_kept_and_noticed() -> None:
    order = order_with(basket_price={"total": {"amount": 30000, "currency": "DKK"}})

    assert [24950] == [line.total for line in received(parsed(order)).lines]
    assert not adds_up(parsed(order))


@pytest.mark.parametrize(
    ("delivery", "fulfillment", "by_us"),
    [
        ({"type": "homedelivery"}, "delivery", False),
        ({"type": "homedelivery", "self_delivery": {"x": 1}}, "delivery", True),
        ({"type": "takeaway"}, "pickup", True),
        ({"type": "eatin"}, "dine_in", True),
        (None, "delivery", False),
    ],
)
def test_who_carries_it_decides_who_tells_of_its_delivery(delivery: object, fulfillment: str, by_us: bool) -> None:
    order = parsed(order_with(delivery=delivery))

    assert (fulfillment, by_us) == (received(order).fulfillment_type, is_carried_by_us(order))


def test_what_is_new_at_wolt_is_let_pass() -> None:
    order = parsed(order_with(order_status="warming", type="subscription", robots=[1, 2]))

    assert ("warming", "subscription") == (order.order_status, order.type)


@pytest.mark.parametrize("missing", ["id", "venue", "order_status", "basket_price", "items", "created_at"])
def test_an_order_without_what_it_needs_is_refused_without_telling_values(missing: str) -> None:
    broken = {name: value for name, value in ORDER.items() if name != missing}

    with pytest.raises(CallRefused) as refusal:
        parsed(broken)
    assert missing in refusal.value.message
    assert "Ida" not in refusal.value.message
