"""Log-in in two steps, and the step up within a session."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import httpx
import jwt
import pytest

from flow.access import service as users
from flow.access.tickets import TICKET_LIFE
from flow.database.installation import Installation
from flow.kit.clock import FixedClock
from flow.web.services import Services
from tests.access.conftest import ANNA
from tests.access.factors import Phone, set_up
from tests.connections import kept_connection
from tests.serving import PASSWORD, App, make_login

HALF_MINUTE = timedelta(seconds=30)
PAGE = {"accept": "text/html", "accept-language": "en"}


@pytest.fixture
def clock(clock: FixedClock) -> FixedClock:
    """Begins in the past: tokens are checked against the machine's clock, and must not come from the future."""
    clock.advance(timedelta(minutes=-40))
    return clock


@pytest.fixture
async def phone(services: Services, anna: UUID, clock: FixedClock) -> Phone:
    made, _ = await set_up(services, anna, clock)
    clock.advance(HALF_MINUTE)
    return made


async def _password(http: httpx.AsyncClient, **form: str) -> httpx.Response:
    return await http.post("/login", data={"email": ANNA, "password": PASSWORD, **form}, headers=PAGE)


async def _code(http: httpx.AsyncClient, code: str, **form: str) -> httpx.Response:
    return await http.post("/login/code", data={"code": code, **form}, headers=PAGE)


def _claims(answer: httpx.Response) -> dict[str, object]:
    claims: dict[str, object] = jwt.decode(answer.cookies["flow_session"], options={"verify_signature": False})
    return claims


async def test_a_password_alone_opens_no_session(http: httpx.AsyncClient, phone: Phone) -> None:
    answer = await _password(http, next="/orders")
    within = await http.get("/auth/v1/user")

    assert (303, "/login/code?next=%2Forders") == (answer.status_code, answer.headers["location"])
    assert {"flow_ticket"} == set(answer.cookies)
    assert 401 == within.status_code


async def test_password_and_code_open_one_that_counts_both(
    http: httpx.AsyncClient, phone: Phone, clock: FixedClock
) -> None:
    await _password(http)
    answer = await _code(http, phone.code(clock.now()), next="/orders")
    claims = _claims(answer)

    assert (303, "/orders") == (answer.status_code, answer.headers["location"])
    assert ("aal2", ["password", "totp"]) == (claims["aal"], [each["method"] for each in claims["amr"]])  # type: ignore[attr-defined]
    assert "flow_ticket" not in http.cookies
    assert 200 == (await http.get("/auth/v1/user")).status_code


async def test_the_ticket_is_out_of_reach_of_scripts_and_of_other_sites(http: httpx.AsyncClient, phone: Phone) -> None:
    cookie = (await _password(http)).headers["set-cookie"].lower()

    assert all(part in cookie for part in ("httponly", "samesite=strict", "path=/login", "max-age=300"))


async def test_a_program_sends_all_three_at_once(http: httpx.AsyncClient, phone: Phone, clock: FixedClock) -> None:
    wish = {"email": ANNA, "password": PASSWORD}
    without = await http.post("/auth/v1/token", json=wish)
    wrong = await http.post("/auth/v1/token", json={**wish, "code": "abc"})
    answer = await http.post("/auth/v1/token", json={**wish, "code": phone.code(clock.now())})

    assert (401, "second_factor_required") == (without.status_code, without.json()["error"]["code"])
    assert (401, "wrong_code") == (wrong.status_code, wrong.json()["error"]["code"])
    assert "aal2" == jwt.decode(answer.json()["access_token"], options={"verify_signature": False})["aal"]


async def test_a_wrong_password_does_not_say_that_there_is_a_second_factor(
    http: httpx.AsyncClient, phone: Phone, clock: FixedClock
) -> None:
    wish = {"email": ANNA, "password": "wrong horse battery"}
    answers = [
        await http.post("/auth/v1/token", json=wish),
        await http.post("/auth/v1/token", json={**wish, "code": phone.code(clock.now())}),
        await http.post("/auth/v1/token", json={**wish, "email": "nobody@napoli.example"}),
    ]

    assert {(401, "wrong_credentials")} == {(each.status_code, each.json()["error"]["code"]) for each in answers}


async def test_a_ticket_is_for_five_minutes(http: httpx.AsyncClient, phone: Phone, clock: FixedClock) -> None:
    await _password(http)
    clock.advance(TICKET_LIFE + timedelta(seconds=1))
    answer = await _code(http, phone.code(clock.now()))

    assert (303, True) == (answer.status_code, answer.headers["location"].startswith("/login?"))
    assert "flow_session" not in answer.cookies


async def test_a_changed_password_ends_a_ticket(
    http: httpx.AsyncClient, phone: Phone, anna: UUID, services: Services, clock: FixedClock
) -> None:
    await _password(http)
    async with services.database.as_service() as transaction:
        await users.change_password(transaction, anna, "another horse battery", at=clock.now())
    answer = await _code(http, phone.code(clock.now()))

    assert "flow_session" not in answer.cookies


@pytest.mark.parametrize("ticket", ["", "x", "AAAA", "a" * 2_000, "ÿ", "eyJhbGciOiJub25lIn0.e30."])
async def test_a_made_up_ticket_leads_back_to_the_password(
    app: App, phone: Phone, clock: FixedClock, ticket: str
) -> None:
    async with app.client(headers={"cookie": f"flow_ticket={ticket}".encode("latin-1")}) as http:
        answer = await _code(http, phone.code(clock.now()))

    assert (303, True) == (answer.status_code, answer.headers["location"].startswith("/login?"))
    assert "flow_session" not in answer.cookies


