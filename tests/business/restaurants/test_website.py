"""The settings page of site keys: made, changed, revoked, by those who may."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.business.restaurants.website.errors import NoSuchOrigin
from flow.business.restaurants.website.service import MOST_KEYS, read_origins
from tests.business.menus import make_menu
from tests.business.restaurants.conftest import Town

PAGE = "/settings/website"
KEYS = f"{PAGE}/keys"


def _form(town: Town, name: str = "Website", origins: str = "") -> dict[str, str]:
    return {"restaurant": str(town.napoli), "name": name, "origins": origins}


def _keys(town: Town) -> list[tuple[object, ...]]:
    return town.rows(
        "select key, name, allowed_origins from public.site_keys "
        "where restaurant_id = %s and revoked_at is null order by created_at",
        town.napoli,
    )


async def _make(town: Town, **wish: str) -> str:
    assert 303 == (await town.admin.post(KEYS, data=_form(town, **wish))).status_code
    return str(_keys(town)[-1][0])


async def test_a_new_key_is_shown_with_the_line_for_the_pages(town: Town) -> None:
    key = await _make(town, origins="https://Napoli.example/\nhttp://localhost:3000\n\nhttps://napoli.example:443")
    page = await town.admin.get(PAGE)

    assert [(key, "Website", ["https://napoli.example", "http://localhost:3000"])] == _keys(town)
    assert f"/flow.js&#34; data-restaurant=&#34;{town.napoli}&#34; data-key=&#34;{key}" in page.text.replace(
        '"', "&#34;"
    )
    assert "No visit has come in yet." in page.text


async def test_a_key_gets_another_name_and_other_pages(town: Town) -> None:
    key = await _make(town)
    answer = await town.admin.post(f"{KEYS}/{key}", data=_form(town, "Landing page", "https://spring.example"))

    assert 303 == answer.status_code
    assert [(key, "Landing page", ["https://spring.example"])] == _keys(town)


async def test_a_revoked_key_takes_no_order_and_cannot_be_revoked_again(town: Town) -> None:
    key = await _make(town)
    menu = make_menu(town.app.installation.owner_url, town.napoli)
    order = {
        "restaurant_id": str(town.napoli),
        "key": key,
        "items": [{"product_id": str(menu.cola), "quantity": 1}],
    }
    before = (await town.visitor.post("/api/orders", json=order, headers={"Idempotency-Key": "1" * 20})).status_code
    ended = [(await town.admin.post(f"{KEYS}/{key}/revoke", data=_form(town))).status_code for _ in range(2)]
    after = (await town.visitor.post("/api/orders", json=order, headers={"Idempotency-Key": "2" * 20})).status_code

    assert ([303, 404], 201, 401) == (ended, before, after)


@pytest.mark.parametrize(
    "line",
    [
        "napoli.example", "ftp://napoli.example", "https://napoli.example/menu", "https://napoli.example?x=1",
        "https://anna:secret@napoli.example", "https://", "https://napoli.example:0", "https://napoli.example:99999",
        "https://[::1", "https://*.example", "https://nápoli.example",
    ],
)  # fmt: skip
async def test_what_is_no_origin_is_refused_and_left_in_the_form(town: Town, line: str) -> None:
    answer = await town.admin.post(KEYS, data=_form(town, origins=line))

    assert (422, []) == (answer.status_code, _keys(town))
    assert "without a path" in answer.text
    assert "<textarea" in answer.text.partition("New key")[2]


async def test_there_is_an_end_to_the_number_of_keys(town: Town) -> None:
    for _ in range(MOST_KEYS):
        await _make(town)
    answer = await town.admin.post(KEYS, data=_form(town))

    assert (409, MOST_KEYS) == (answer.status_code, len(_keys(town)))
    assert "There are 20 site keys already." in answer.text


async def test_an_employee_and_another_restaurants_admin_neither_see_nor_change_a_key(town: Town) -> None:
    key = await _make(town)
    for other, status in ((town.employee, 403), (town.stranger, 404)):
        assert status == (await other.get(PAGE, params={"restaurant": town.napoli})).status_code
        for path in (KEYS, f"{KEYS}/{key}", f"{KEYS}/{key}/revoke"):
            assert 403 == (await other.post(path, data=_form(town))).status_code
    assert [(key, "Website", [])] == _keys(town)


async def test_what_is_done_to_keys_is_in_the_audit_log(town: Town) -> None:
    key = await _make(town)
    await town.admin.post(f"{KEYS}/{key}", data=_form(town))
    await town.admin.post(f"{KEYS}/{key}/revoke", data=_form(town))

    actions = [
        row[0]
        for row in town.rows(
            "select action from public.gdpr_audit_log where restaurant_id = %s order by id", town.napoli
        )
    ]
    assert ["site_key_created", "site_key_changed", "site_key_revoked"] == actions


@given(st.text(max_size=200))
def test_origins_are_read_or_refused_and_reading_them_again_changes_nothing(text: str) -> None:
    try:
        origins = read_origins(text)
    except NoSuchOrigin:
        return
    assert origins == read_origins("\n".join(origins))
