"""The shop's pages: what guests see, and what they do not."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx
import pytest

from flow.business.customers import Contact
from flow.business.orders import Order, OrderLine, PlaceOrder, move
from flow.business.orders.receipts import is_receipt_token, receipt_token
from flow.kit.ids import new_id
from tests.business.conftest import Kitchen
from tests.business.menus import SITE_KEY, make_site_key

HTML = "<script>alert('ost')</script> & \"brød\""
ESCAPED = "&lt;script&gt;alert(&#39;ost&#39;)&lt;/script&gt; &amp; &#34;brød&#34;"


@pytest.fixture
def key(kitchen: Kitchen) -> str:
    return make_site_key(kitchen.installation.owner_url, kitchen.id)


async def _order(kitchen: Kitchen) -> Order:
    line = OrderLine(product_id=kitchen.menu.margherita, option_ids=(kitchen.menu.family,))
    return (await kitchen.place(PlaceOrder(lines=(line,), contact=Contact(name=HTML)))).order


def _receipt(kitchen: Kitchen, order: Order, token: str | None = None) -> str:
    token = token or receipt_token(kitchen.installation.secret, kitchen.id, order.id)
    return f"/shop/napoli/orders/{order.id}?token={token}"


async def test_the_shop_shows_the_menu_with_the_tracker_and_says_that_it_is_simulated(
    kitchen: Kitchen, http: httpx.AsyncClient, key: str
) -> None:
    answer = await http.get("/shop/napoli", headers={"Accept-Language": "da"})

    assert 200 == answer.status_code
    assert "set-cookie" not in answer.headers
    assert f'src="/flow.js" data-restaurant="{kitchen.id}" data-key="{SITE_KEY}"' in answer.text
    assert "Demobutik – simuleret restaurant." in answer.text
    assert "Margherita" in answer.text
    assert "85,00\u00a0kr." in answer.text
    assert "Calzone" not in answer.text


async def test_a_restaurant_without_a_site_key_or_closed_for_good_has_no_shop(
    kitchen: Kitchen, http: httpx.AsyncClient
) -> None:
    without_key = await http.get("/shop/napoli")
    make_site_key(kitchen.installation.owner_url, kitchen.id)
    kitchen.run("update public.restaurants set status = 'closed'")
    closed = await http.get("/shop/napoli")
    unknown = await http.get("/shop/nowhere")

    assert [404, 404, 404] == [without_key.status_code, closed.status_code, unknown.status_code]


async def test_a_real_restaurant_is_not_called_simulated_and_takes_no_card(
    kitchen: Kitchen, http: httpx.AsyncClient, key: str
) -> None:
    kitchen.run("update public.restaurants set is_simulated = false")
    answer = await http.get("/shop/napoli")

    assert "demo-banner" not in answer.text
    assert 'value="card"' not in answer.text


async def test_html_in_the_menu_is_shown_as_text(kitchen: Kitchen, http: httpx.AsyncClient, key: str) -> None:
    for column in ("name", "description", "category"):
        kitchen.run(f"update public.products set {column} = %s where id = %s", HTML, kitchen.menu.margherita)
    answer = await http.get("/shop/napoli")

    assert HTML not in answer.text
    assert answer.text.count(ESCAPED) >= 3


async def test_a_receipt_is_for_whoever_has_its_address(kitchen: Kitchen, http: httpx.AsyncClient, key: str) -> None:
    order = await _order(kitchen)
    kitchen.run("update public.order_items set product_name = %s", HTML)
    answer = await http.get(_receipt(kitchen, order), headers={"Accept-Language": "en"})
    other = receipt_token(kitchen.installation.secret, kitchen.id, new_id())
    guessed = await http.get(_receipt(kitchen, order, other))
    without = await http.get(f"/shop/napoli/orders/{order.id}")

    assert 200 == answer.status_code
    assert "Order 1 is placed" in answer.text
    assert (True, False) == (ESCAPED in answer.text, HTML in answer.text)
    assert "DKK\u00a0155.00" in answer.text
    assert "noindex" == answer.headers["X-Robots-Tag"]
    assert [404, 422] == [guessed.status_code, without.status_code]


async def test_the_status_moves_with_the_order(kitchen: Kitchen, http: httpx.AsyncClient, key: str) -> None:
    order = await _order(kitchen)
    async with kitchen.database.as_service() as transaction:
        await move(transaction, kitchen.restaurant, order.id, "confirmed", clock=kitchen.clock)
    status_url = re.sub(r"\?", "/status?", _receipt(kitchen, order))
    answer = (await http.get(status_url, headers={"Accept-Language": "da"})).json()

    assert "confirmed" == answer["status"]
    assert [("pending", "12.00"), ("confirmed", "12.00"), ("preparing", ""), ("ready", ""), ("completed", "")] == [
        (step["status"], step["at_text"]) for step in answer["steps"]
    ]


def test_a_token_holds_for_its_order_restaurant_and_installation_alone() -> None:
    restaurant, order, secret = new_id(), new_id(), b"x" * 32
    token = receipt_token(secret, restaurant, order)

    assert 24 == len(token)
    assert is_receipt_token(token, secret, restaurant, order)
    assert not is_receipt_token(token, secret, restaurant, new_id())
    assert not is_receipt_token(token, secret, new_id(), order)
    assert not is_receipt_token(token, b"y" * 32, restaurant, order)
    assert not is_receipt_token("ø", secret, restaurant, order)


async def test_the_order_of_another_restaurant_is_not_shown_under_this_one(
    kitchen: Kitchen, http: httpx.AsyncClient, key: str
) -> None:
    other = replace(kitchen.restaurant, id=new_id())
    order = await _order(kitchen)
    token = receipt_token(kitchen.installation.secret, other.id, order.id)

    assert 404 == (await http.get(_receipt(kitchen, order, token))).status_code


@pytest.mark.parametrize(
    ("ticked", "kept"), [(True, [("email", True, "pending"), ("sms", True, "pending")]), (False, [])]
)
async def test_the_box_for_news_is_empty_and_leaves_evidence_when_it_is_ticked(
    kitchen: Kitchen, http: httpx.AsyncClient, key: str, *, ticked: bool, kept: list[tuple[object, ...]]
) -> None:
    page = (await http.get("/shop/napoli", headers={"Accept-Language": "da"})).text
    box = re.search(r'<input type="checkbox" name="marketing_consent"([^>]*)> <span>([^<]+)</span>', page)
    version = re.search(r'name="marketing_text_version" value="([^"]+)"', page)
    assert box is not None
    assert version is not None
    assert ("", True) == (box[1], box[2].startswith("Napoli må sende mig nyheder"))

    body = _body(kitchen, key, marketing_consent=ticked, marketing_text_version=version[1])
    for _ in range(2):
        assert (await http.post("/api/orders", json=body, headers={"Idempotency-Key": "once"})).is_success

    columns = "consent_text, collection_method, consent_version"
    found = kitchen.rows(f"select channel, granted, status, {columns} from public.user_consents order by channel")
    assert kept == [row[:3] for row in found]
    assert {(box[2], "checkout", version[1])} >= {row[3:] for row in found}


async def test_an_order_is_not_lost_for_a_text_that_nobody_knows(
    kitchen: Kitchen, http: httpx.AsyncClient, key: str
) -> None:
    body = _body(kitchen, key, marketing_consent=True, marketing_text_version="flow-any-da-00000000")
    answer = await http.post("/api/orders", json=body, headers={"Idempotency-Key": "once"})
    assert (201, []) == (answer.status_code, kitchen.rows("select id from public.user_consents"))


async def test_a_consent_without_its_text_is_refused(kitchen: Kitchen, http: httpx.AsyncClient, key: str) -> None:
    body = _body(kitchen, key, marketing_consent=True)
    assert 422 == (await http.post("/api/orders", json=body, headers={"Idempotency-Key": "once"})).status_code


def _body(kitchen: Kitchen, key: str, **fields: object) -> dict[str, object]:
    return {
        "restaurant_id": str(kitchen.id),
        "key": key,
        "items": [{"product_id": str(kitchen.menu.margherita), "option_ids": [str(kitchen.menu.family)]}],
        "customer": {"name": "Anna", "phone": "20123456", "email": "Anna@Example.dk"},
        **fields,
    }