async def test_a_planted_ticket_opens_no_other_account(
    app: App, phone: Phone, installation: Installation, services: Services, clock: FixedClock
) -> None:
    """The attacker's own ticket in the victim's browser: the victim's code belongs to another secret."""
    mallory = make_login(installation.owner_url, "mallory@x.example")
    await set_up(services, mallory, clock)
    clock.advance(HALF_MINUTE)
    async with app.client() as attacker:
        await attacker.post("/login", data={"email": "mallory@x.example", "password": PASSWORD}, headers=PAGE)
        planted = attacker.cookies["flow_ticket"]
    async with app.client(cookies={"flow_ticket": planted}) as victim:
        answer = await _code(victim, phone.code(clock.now()))

    assert (401, False) == (answer.status_code, "flow_session" in answer.cookies)


async def test_guessing_codes_over_http_is_locked_and_says_for_how_long(
    http: httpx.AsyncClient, phone: Phone, clock: FixedClock
) -> None:
    await _password(http)
    statuses = [(await _code(http, "abc")).status_code for _ in range(6)]
    right = await _code(http, phone.code(clock.now()))

    assert ([401] * 5 + [429], (429, "900")) == (statuses, (right.status_code, right.headers["retry-after"]))
    assert "15 minutes" in right.text


async def test_a_code_cannot_be_replayed_in_another_browser(app: App, phone: Phone, clock: FixedClock) -> None:
    code = phone.code(clock.now())
    async with app.client() as victim, app.client() as thief:
        for browser in (victim, thief):
            await _password(browser)
        answers = [await _code(victim, code), await _code(thief, code)]

    assert [303, 401] == [answer.status_code for answer in answers]


@pytest.mark.parametrize(
    "place", ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)"]
)
async def test_log_in_leads_nowhere_else(http: httpx.AsyncClient, phone: Phone, clock: FixedClock, place: str) -> None:
    begun = await _password(http, next=place)
    shown = await http.get("/login/code", params={"next": place}, headers=PAGE)
    ended = await _code(http, phone.code(clock.now()), next=place)

    assert "/login/code?next=%2Fdashboard" == begun.headers["location"]
    assert "evil" not in shown.text
    assert "/dashboard" == ended.headers["location"]


async def test_a_step_up_replaces_the_session_so_that_an_old_token_gains_nothing(
    app: App, services: Services, anna: UUID, clock: FixedClock
) -> None:
    async with app.client() as http:
        before = await http.post("/auth/login", json={"email": ANNA, "password": PASSWORD})
        old = before.cookies["flow_session"]
        phone, _ = await set_up(services, anna, clock)
        clock.advance(HALF_MINUTE)
        shown = await http.get("/login/step-up?next=/orders", headers=PAGE)
        wrong = await http.post("/login/step-up", data={"code": "abc"}, headers=PAGE)
        answer = await http.post(
            "/login/step-up", data={"code": phone.code(clock.now()), "next": "/orders"}, headers=PAGE
        )
        new = answer.cookies["flow_session"]
        statuses = [
            (await http.get("/auth/v1/user", headers={"authorization": f"Bearer {token}"})).status_code
            for token in (old, new)
        ]

    assert ([200, 401, 303], "/orders") == (
        [shown.status_code, wrong.status_code, answer.status_code],
        answer.headers["location"],
    )
    assert ("aal2", [401, 200]) == (_claims(answer)["aal"], statuses)


async def test_a_program_steps_up_with_its_token(
    http: httpx.AsyncClient, services: Services, anna: UUID, clock: FixedClock
) -> None:
    token = (await http.post("/auth/v1/token", json={"email": ANNA, "password": PASSWORD})).json()["access_token"]
    headers = {"authorization": f"Bearer {token}"}
    none = await http.post("/auth/v1/step-up", json={"code": "123456"}, headers=headers)
    phone, _ = await set_up(services, anna, clock)
    clock.advance(HALF_MINUTE)
    answer = await http.post("/auth/v1/step-up", json={"code": phone.code(clock.now())}, headers=headers)

    assert (409, "no_second_factor") == (none.status_code, none.json()["error"]["code"])
    assert "aal2" == jwt.decode(answer.json()["access_token"], options={"verify_signature": False})["aal"]


async def test_a_renewed_token_keeps_how_sure_the_log_in_is(
    http: httpx.AsyncClient, phone: Phone, clock: FixedClock
) -> None:
    await _password(http)
    await _code(http, phone.code(clock.now()))
    clock.advance(timedelta(minutes=20))
    renewed = await http.get("/auth/v1/user")

    assert "aal2" == _claims(renewed)["aal"]


async def test_a_token_says_aal2_in_vain_when_its_session_does_not(
    services: Services, anna: UUID, http: httpx.AsyncClient, installation: Installation
) -> None:
    """Somebody with the signing key cannot raise a session: the database looks at the session itself."""
    await http.post("/auth/login", json={"email": ANNA, "password": PASSWORD})
    claims = jwt.decode(http.cookies["flow_session"], options={"verify_signature": False})
    with kept_connection(installation.owner_url) as connection:
        connection.execute("insert into public.user_roles (user_id, role) values (%s, 'super_admin')", [anna])
        connection.execute(
            "insert into public.restaurants (id, name, slug, event_namespace) "
            "values (gen_random_uuid(), 'Napoli', 'napoli', 'napoli')"
        )
    async with services.database.as_user({**claims, "aal": "aal2"}) as transaction:
        assert transaction.caller is not None
        grants = transaction.caller.grants

    assert (True, False) == ("orders.read" in grants, "orders.write" in grants)
