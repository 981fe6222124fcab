"""API keys: what they open, what they do not, and for how long."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest

from flow.access.keys.scopes import SCOPES
from flow.access.keys.text import PREFIX, make_key, read_key
from flow.database.installation import Installation
from flow.kit.clock import FixedClock
from flow.kit.ids import new_id
from flow.web.services import Services
from tests.access.conftest import ANNA
from tests.access.factors import set_up
from tests.business.menus import make_menu
from tests.connections import kept_connection
from tests.factories import make_restaurant
from tests.serving import PASSWORD, App, make_login

PAGE = {"accept": "text/html", "accept-language": "en"}


@pytest.fixture
def napoli(installation: Installation) -> UUID:
    restaurant = make_restaurant(installation.owner_url)
    make_menu(installation.owner_url, restaurant)
    return restaurant


@pytest.fixture
def anna(installation: Installation, napoli: UUID) -> UUID:
    return make_login(installation.owner_url, ANNA, restaurant=napoli)


@pytest.fixture
async def admin(http: httpx.AsyncClient, anna: UUID) -> httpx.AsyncClient:
    await http.post("/auth/login", json={"email": ANNA, "password": PASSWORD})
    return http


async def _make(http: httpx.AsyncClient, restaurant: UUID, *scopes: str, days: int = 30) -> str:
    form = {"restaurant": str(restaurant), "name": "Till", "days": str(days), "scopes": list(scopes)}
    answer = await http.post("/settings/keys", data=form, headers=PAGE)
    assert 200 == answer.status_code, answer.text
    return answer.text.partition('id="fresh-key">')[2].partition("<")[0]


def _bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


async def _orders(app: App, key: str, restaurant: UUID) -> int:
    async with app.client() as program:
        answer = await program.get("/api/orders", params={"restaurant_id": str(restaurant)}, headers=_bearer(key))
        return answer.status_code


async def _grants(services: Services, key: str) -> dict[str, frozenset[UUID]]:
    claims = await services.tokens.verify(key)
    async with services.database.as_user(claims) as transaction:
        assert transaction.caller is not None
        return transaction.caller.grants


@pytest.mark.parametrize("scope", [scope.name for scope in SCOPES])
async def test_a_key_may_what_its_scope_says_and_nothing_else(
    admin: httpx.AsyncClient, napoli: UUID, services: Services, scope: str
) -> None:
    grants = await _grants(services, await _make(admin, napoli, scope))
    (of,) = [each for each in SCOPES if each.name == scope]

    assert {permission: frozenset({napoli}) for permission in of.permissions} == grants


async def test_a_key_opens_its_part_of_the_api(app: App, admin: httpx.AsyncClient, napoli: UUID) -> None:
    reading = await _make(admin, napoli, "orders.read")
    other = await _make(admin, napoli, "menu.read")

    assert (200, 403) == (await _orders(app, reading, napoli), await _orders(app, other, napoli))


async def test_a_key_of_one_restaurant_is_nothing_in_another(
    app: App, admin: httpx.AsyncClient, napoli: UUID, installation: Installation
) -> None:
    tivoli = make_restaurant(installation.owner_url, "Tivoli")
    key = await _make(admin, napoli, "orders.read")

    assert 404 == await _orders(app, key, tivoli)


async def test_a_revoked_key_is_refused_at_once(app: App, admin: httpx.AsyncClient, napoli: UUID) -> None:
    key = await _make(admin, napoli, "orders.read")
    before = await _orders(app, key, napoli)
    parts = read_key(key)
    assert parts is not None
    answer = await admin.post(f"/settings/keys/{parts.id}/revoke", data={"restaurant": str(napoli)}, headers=PAGE)
    again = await admin.post(f"/settings/keys/{parts.id}/revoke", data={"restaurant": str(napoli)}, headers=PAGE)

    assert (200, 303, 401, 404) == (before, answer.status_code, await _orders(app, key, napoli), again.status_code)


async def test_claims_of_a_key_that_is_revoked_meanwhile_open_no_transaction(
    admin: httpx.AsyncClient, napoli: UUID, services: Services, installation: Installation
) -> None:
    from flow.errors import NotAuthenticated

    claims = await services.tokens.verify(await _make(admin, napoli, "orders.read"))
    with kept_connection(installation.owner_url) as connection:
        connection.execute("update public.api_keys set revoked_at = now()")
    with pytest.raises(NotAuthenticated):
        async with services.database.as_user(claims):
            pass


async def test_a_key_runs_out(app: App, admin: httpx.AsyncClient, napoli: UUID, clock: FixedClock) -> None:
    key = await _make(admin, napoli, "orders.read", days=30)
    statuses = []
    for days in (29, 2):
        clock.advance(timedelta(days=days))
        statuses.append(await _orders(app, key, napoli))

    assert [200, 401] == statuses


async def test_only_a_hash_is_kept_and_the_key_is_shown_once(
    admin: httpx.AsyncClient, napoli: UUID, installation: Installation
) -> None:
    key = await _make(admin, napoli, "orders.read")
    shown = (await admin.get("/settings/keys", headers=PAGE)).text
    with kept_connection(installation.owner_url) as connection:
        row = connection.execute("select k::text, ending, octet_length(key_hash) from public.api_keys k").fetchone()

    assert row is not None
    assert (key[-4:], 32) == row[1:]
    assert f"…{key[-4:]}" in shown
    assert not any(key[len(PREFIX) :][-20:] in text for text in (row[0], shown))


async def test_its_use_is_noted_once_a_minute(
    app: App, admin: httpx.AsyncClient, napoli: UUID, installation: Installation, clock: FixedClock
) -> None:
    key = await _make(admin, napoli, "orders.read")
    seen = []
    for seconds in (0, 30, 31):
        clock.advance(timedelta(seconds=seconds))
        await _orders(app, key, napoli)
        with kept_connection(installation.owner_url) as connection:
            row = connection.execute("select last_used_at from public.api_keys").fetchone()
        seen.append(row[0] if row else None)
    began = clock.now() - timedelta(seconds=61)

    assert [began, began, clock.now()] == seen


def _forgeries(key: str) -> list[str]:
    parts = read_key(key)
    assert parts is not None
    body = base64.urlsafe_b64decode(key.removeprefix(PREFIX) + "=")
    flipped = bytes([*body[:-1], body[-1] ^ 1])
    elsewhere = bytes([*new_id().bytes, *body[16:]])
    return [
        PREFIX,
        key[:-1],
        key + "A",
        key.swapcase(),
        PREFIX + base64.urlsafe_b64encode(flipped).decode().rstrip("="),
        PREFIX + base64.urlsafe_b64encode(elsewhere).decode().rstrip("="),
        make_key(parts.restaurant_id, parts.id),
        PREFIX + "*" * (len(key) - len(PREFIX)),
        PREFIX + "é" * (len(key) - len(PREFIX)),
        "fk_test_" + key.removeprefix(PREFIX),
    ]


async def test_no_other_text_is_a_key(app: App, admin: httpx.AsyncClient, napoli: UUID, services: Services) -> None:
    from flow.errors import NotAuthenticated

    key = await _make(admin, napoli, "orders.read")
    for forged in _forgeries(key):
        with pytest.raises(NotAuthenticated):
            await services.tokens.verify(forged)


def test_a_key_is_read_back_from_its_text() -> None:
    restaurant, key = new_id(), new_id()
    parts = read_key(make_key(restaurant, key))

    assert parts is not None
    assert (restaurant, key) == (parts.restaurant_id, parts.id)


@pytest.mark.parametrize(
    "path",
    [
        *("/settings/security/password", "/settings/security/second-factor", "/settings/security/recovery-codes"),
        *("/settings/security/sessions/end-others", "/login/step-up", "/auth/v1/step-up"),
    ],
)
async def test_a_key_has_no_account(app: App, admin: httpx.AsyncClient, napoli: UUID, path: str) -> None:
    key = await _make(admin, napoli, "orders.read")
    body = {"json": {"code": "1"}} if path.startswith("/auth") else {"data": {"code": "1", "old": "x", "new": "y"}}
    async with app.client() as program:
        answer = await program.post(path, headers=_bearer(key), **body)  # type: ignore[arg-type]

    assert 403 == answer.status_code


async def test_no_key_may_look_after_people_or_keys(app: App, admin: httpx.AsyncClient, napoli: UUID) -> None:
    key = await _make(admin, napoli, *(scope.name for scope in SCOPES))
    async with app.client() as program:
        shown = [
            (await program.get(path, headers={**_bearer(key), **PAGE})).status_code
            for path in ("/settings/keys", "/settings/people")
        ]
        made = await program.post(
            "/settings/keys",
            data={"restaurant": str(napoli), "name": "x", "days": "30", "scopes": "menu.read"},
            headers=_bearer(key),
        )

    assert ([403, 403], 403) == (shown, made.status_code)


@pytest.mark.parametrize("scope", ["people.write", "keys.write", "audit.read", "orders.*", "", "restaurant.write"])
async def test_a_scope_that_is_none_is_refused(admin: httpx.AsyncClient, napoli: UUID, scope: str) -> None:
    form = {"restaurant": str(napoli), "name": "Till", "days": "30", "scopes": ["menu.read", scope]}
    answer = await admin.post("/settings/keys", data=form, headers=PAGE)

    assert (422, True) == (answer.status_code, "Choose at least one scope." in answer.text)


@pytest.mark.parametrize("role", ["manager", "employee", "analytics", "compliance"])
async def test_who_is_no_admin_makes_no_key(
    http: httpx.AsyncClient, napoli: UUID, installation: Installation, role: str
) -> None:
    make_login(installation.owner_url, "emil@napoli.example", restaurant=napoli, role=role)
    await http.post("/auth/login", json={"email": "emil@napoli.example", "password": PASSWORD})
    form = {"restaurant": str(napoli), "name": "Till", "days": "30", "scopes": "menu.read"}
    answers = [await http.get("/settings/keys", headers=PAGE), await http.post("/settings/keys", data=form)]

    assert [403, 403] == [answer.status_code for answer in answers]


async def test_an_admin_makes_and_revokes_no_key_of_another_restaurant(
    admin: httpx.AsyncClient, napoli: UUID, installation: Installation
) -> None:
    tivoli = make_restaurant(installation.owner_url, "Tivoli")
    key = new_id()
    with kept_connection(installation.owner_url) as connection:
        connection.execute(
            "insert into public.api_keys (restaurant_id, id, name, key_hash, ending, scopes, expires_at) "
            "values (%s, %s, 'Till', 'x', 'abcd', '{menu.read}', now() + interval '1 day')",
            [tivoli, key],
        )
    form = {"restaurant": str(tivoli), "name": "Till", "days": "30", "scopes": "menu.read"}
    answers = [
        await admin.get(f"/settings/keys?restaurant={tivoli}"),
        await admin.post("/settings/keys", data=form),
        await admin.post(f"/settings/keys/{key}/revoke", data={"restaurant": str(tivoli)}),
        await admin.post(f"/settings/keys/{key}/revoke", data={"restaurant": str(napoli)}),
    ]

    assert [404, 403, 403, 404] == [answer.status_code for answer in answers]


async def test_a_key_grants_nothing_that_its_row_was_given_by_hand(
    admin: httpx.AsyncClient, napoli: UUID, services: Services, installation: Installation
) -> None:
    key = await _make(admin, napoli, "menu.read")
    with kept_connection(installation.owner_url) as connection:
        connection.execute("update public.api_keys set scopes = '{menu.read,logs.read,no.such}'")

    assert {"menu.read": frozenset({napoli})} == await _grants(services, key)


async def test_with_a_second_factor_an_old_session_steps_up_before_it_makes_a_key(
    admin: httpx.AsyncClient, anna: UUID, napoli: UUID, services: Services, clock: FixedClock
) -> None:
    await set_up(services, anna, clock)
    form = {"restaurant": str(napoli), "name": "Till", "days": "30", "scopes": "menu.read"}
    referer = {"referer": "http://127.0.0.1:8010/settings/keys?restaurant=x"}
    page = await admin.post("/settings/keys", data=form, headers={**PAGE, **referer})
    elsewhere = await admin.post("/settings/keys", data=form, headers={**PAGE, "referer": "https://evil.example//x"})
    program = await admin.post("/settings/keys", data=form)

    assert (303, "/login/step-up?next=/settings/keys") == (page.status_code, page.headers["location"])
    assert "/login/step-up?next=/settings/security" == elsewhere.headers["location"]
    assert (403, "step_up_required") == (program.status_code, program.json()["error"]["code"])


async def test_making_and_revoking_are_audited(
    admin: httpx.AsyncClient, napoli: UUID, anna: UUID, installation: Installation
) -> None:
    key = await _make(admin, napoli, "menu.read")
    parts = read_key(key)
    assert parts is not None
    await admin.post(f"/settings/keys/{parts.id}/revoke", data={"restaurant": str(napoli)})
    with kept_connection(installation.owner_url) as connection:
        rows = connection.execute(
            "select action, restaurant_id, performed_by, after ->> 'key' from public.gdpr_audit_log "
            "where action like 'api_key%' order by id"
        ).fetchall()

    assert [
        ("api_key_created", napoli, anna, str(parts.id)),
        ("api_key_revoked", napoli, anna, str(parts.id)),
    ] == rows


async def test_a_token_cannot_pass_itself_off_as_a_key(
    admin: httpx.AsyncClient, napoli: UUID, services: Services, anna: UUID
) -> None:
    key = read_key(await _make(admin, napoli, "orders.read"))
    assert key is not None
    now = int(datetime.now(UTC).timestamp())
    token = services.issuer.sign(
        {
            "sub": str(anna),
            "role": "authenticated",
            "iat": now,
            "exp": now + 60,
            "session_id": str(new_id()),
            "api_key": {"restaurant_id": str(napoli)},
        }
    )

    assert "api_key" not in await services.tokens.verify(token)
