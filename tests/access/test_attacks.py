"""What somebody tries who has no business here, over HTTP; each is refused."""

from __future__ import annotations

import json
import statistics
import time
from datetime import UTC, datetime
from uuid import UUID

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from flow.database.installation import Installation
from flow.kit.clock import FixedClock
from flow.kit.ids import new_id
from flow.web.services import Services
from tests.access.conftest import ANNA
from tests.access.factors import set_up
from tests.serving import PASSWORD, App, make_login
from tests.web.tokens import base64_text, signed_by_hand

PAGE = {"accept": "text/html", "accept-language": "en"}
WHO = "/auth/v1/user"


async def _claims(http: httpx.AsyncClient) -> dict[str, object]:
    """The claims of a good token, to forge others by."""
    answer = await http.post("/auth/v1/token", json={"email": ANNA, "password": PASSWORD})
    claims: dict[str, object] = jwt.decode(answer.json()["access_token"], options={"verify_signature": False})
    return claims


async def _forged(services: Services, claims: dict[str, object]) -> dict[str, str]:
    """Tokens with the claims of a real log-in, signed in ways that must not hold."""
    issuer = services.issuer
    header = {"typ": "JWT", "kid": issuer.key_id}
    none = f"{base64_text(json.dumps({**header, 'alg': 'none'}).encode())}.{base64_text(json.dumps(claims).encode())}."
    public = json.dumps(issuer.jwks["keys"][0]).encode()
    other = generate_private_key(SECP256R1())
    return {
        "alg none": none,
        "alg None": none.replace(base64_text(b'{"alg'), base64_text(b'{"ALG')),
        "HS256 with the public key": signed_by_hand({**header, "alg": "HS256"}, claims, public),
        "another key": jwt.encode(claims, other, "ES256", headers=header),
        "another issuer": jwt.encode({**claims, "iss": "https://evil.example"}, issuer._key, "ES256", headers=header),
        "another audience": jwt.encode({**claims, "aud": "anon"}, issuer._key, "ES256", headers=header),
        "over": jwt.encode({**claims, "exp": 1}, issuer._key, "ES256", headers=header),
        "no session": jwt.encode({**claims, "session_id": str(new_id())}, issuer._key, "ES256", headers=header),
        "another user": jwt.encode({**claims, "sub": str(new_id())}, issuer._key, "ES256", headers=header),
        "the service": jwt.encode({**claims, "role": "service_role"}, issuer._key, "ES256", headers=header),
    }


@pytest.mark.usefixtures("anna")
async def test_no_forged_token_opens_anything_in_header_or_cookie(
    app: App, http: httpx.AsyncClient, services: Services
) -> None:
    claims = await _claims(http)
    good = jwt.encode(claims, services.issuer._key, "ES256", headers={"kid": services.issuer.key_id})
    assert 200 == (await http.get(WHO, headers={"authorization": f"Bearer {good}"})).status_code
    opened = set()
    for name, token in (await _forged(services, claims)).items():
        async with app.client(cookies={"flow_session": token}) as browser:
            answers = [await browser.get(WHO), await http.get(WHO, headers={"authorization": f"Bearer {token}"})]
        if {401} != {answer.status_code for answer in answers}:
            opened.add(name)

    assert set() == opened


async def test_a_ticket_is_no_token_and_a_token_no_ticket(
    app: App, http: httpx.AsyncClient, services: Services, anna: UUID, clock: FixedClock
) -> None:
    await set_up(services, anna, clock)
    await http.post("/login", data={"email": ANNA, "password": PASSWORD}, headers=PAGE)
    ticket = http.cookies["flow_ticket"]
    async with app.client(cookies={"flow_session": ticket}) as browser:
        as_cookie = await browser.get(WHO)
    as_header = await http.get(WHO, headers={"authorization": f"Bearer {ticket}"})

    assert (401, 401) == (as_cookie.status_code, as_header.status_code)


@pytest.mark.usefixtures("anna")
async def test_a_planted_session_is_never_taken_over(app: App, installation: Installation) -> None:
    """The attacker's own good session in the victim's browser: log-in makes a new one of the victim's own."""
    make_login(installation.owner_url, "mallory@x.example")
    async with app.client() as mallory:
        await mallory.post("/auth/login", json={"email": "mallory@x.example", "password": PASSWORD})
        planted = mallory.cookies["flow_session"]
        async with app.client(headers={"cookie": f"flow_session={planted}"}) as victim:
            answer = await victim.post("/auth/login", json={"email": ANNA, "password": PASSWORD})
        seen = (await mallory.get(WHO)).json()["email"]

    assert planted != answer.cookies["flow_session"]
    assert ("mallory@x.example", ANNA) == (seen, answer.json()["user"]["email"])


