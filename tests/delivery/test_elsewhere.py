"""What the page of an order says of other systems, and who may send for a courier there."""

from __future__ import annotations

from uuid import UUID

import pytest

from flow.kit.ids import new_id
from tests.analytics.world import World
from tests.delivery.conftest import Reader
from tests.delivery.pages import text_of

TODAY = "2026-06-19"
BUTTON = "Send for a courier"


def address(world: World, order: UUID, at: str = "") -> str:
    return f"/orders/{order}{at}?restaurant={world.restaurant}"


def connect(world: World) -> None:
    world._insert(
        "integration_configs",
        id=new_id(),
        integration_type="delivery",
        integration_name="wolt-drive",
        status="active",
        account="venue",
    )


def delivery(world: World, **columns: object) -> UUID:
    return world.order(f"{TODAY} 12:00", **{"status": "confirmed", "fulfillment_type": "delivery", **columns})


async def test_a_manager_reads_how_far_wolt_courier_and_invoice_are(napoli: World, reader: Reader) -> None:
    order = delivery(napoli)
    napoli._insert(
        "wolt_orders", order_id=order, wolt_number="042", kind="instant", delivery_type="homedelivery",
        wolt_status="production", seen_status="confirmed",
    )  # fmt: skip
    napoli._insert(
        "courier_deliveries", id=new_id(), order_id=order, status="picked_up", price=4900, currency="DKK",
        tracking_url="https://wolt.example/t/1",
    )  # fmt: skip
    napoli._insert("invoice_drafts", order_id=order, status="created", draft_number=10_001, gross=24_950)
    page = (await reader(napoli, role="manager").get(address(napoli, order))).text

    for text in (
        "Wolt: accepted Number 042 there",
        "The courier has the order costs DKK 49.00 Where the courier is",
        "There is a draft invoice 10001 DKK 249.50",
    ):
        assert text in text_of(page)
    assert 'href="https://wolt.example/t/1"' in page


async def test_an_employee_sees_none_of_it(napoli: World, reader: Reader) -> None:
    order = delivery(napoli)
    napoli._insert("invoice_drafts", order_id=order, status="created", draft_number=10_001, gross=24_950)
    napoli._insert("courier_deliveries", id=new_id(), order_id=order, status="picked_up")
    page = text_of((await reader(napoli, role="employee").get(address(napoli, order))).text)

    assert ("invoice" in page, "courier" in page) == (False, False)


async def test_a_link_that_is_not_https_is_not_shown(napoli: World, reader: Reader) -> None:
    order = delivery(napoli)
    napoli._insert(
        "courier_deliveries", id=new_id(), order_id=order, status="received", tracking_url="javascript:alert(1)"
    )

    assert "javascript:" not in (await reader(napoli).get(address(napoli, order))).text


async def test_a_click_sends_for_a_courier_once(napoli: World, reader: Reader) -> None:
    order = delivery(napoli)
    http = reader(napoli, role="employee")
    before = text_of((await http.get(address(napoli, order))).text)
    connect(napoli)
    offered = text_of((await http.get(address(napoli, order))).text)
    sent = await http.post(address(napoli, order, "/courier"))
    twice = await http.post(address(napoli, order, "/courier"))

    assert (False, True) == (BUTTON in before, BUTTON in offered)
    assert (303, address(napoli, order)) == (sent.status_code, sent.headers["location"])
    assert 409 == twice.status_code
    assert [(order, "requested", True)] == napoli.rows(
        "select order_id, status, requested_by is not null from public.courier_deliveries where restaurant_id = %s"
    )
    assert [("wolt-drive", "create")] == napoli.rows(
        "select provider, kind from public.provider_calls where restaurant_id = %s"
    )


@pytest.mark.parametrize(
    "columns",
    [{"fulfillment_type": "pickup"}, {"status": "pending"}, {"status": "completed"}, {"status": "delivering"}],
)
async def test_no_courier_comes_for_what_is_not_his(napoli: World, reader: Reader, columns: dict[str, object]) -> None:
    connect(napoli)
    order = delivery(napoli, **columns)
    http = reader(napoli)
    page = text_of((await http.get(address(napoli, order))).text)

    assert BUTTON not in page
    assert 409 == (await http.post(address(napoli, order, "/courier"))).status_code


async def test_whoever_may_not_move_orders_may_not_send_for_a_courier(
    napoli: World, aarhus: World, reader: Reader
) -> None:
    connect(napoli)
    order = delivery(napoli)
    outsider = await reader(aarhus).post(address(napoli, order, "/courier"))
    analyst = await reader(napoli, role="analytics").post(address(napoli, order, "/courier"))

    assert (404, 403) == (outsider.status_code, analyst.status_code)
    assert [] == napoli.rows("select 1 from public.courier_deliveries where restaurant_id = %s")
