"""The settings pages of integrations: who may, what they show, and that secrets stay unseen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from flow.collect.integrations.connecting import connect
from flow.database.installation import Installation
from tests.collect.integrations.acme import AcmeSystem, Reply, Server, running_acme
from tests.connections import kept_connection
from tests.factories import make_restaurant
from tests.serving import PASSWORD, App, make_login, running_app

PAGE = "/settings/integrations"
HTML = {"accept": "text/html", "accept-language": "en"}


@pytest.fixture
def acme() -> Iterator[Server]:
    with running_acme() as server:
        yield server


@pytest.fixture
def restaurant(installation: Installation) -> UUID:
    return make_restaurant(installation.owner_url)


@pytest.fixture
async def app(installation: Installation, tmp_path: Path, restaurant: UUID, acme: Server) -> AsyncIterator[App]:
    async with running_app(installation, tmp_path) as running:
        calls = running.asgi.state.calls
        calls.systems = {"acme": AcmeSystem()}
        await connect(calls, restaurant, "acme", {"shop": "17", "secret": "s3cret"}, simulator=acme.url)
        yield running


@pytest.fixture
async def admin(app: App, installation: Installation, restaurant: UUID) -> AsyncIterator[httpx.AsyncClient]:
    make_login(installation.owner_url, "anna@napoli.example", restaurant=restaurant)
    async with app.client() as http:
        await http.post("/auth/login", json={"email": "anna@napoli.example", "password": PASSWORD})
        yield http


async def _as(app: App, installation: Installation, restaurant: UUID, role: str) -> httpx.AsyncClient:
    email = f"{role}@napoli.example"
    make_login(installation.owner_url, email, restaurant=restaurant, role=role)
    http = app.client()
    await http.post("/auth/login", json={"email": email, "password": PASSWORD})
    return http


def _park(installation: Installation, restaurant: UUID) -> UUID:
    with kept_connection(installation.owner_url) as connection:
        row = connection.execute(
            "insert into public.webhook_inbox (restaurant_id, id, provider, dedupe_key, event_type, payload_sealed, "
            "status, reason, processed_at) values (%s, gen_random_uuid(), 'acme', 'k', 'paid', 'x', 'parked', "
            "'not_ours', %s) returning id",
            [restaurant, datetime.now(UTC)],
        ).fetchone()
    assert row is not None
    return UUID(str(row[0]))


def _value(installation: Installation, sql: str) -> object:
    with kept_connection(installation.owner_url) as connection:
        row = connection.execute(sql.encode()).fetchone()
    assert row is not None
    return row[0]


async def test_the_list_shows_what_is_connected(admin: httpx.AsyncClient) -> None:
    answer = await admin.get(PAGE, headers=HTML)

    assert 200 == answer.status_code
    assert "Not tested yet" in answer.text


async def test_what_was_refused_is_shown_with_what_to_do(
    admin: httpx.AsyncClient, installation: Installation, restaurant: UUID
) -> None:
    before = await admin.get(f"{PAGE}/acme", headers=HTML)
    with kept_connection(installation.owner_url) as connection:
        connection.execute(
            "insert into public.webhook_refusals (restaurant_id, hour, provider, reason, deliveries) "
            "values (%s, date_trunc('hour', now()), 'acme', 'bad_signature', 1234)",
            [restaurant],
        )
    after = await admin.get(f"{PAGE}/acme", headers=HTML)

    assert "Webhooks refused" not in before.text
    assert "1,234 · not signed with the secret that FLOW has" in after.text


async def test_a_test_call_makes_the_connection_active(
    admin: httpx.AsyncClient, restaurant: UUID, installation: Installation
) -> None:
    answer = await admin.post(f"{PAGE}/acme/test", data={"restaurant": str(restaurant)}, headers=HTML)

    assert 303 == answer.status_code
    page = await admin.get(answer.headers["location"], headers=HTML)
    assert "The test call was answered." in page.text
    assert "active" == _value(installation, "select status from public.integration_configs")


async def test_a_refused_test_says_so_in_words(admin: httpx.AsyncClient, restaurant: UUID, acme: Server) -> None:
    acme.replies = [Reply(401)]
    answer = await admin.post(f"{PAGE}/acme/test", data={"restaurant": str(restaurant)}, headers=HTML)
    page = await admin.get(answer.headers["location"], headers=HTML)

    assert "does not accept these settings" in page.text


async def test_what_the_other_system_says_is_passed_on(
    admin: httpx.AsyncClient, restaurant: UUID, acme: Server
) -> None:
    acme.replies = [Reply(402)]
    answer = await admin.post(f"{PAGE}/acme/test", data={"restaurant": str(restaurant)}, headers=HTML)
    page = await admin.get(answer.headers["location"], headers=HTML)

    assert "Acme wants to be paid first." in page.text


async def test_a_form_with_something_missing_says_so(
    admin: httpx.AsyncClient, app: App, installation: Installation, restaurant: UUID
) -> None:
    await admin.post(f"{PAGE}/acme/disconnect", data={"restaurant": str(restaurant)}, headers=HTML)
    answer = await admin.post(f"{PAGE}/acme", data={"restaurant": str(restaurant), "shop": "1"}, headers=HTML)
    page = await admin.get(answer.headers["location"], headers=HTML)

    assert "Fill in every required field." in page.text


async def test_a_secret_is_never_shown_again(admin: httpx.AsyncClient, restaurant: UUID) -> None:
    form = {"restaurant": str(restaurant), "shop": "18", "secret": "a new s3cret"}
    answer = await admin.post(f"{PAGE}/acme", data=form, headers=HTML)
    page = await admin.get(answer.headers["location"], headers=HTML)

    assert "Connected: a test call was answered." in page.text
    assert 'value="18"' in page.text
    assert "s3cret" not in page.text


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Nothing was changed: the former settings stay in force."),
        ("da", "Intet er ændret: de hidtidige indstillinger gælder fortsat."),
        ("sv", "Inget har ändrats: de tidigare inställningarna gäller fortfarande."),
    ],
)
async def test_a_refused_key_leaves_the_one_that_works_and_the_page_says_so(
    admin: httpx.AsyncClient, restaurant: UUID, installation: Installation, acme: Server, language: str, told: str
) -> None:
    await admin.post(f"{PAGE}/acme/test", data={"restaurant": str(restaurant)}, headers=HTML)
    before = _value(installation, "select credentials_encrypted from public.integration_configs")
    acme.replies = [Reply(402)]
    form = {"restaurant": str(restaurant), "shop": "18", "secret": "wr0ng"}
    page = await admin.post(f"{PAGE}/acme", data=form, headers=HTML | {"accept-language": language})

    assert 422 == page.status_code
    assert "Acme wants to be paid first." in page.text and told in page.text
    assert 'value="18"' in page.text and "wr0ng" not in page.text
    assert "even_unanswered" not in page.text
    assert before == _value(installation, "select credentials_encrypted from public.integration_configs")
    assert ["active", "17"] == [
        _value(installation, f"select {column} from public.integration_configs") for column in ("status", "account")
    ]


async def test_where_nobody_answers_the_person_decides(
    admin: httpx.AsyncClient, restaurant: UUID, installation: Installation, acme: Server
) -> None:
    await admin.post(f"{PAGE}/acme/test", data={"restaurant": str(restaurant)}, headers=HTML)
    acme.replies = [Reply(500), Reply(500)]
    form = {"restaurant": str(restaurant), "shop": "18", "secret": "n3w"}
    asked = await admin.post(f"{PAGE}/acme", data=form, headers=HTML)
    account = _value(installation, "select account from public.integration_configs")
    answer = await admin.post(f"{PAGE}/acme", data=form | {"even_unanswered": "true"}, headers=HTML)
    page = await admin.get(answer.headers["location"], headers=HTML)

    assert (422, "17") == (asked.status_code, account)
    assert "acme does not answer, so what you typed could not be tried." in asked.text
    assert 'name="even_unanswered"' in asked.text and "n3w" not in asked.text
    assert "Saved untried" in page.text
    assert "18" == _value(installation, "select account from public.integration_configs")
    assert "error" == _value(installation, "select status from public.integration_configs")


async def test_the_page_shows_the_address_that_receives(admin: httpx.AsyncClient, app: App) -> None:
    page = await admin.get(f"{PAGE}/acme", headers=HTML)
    address = page.text.partition('id="address">')[2].partition("<")[0]

    assert address.startswith("http://127.0.0.1:8010/api/webhooks/acme/")
    async with app.client() as stranger:  # Acme is no provider of webhooks here, so the address is known but not served
        assert 404 == (await stranger.post(address, content=b"x")).status_code


async def test_the_address_is_shown_before_there_is_a_connection_and_stays(
    admin: httpx.AsyncClient, restaurant: UUID, installation: Installation, app: App, acme: Server
) -> None:
    other = make_restaurant(installation.owner_url, "Roma")
    with kept_connection(installation.owner_url) as connection:
        connection.execute(
            "insert into public.user_restaurant_access (restaurant_id, user_id, role) "
            "select %s, user_id, 'admin' from public.user_restaurant_access limit 1",
            [other],
        )
    pages = []
    for _ in range(2):
        pages.append(await admin.get(f"{PAGE}/acme", params={"restaurant": str(other)}, headers=HTML))
        await connect(app.asgi.state.calls, other, "acme", {"shop": "18", "secret": "x"}, simulator=acme.url)

    before, after = (page.text.partition('id="address">')[2].partition("<")[0] for page in pages)
    assert before.startswith("http")
    assert before == after


async def test_disconnecting_asks_nothing_of_the_other_system_and_forgets(
    admin: httpx.AsyncClient, restaurant: UUID, installation: Installation, acme: Server
) -> None:
    answer = await admin.post(f"{PAGE}/acme/disconnect", data={"restaurant": str(restaurant)}, headers=HTML)

    assert 303 == answer.status_code
    assert [] == acme.asked
    assert None is _value(installation, "select credentials_encrypted from public.integration_configs")


async def test_a_parked_item_shows_its_reason_and_is_applied_again(
    admin: httpx.AsyncClient, restaurant: UUID, installation: Installation
) -> None:
    item = _park(installation, restaurant)

    page = await admin.get(f"{PAGE}/inbox", headers=HTML)
    assert "not_ours" in page.text
    form = {"restaurant": str(restaurant), "item": str(item)}
    again = [await admin.post(f"{PAGE}/inbox/again", data=form, headers=HTML) for _ in range(2)]

    assert [303, 404] == [answer.status_code for answer in again]
    assert "received" == _value(installation, "select status from public.webhook_inbox")


async def test_a_call_that_failed_is_shown_and_carried_out_again(
    admin: httpx.AsyncClient, restaurant: UUID, installation: Installation
) -> None:
    with kept_connection(installation.owner_url) as connection:
        connection.execute(
            "insert into public.provider_calls (restaurant_id, id, provider, kind, key, status, attempts, last_error) "
            "values (%s, gen_random_uuid(), 'acme', 'capture', 'capture-1', 'failed', 14, 'provider_away')",
            [restaurant],
        )
    page = await admin.get(f"{PAGE}/acme", headers=HTML)
    assert "tried 14 times" in page.text
    assert "The other system does not answer." in page.text

    call = _value(installation, "select id from public.provider_calls")
    again = f"{PAGE}/acme/calls/{call}/again"
    answers = [await admin.post(again, data={"restaurant": str(restaurant)}, headers=HTML) for _ in range(2)]

    assert [303, 404] == [answer.status_code for answer in answers]
    assert "queued" == _value(installation, "select status from public.provider_calls")


async def test_the_page_says_how_the_last_day_went(
    admin: httpx.AsyncClient, restaurant: UUID, installation: Installation
) -> None:
    _park(installation, restaurant)
    with kept_connection(installation.owner_url) as connection:
        connection.execute(
            "insert into public.api_logs (restaurant_id, id, api_name, endpoint, method, response_time_ms, success) "
            "select %s, gen_random_uuid(), 'acme', '/x', 'GET', 100, n > 1 from generate_series(1, 4) n",
            [restaurant],
        )

    page = await admin.get(f"{PAGE}/acme", headers=HTML)

    assert "4, of which 75" in page.text
    assert "95 % within 100\u00a0ms" in page.text
    assert "Webhooks from" in page.text


@pytest.mark.parametrize("role", ["manager", "employee", "analytics"])
async def test_others_see_no_integrations_and_change_none(
    app: App, installation: Installation, restaurant: UUID, role: str
) -> None:
    http = await _as(app, installation, restaurant, role)
    item = _park(installation, restaurant)
    form = {"restaurant": str(restaurant), "item": str(item), "shop": "1", "secret": "x"}

    answers = [await http.get(path, headers=HTML) for path in (PAGE, f"{PAGE}/acme", f"{PAGE}/inbox")]
    answers += [
        await http.post(path, data=form, headers=HTML)
        for path in (f"{PAGE}/acme", f"{PAGE}/acme/test", f"{PAGE}/acme/disconnect", f"{PAGE}/inbox/again")
    ]

    assert {403} == {answer.status_code for answer in answers}
    await http.aclose()


async def test_another_restaurants_connection_is_out_of_reach(
    app: App, admin: httpx.AsyncClient, installation: Installation
) -> None:
    foreign = make_restaurant(installation.owner_url, "Roma")
    item = _park(installation, foreign)
    form = {"restaurant": str(foreign), "item": str(item), "shop": "1", "secret": "x"}

    answers = [
        await admin.post(path, data=form, headers=HTML)
        for path in (f"{PAGE}/acme", f"{PAGE}/acme/test", f"{PAGE}/acme/disconnect", f"{PAGE}/inbox/again")
    ]

    assert {403} == {answer.status_code for answer in answers}
    assert 404 == (await admin.get(PAGE, params={"restaurant": str(foreign)}, headers=HTML)).status_code
    assert "parked" == _value(installation, "select status from public.webhook_inbox")