@pytest.mark.usefixtures("anna")
async def test_log_in_takes_as_long_for_an_address_without_a_user(
    http: httpx.AsyncClient, services: Services, installation: Installation, anna: UUID, clock: FixedClock
) -> None:
    """Medians of interleaved rounds: the password of nobody is hashed too. With a second factor it is no different."""
    protected = make_login(installation.owner_url, "ida@napoli.example")
    await set_up(services, protected, clock)
    spent: dict[str, list[float]] = {ANNA: [], "ida@napoli.example": [], "nobody@napoli.example": []}
    for _ in range(9):
        for email, times in spent.items():
            services.limits._limiter.storage.reset()
            began = time.perf_counter()
            answer = await http.post("/auth/login", json={"email": email, "password": "wrong horse battery"})
            times.append(time.perf_counter() - began)
            assert 401 == answer.status_code
    medians = [statistics.median(times) for times in spent.values()]

    assert max(medians) / min(medians) < 1.6


@pytest.mark.parametrize(
    "place",
    [
        *("https://evil.example", "//evil.example", "/\\evil.example", "///evil.example", "\\\\evil.example"),
        *("/\tevil", "/%0d%0aSet-Cookie:x=y\r\nx:", "javascript:alert(1)", "http:evil.example", "", "evil.example"),
    ],
)
@pytest.mark.usefixtures("anna")
async def test_no_log_in_leads_to_another_site(http: httpx.AsyncClient, place: str) -> None:
    shown = await http.get("/login", params={"next": place}, headers=PAGE)
    answer = await http.post("/login", data={"email": ANNA, "password": PASSWORD, "next": place}, headers=PAGE)
    steps = await http.get("/login/step-up", params={"next": place}, headers=PAGE)

    assert (303, "/dashboard") == (answer.status_code, answer.headers["location"])
    assert all('name="next" value="/dashboard"' in page.text for page in (shown, steps))


async def test_a_password_is_not_changed_without_the_present_one_and_guessing_it_is_locked(
    app: App, http: httpx.AsyncClient, services: Services, anna: UUID
) -> None:
    """Somebody at a screen left open."""
    await http.post("/auth/login", json={"email": ANNA, "password": PASSWORD})
    form = {"old": "wrong horse battery", "new": "the thief's horse"}
    statuses = []
    for _ in range(12):
        services.limits._limiter.storage.reset()
        statuses.append((await http.post("/settings/security/password", data=form, headers=PAGE)).status_code)
    async with app.client() as thief:
        opened = await thief.post("/auth/login", json={"email": ANNA, "password": "the thief's horse"})

    assert ([401] * 10 + [429] * 2, True) == (statuses, opened.status_code in (401, 429))


async def test_a_changed_password_ends_every_other_log_in_and_keeps_this_one(
    app: App, http: httpx.AsyncClient, anna: UUID
) -> None:
    async with app.client() as phone:
        for browser in (http, phone):
            await browser.post("/auth/login", json={"email": ANNA, "password": PASSWORD})
        before = http.cookies["flow_session"]
        answer = await http.post(
            "/settings/security/password", data={"old": PASSWORD, "new": "a brand new horse"}, headers=PAGE
        )
        on_phone, here = (await phone.get(WHO)).status_code, (await http.get(WHO)).status_code
        old = (await http.get(WHO, headers={"authorization": f"Bearer {before}"})).status_code

    assert (303, 401, 200, 401) == (answer.status_code, on_phone, here, old)


async def test_nobody_ends_or_sees_the_log_ins_of_another(
    app: App, http: httpx.AsyncClient, anna: UUID, installation: Installation
) -> None:
    make_login(installation.owner_url, "mallory@x.example")
    session = (await http.post("/auth/login", json={"email": ANNA, "password": PASSWORD})).json()["session_id"]
    async with app.client() as mallory:
        await mallory.post("/auth/login", json={"email": "mallory@x.example", "password": PASSWORD})
        ended = await mallory.post(f"/settings/security/sessions/{session}/end", headers=PAGE)
        await mallory.post("/settings/security/sessions/end-others", headers=PAGE)
        shown = (await mallory.get("/settings/security", headers=PAGE)).text

    assert (404, False, 200) == (ended.status_code, session in shown, (await http.get(WHO)).status_code)


async def test_no_personal_data_and_no_secret_reaches_the_log(
    http: httpx.AsyncClient, services: Services, anna: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    from tests.access.post import deliver

    with caplog.at_level("DEBUG", logger="flow"):
        await http.post("/password/forgotten", data={"email": ANNA}, headers=PAGE)
        (mail,) = await deliver(services)
        await http.get(mail.link, headers=PAGE)
        await http.post(mail.link, data={"password": "a brand new horse"}, headers=PAGE)
        await http.post("/auth/login", json={"email": ANNA, "password": "a brand new horse"})
    written = " ".join(f"{record.getMessage()} {getattr(record, 'fields', '')}" for record in caplog.records)

    assert "/password/reset/{link}" in written
    assert [] == [word for word in (ANNA, mail.link.rpartition("/")[2], "brand new") if word in written]


def test_the_clock_of_these_tests_is_the_machines(clock: FixedClock) -> None:
    """Tokens are checked against the machine's clock: a forged one must not be refused for its age alone."""
    assert abs((clock.now() - datetime.now(UTC)).total_seconds()) < 60
