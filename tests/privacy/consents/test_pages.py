"""The preference page and the confirmation, as a guest without a log-in walks through them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from flow.database.installation import Installation
from flow.jobs.types import JobContext
from flow.kit.clock import FixedClock
from flow.privacy.consents.confirmations import send_questions
from flow.privacy.consents.links import ConfirmationLink, PreferencesLink
from flow.privacy.subjects import pseudonym
from tests.privacy.consents.conftest import EMAIL, NOW, PHONE, Desk
from tests.serving import running_app, settings_of


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW + timedelta(minutes=5))


@pytest.fixture
async def http(installation: Installation, tmp_path: Path, clock: FixedClock) -> AsyncIterator[httpx.AsyncClient]:
    async with running_app(installation, tmp_path, clock=clock) as app, app.client() as client:
        client.headers["accept-language"] = "en"
        yield client


def link(desk: Desk, *, contact: str = PHONE, restaurant: UUID | None = None, days: int = 30) -> str:
    subject = pseudonym(desk.installation.secret, contact)
    token = PreferencesLink(restaurant, subject, NOW + timedelta(days=days)).signed(desk.installation.secret)
    return f"/preferences/{token}"


def switches(page: str) -> dict[str, str]:
    """The switches of the page by the id of their heading, and whether they are on."""
    titles = dict(re.findall(r'<h3 id="([^"]+)">([^<]+)</h3>', page))
    found = re.findall(r'role="switch" aria-checked="(\w+)" aria-labelledby="([^"]+)"', page)
    return {titles[identifier]: state for state, identifier in found}


def choice(page: str, title: str) -> dict[str, str]:
    """What pressing the switch of that title sends."""
    identifier = re.search(rf'<h3 id="([^"]+)">{re.escape(title)}</h3>', page)
    assert identifier is not None
    [form] = [form for form in page.split("<form")[1:] if f'aria-labelledby="{identifier[1]}"' in form]
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    pressed = re.search(r'name="granted" value="(\w+)"', form)
    assert pressed is not None
    return {**fields, "granted": pressed[1]}


async def test_a_link_shows_what_is_on_and_what_we_have(desk: Desk, http: httpx.AsyncClient) -> None:
    await desk.answer(True)
    answer = await http.get(link(desk, restaurant=desk.napoli))
    assert (200, {"News and offers by SMS": "true"}) == (answer.status_code, switches(answer.text))
    assert "Napoli" in answer.text
    assert "Ja tak til nyheder" in answer.text
    assert PHONE not in answer.text
    assert {"no-referrer", "private, no-store", "noindex, nofollow"} == {
        answer.headers[name] for name in ("referrer-policy", "cache-control", "x-robots-tag")
    }
    assert "set-cookie" not in answer.headers


async def test_a_switch_turns_off_and_on_again_at_once(desk: Desk, http: httpx.AsyncClient) -> None:
    await desk.answer(True)
    address = link(desk, restaurant=desk.napoli)
    for state in (False, True):
        page = (await http.get(address)).text
        answer = await http.post(f"{address}/choose", data=choice(page, "News and offers by SMS"))
        assert (303, state) == (answer.status_code, await desk.is_on())
    kept = desk.rows("select ip_address::text, consent_text from public.user_consents order by number desc limit 1")
    assert "127.0.0.0/24" == kept[0][0]
    assert "Napoli may send me news and offers by SMS" in kept[0][1]


async def test_one_click_withdraws_everything_of_the_restaurant_even_by_an_old_link(
    desk: Desk, http: httpx.AsyncClient, clock: FixedClock
) -> None:
    await desk.answer(True)
    await desk.answer(True, restaurant=desk.tivoli)
    address = link(desk, restaurant=desk.napoli)
    clock.advance(timedelta(days=60))
    old = await http.get(address)
    assert (410, {}) == (old.status_code, switches(old.text))
    assert "Ja tak" not in old.text
    for _ in range(2):
        one_click = {"content-type": "application/x-www-form-urlencoded"}
        answer = await http.post(f"{address}/withdraw", content=b"List-Unsubscribe=One-Click", headers=one_click)
        assert 303 == answer.status_code
    assert [False, True] == [await desk.is_on(restaurant=each) for each in (desk.napoli, desk.tivoli)]


async def test_an_old_link_cannot_turn_anything_on(desk: Desk, http: httpx.AsyncClient, clock: FixedClock) -> None:
    await desk.answer(True)
    await desk.answer(False)
    address = link(desk, restaurant=desk.napoli)
    form = choice((await http.get(address)).text, "News and offers by SMS")
    clock.advance(timedelta(days=60))
    await http.post(f"{address}/choose", data=form)
    assert await desk.is_on() is False


async def test_a_link_of_one_restaurant_neither_shows_nor_changes_another(desk: Desk, http: httpx.AsyncClient) -> None:
    await desk.answer(True, restaurant=desk.napoli)
    await desk.answer(True, restaurant=desk.tivoli)
    address = link(desk, restaurant=desk.napoli)
    page = (await http.get(address)).text
    assert "Tivoli" not in page
    form = choice(page, "News and offers by SMS") | {"restaurant_id": str(desk.tivoli), "granted": "no"}
    assert 404 == (await http.post(f"{address}/choose", data=form)).status_code
    assert await desk.is_on(restaurant=desk.tivoli) is True


async def test_a_link_about_all_shows_every_restaurant(desk: Desk, http: httpx.AsyncClient) -> None:
    await desk.answer(True)
    await desk.answer(True, restaurant=desk.tivoli)
    page = (await http.get(link(desk))).text
    assert ["Napoli", "Tivoli"] == sorted(re.findall(r'<h2 id="restaurant-\d+">(\w+)</h2>', page))


async def test_nobody_is_found_by_guessing(desk: Desk, http: httpx.AsyncClient) -> None:
    await desk.answer(True)
    good = link(desk, restaurant=desk.napoli)
    forged = PreferencesLink(desk.napoli, pseudonym(desk.installation.secret, PHONE), NOW).signed(b"x" * 32)
    confirmation = ConfirmationLink(desk.napoli, desk.napoli, NOW).signed(desk.installation.secret)
    answers = [
        await http.get(address)
        for address in (
            good[:-1] + ("A" if good[-1] != "A" else "B"),
            f"/preferences/{forged}",
            "/preferences/x",
            f"/preferences/{confirmation}",
            "/preferences/" + "A" * 91,
            "/preferences/%F0%9F%8D%95",
        )
    ]
    assert {404} == {answer.status_code for answer in answers}
    told = {re.sub(r'"request_id":"[^"]*"', "", answer.text) for answer in answers}
    assert 1 == len(told)


async def test_a_link_of_somebody_unknown_looks_like_one_of_somebody_known(desk: Desk, http: httpx.AsyncClient) -> None:
    answer = await http.get(link(desk, contact="+4599999999", restaurant=desk.napoli))
    assert (200, {}) == (answer.status_code, switches(answer.text))


async def test_opening_a_link_changes_nothing(desk: Desk, http: httpx.AsyncClient) -> None:
    pending, _ = await desk.answer(True, method="checkout")
    token = ConfirmationLink(desk.napoli, pending, NOW + timedelta(days=1)).signed(desk.installation.secret)
    await http.get(f"/preferences/confirm/{token}")
    await http.get(link(desk, restaurant=desk.napoli))
    assert [(1,)] == desk.rows("select count(*) from public.user_consents")


@pytest.mark.parametrize(("contact", "channel"), [(PHONE, "sms"), (EMAIL, "email")])
async def test_a_guest_confirms_by_the_link_that_was_sent(
    desk: Desk,
    http: httpx.AsyncClient,
    installation: Installation,
    tmp_path: Path,
    clock: FixedClock,
    contact: str,
    channel: str,
) -> None:
    await desk.answer(True, contact=contact, channel=channel, method="checkout")  # type: ignore[arg-type]
    address = await _sent(desk, installation, tmp_path, clock, channel)
    page = await http.get(address)
    assert "Ja tak til nyheder" in page.text
    answer = await http.post(address)
    onward = await http.get(answer.headers["location"])
    assert (303, 200, ["true"]) == (answer.status_code, onward.status_code, list(switches(onward.text).values()))
    assert await desk.is_on(contact=contact, channel=channel) is True  # type: ignore[arg-type]
    assert 303 == (await http.post(address)).status_code
    assert [(2,)] == desk.rows("select count(*) from public.user_consents")
    assert [(0,)] == desk.rows("select count(*) from public.consent_confirmations")


async def test_an_old_confirmation_confirms_nothing(desk: Desk, http: httpx.AsyncClient, clock: FixedClock) -> None:
    pending, _ = await desk.answer(True, method="checkout")
    token = ConfirmationLink(desk.napoli, pending, NOW + timedelta(days=7)).signed(desk.installation.secret)
    clock.advance(timedelta(days=8))
    assert [410, 410] == [
        (await http.get(f"/preferences/confirm/{token}")).status_code,
        (await http.post(f"/preferences/confirm/{token}")).status_code,
    ]
    assert await desk.is_on() is False


async def test_a_confirmation_after_a_no_says_so(desk: Desk, http: httpx.AsyncClient) -> None:
    pending, _ = await desk.answer(True, method="checkout")
    await desk.answer(False)
    token = ConfirmationLink(desk.napoli, pending, NOW + timedelta(days=7)).signed(desk.installation.secret)
    assert 409 == (await http.post(f"/preferences/confirm/{token}")).status_code


async def test_every_change_by_a_link_is_in_the_audit_log_without_the_contact(
    desk: Desk, http: httpx.AsyncClient
) -> None:
    await desk.answer(True)
    await http.post(f"{link(desk, restaurant=desk.napoli)}/withdraw")
    [(action, subject, text)] = desk.rows(
        "select action, subject, to_jsonb(l)::text from public.gdpr_audit_log l where restaurant_id = %s", desk.napoli
    )
    assert ("consent_withdrawn", pseudonym(desk.installation.secret, PHONE)) == (action, subject)
    assert PHONE not in text


async def _sent(desk: Desk, installation: Installation, home: Path, clock: FixedClock, channel: str) -> str:
    """Runs the job; the path of the link in what it sent."""
    settings = settings_of(installation, home)
    context = JobContext(settings=settings, clock=clock, installation=installation, database=desk.database)
    await send_questions(context)
    if channel == "sms":
        [file] = (home / "outbox").glob("*.sms.txt")
        text = file.read_text()
        assert text.startswith(PHONE)
    else:
        [(mail, sealed)] = desk.rows("select id, sealed from app.mails")
        text = installation.secret_box.open(bytes(sealed), f"mail:{mail}").decode()
        assert EMAIL in text
    found = re.search(r"/preferences/confirm/[A-Za-z0-9_-]+", text)
    assert found is not None
    return found[0]
