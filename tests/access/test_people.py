"""The people of a restaurant: who invites whom, what an invitation opens, and who may not do what."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import httpx
import psycopg
import pytest

from flow.access.people.invitations import LIFE_DAYS
from flow.access.people.links import make_link, read_link
from flow.database.installation import Installation
from flow.kit.clock import FixedClock
from flow.kit.ids import new_id
from flow.web.services import Services
from tests.access.conftest import ANNA
from tests.access.post import deliver
from tests.connections import kept_connection
from tests.factories import give_access, make_restaurant
from tests.serving import PASSWORD, App, make_login

PAGE = {"accept": "text/html", "accept-language": "en"}
NORA = "nora@napoli.example"


@pytest.fixture
def napoli(installation: Installation) -> UUID:
    return make_restaurant(installation.owner_url)


@pytest.fixture
def anna(installation: Installation, napoli: UUID) -> UUID:
    return make_login(installation.owner_url, ANNA, restaurant=napoli)


@asynccontextmanager
async def _as(app: App, email: str) -> AsyncIterator[httpx.AsyncClient]:
    async with app.client() as http:
        assert 200 == (await http.post("/auth/login", json={"email": email, "password": PASSWORD})).status_code
        yield http


@pytest.fixture
async def admin(app: App, anna: UUID) -> AsyncIterator[httpx.AsyncClient]:
    async with _as(app, ANNA) as http:
        yield http


async def _invite(
    http: httpx.AsyncClient, restaurant: UUID, email: str = NORA, role: str = "employee", language: str = "en"
) -> httpx.Response:
    form = {"restaurant": str(restaurant), "email": email, "role": role, "language": language}
    return await http.post("/settings/people/invitations", data=form, headers=PAGE)


async def _link(http: httpx.AsyncClient, restaurant: UUID, services: Services, **wish: str) -> str:
    assert 303 == (await _invite(http, restaurant, **wish)).status_code
    (mail,) = await deliver(services)
    return mail.link


async def _accept(http: httpx.AsyncClient, link: str, name: str = "Nora", password: str = PASSWORD) -> httpx.Response:
    return await http.post(link, data={"name": name, "password": password}, headers=PAGE)


def _roles(installation: Installation) -> dict[str, str]:
    with kept_connection(installation.owner_url) as connection:
        return dict(
            connection.execute(
                "select u.email, m.role from public.user_restaurant_access m join auth.users u on u.id = m.user_id"
            ).fetchall()
        )


async def _set_role(http: httpx.AsyncClient, restaurant: UUID, user: UUID, role: str) -> httpx.Response:
    form = {"restaurant": str(restaurant), "role": role}
    return await http.post(f"/settings/people/{user}/role", data=form, headers=PAGE)


async def _remove(http: httpx.AsyncClient, restaurant: UUID, user: UUID) -> httpx.Response:
    return await http.post(f"/settings/people/{user}/remove", data={"restaurant": str(restaurant)}, headers=PAGE)


# Invitations


async def test_somebody_new_accepts_and_is_logged_in_as_a_member(
    app: App, admin: httpx.AsyncClient, napoli: UUID, services: Services, installation: Installation
) -> None:
    link = await _link(admin, napoli, services, role="manager")
    async with app.client() as nora:
        shown = await nora.get(link, headers=PAGE)
        answer = await _accept(nora, link)
        people = await nora.get("/settings/people", headers=PAGE)

    assert (200, True, True) == (shown.status_code, NORA in shown.text, "Napoli" in shown.text)
    assert (303, "/settings/security") == (answer.status_code, answer.headers["location"])
    assert {ANNA: "admin", NORA: "manager"} == _roles(installation)
    assert ("Nora" in people.text, "Invite somebody" in people.text) == (True, False)


async def test_an_invitation_is_used_once(
    app: App, admin: httpx.AsyncClient, napoli: UUID, services: Services, installation: Installation
) -> None:
    link = await _link(admin, napoli, services)
    async with app.client() as nora, app.client() as thief:
        await _accept(nora, link)
        answers = [await _accept(thief, link, "Thief"), await thief.get(link, headers=PAGE)]

    assert [404, 404] == [answer.status_code for answer in answers]
    assert 2 == len(_roles(installation))


async def test_an_invitation_accepted_many_times_at_once_makes_one_account(
    app: App, admin: httpx.AsyncClient, napoli: UUID, services: Services, installation: Installation
) -> None:
    link = await _link(admin, napoli, services)
    async with app.client() as nora:
        answers = await asyncio.gather(*(_accept(nora, link) for _ in range(4)))

    assert 1 == [answer.status_code for answer in answers].count(303)
    assert {ANNA: "admin", NORA: "employee"} == _roles(installation)


async def test_somebody_else_cannot_use_it_logged_in_as_themselves(
    app: App, admin: httpx.AsyncClient, napoli: UUID, services: Services, installation: Installation
) -> None:
    make_login(installation.owner_url, "mallory@x.example")
    link = await _link(admin, napoli, services, role="admin")
    async with _as(app, "mallory@x.example") as mallory:
        shown, answer = await mallory.get(link, headers=PAGE), await _accept(mallory, link)

    assert (True, 403) == ("You are logged in as mallory@x.example" in shown.text, answer.status_code)
    assert {ANNA: "admin"} == _roles(installation)


async def test_the_link_alone_opens_no_account_that_exists(
    app: App, admin: httpx.AsyncClient, napoli: UUID, services: Services, installation: Installation
) -> None:
    """Somebody who reads Nora's mail must not set her password by an invitation to another restaurant."""
    make_login(installation.owner_url, NORA)
    link = await _link(admin, napoli, services)
    async with app.client() as thief:
        shown, answer = await thief.get(link, headers=PAGE), await _accept(thief, link, password="a thief's horse")
        logged_in = await thief.post("/auth/login", json={"email": NORA, "password": "a thief's horse"})

    assert ("Log in to accept" in shown.text, 401, 401) == (True, answer.status_code, logged_in.status_code)
    assert {ANNA: "admin"} == _roles(installation)


async def test_who_has_an_account_accepts_with_it(
    app: App, admin: httpx.AsyncClient, napoli: UUID, services: Services, installation: Installation
) -> None:
    tivoli = make_restaurant(installation.owner_url, "Tivoli")
    make_login(installation.owner_url, NORA, restaurant=tivoli, role="manager")
    link = await _link(admin, napoli, services)
    async with app.client() as nora:
        led = (await nora.get(link, headers=PAGE)).text
        entered = await nora.post("/login", data={"email": NORA, "password": PASSWORD, "next": link}, headers=PAGE)
        answer = await nora.post(link, headers=PAGE)

    assert (True, link) == (f"/login?next={link}" in led, entered.headers["location"])
    assert (303, "/dashboard") == (answer.status_code, answer.headers["location"])
    assert "employee" == _roles_of(installation, napoli)[NORA]


def _roles_of(installation: Installation, restaurant: UUID) -> dict[str, str]:
    with kept_connection(installation.owner_url) as connection:
        return dict(
            connection.execute(
                "select u.email, m.role from public.user_restaurant_access m join auth.users u on u.id = m.user_id "
                "where m.restaurant_id = %s",
                [restaurant],
            ).fetchall()
        )


async def test_it_holds_for_a_week(
    app: App, admin: httpx.AsyncClient, napoli: UUID, services: Services, clock: FixedClock
) -> None:
    link = await _link(admin, napoli, services)
    clock.advance(timedelta(days=LIFE_DAYS))
    async with app.client() as nora:
        assert 404 == (await _accept(nora, link)).status_code


async def test_a_second_invitation_ends_the_first_and_a_withdrawn_one_is_over(
    app: App, admin: httpx.AsyncClient, napoli: UUID, services: Services
) -> None:
    first, second = [await _link(admin, napoli, services) for _ in range(2)]
    async with app.client() as nora:
        statuses = [(await nora.get(link, headers=PAGE)).status_code for link in (first, second)]
        parts = read_link(second.rpartition("/")[2])
        assert parts is not None
        await admin.post(
            f"/settings/people/invitations/{parts.id}/withdraw", data={"restaurant": str(napoli)}, headers=PAGE
        )
        statuses.append((await _accept(nora, second)).status_code)

    assert [404, 200, 404] == statuses


async def test_made_up_links_lead_nowhere(app: App, admin: httpx.AsyncClient, napoli: UUID, services: Services) -> None:
    text = (await _link(admin, napoli, services)).rpartition("/")[2]
    parts = read_link(text)
    assert parts is not None
    forged = [
        make_link(parts.restaurant_id, parts.id),
        make_link(new_id(), parts.id),
        *(text[:-2] + "AA", text + "A", text.swapcase(), "x", "ø" * len(text)),
    ]
    async with app.client() as nora:
        answers = [(await _accept(nora, f"/invitations/{each}")).status_code for each in forged]

    assert [404] * len(forged) == answers


async def test_whoever_invites_learns_nothing_about_accounts(
    admin: httpx.AsyncClient, napoli: UUID, services: Services, installation: Installation
) -> None:
    make_login(installation.owner_url, NORA)
    answers = [await _invite(admin, napoli, email) for email in (NORA, "nobody@x.example")]
    shown = [(await admin.get(each.headers["location"], headers=PAGE)).text for each in answers]
    mails = await deliver(services)

    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert [shown[0].count(email) for email in (NORA, "nobody@x.example")] == [
        shown[1].count(email) for email in (NORA, "nobody@x.example")
    ]
    assert mails[0].text.replace(mails[0].link, "") == mails[1].text.replace(mails[1].link, "")


async def test_only_a_hash_of_the_link_is_kept(
    admin: httpx.AsyncClient, napoli: UUID, services: Services, installation: Installation
) -> None:
    text = (await _link(admin, napoli, services)).rpartition("/")[2]
    with kept_connection(installation.owner_url) as connection:
        row = connection.execute("select i::text from public.invitations i").fetchone()

    assert row is not None
    assert text[-20:] not in row[0]


async def test_people_cannot_read_the_hash_either(
    services: Services, admin: httpx.AsyncClient, anna: UUID, napoli: UUID
) -> None:
    from tests.factories import claims_of

    await _invite(admin, napoli)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with services.database.as_user(claims_of(anna)) as transaction:
            await transaction.connection.execute("select token_hash from public.invitations")


@pytest.mark.parametrize(
    ("language", "subject"), [("da", "Arbejd med Napoli i FLOW"), ("sv", "Arbeta med Napoli i FLOW")]
)
async def test_the_mail_is_in_the_chosen_language(
    admin: httpx.AsyncClient, napoli: UUID, services: Services, language: str, subject: str
) -> None:
    await _invite(admin, napoli, language=language)
    (mail,) = await deliver(services)

    assert (NORA, subject) == (mail.to, mail.subject)


async def test_a_restaurant_sends_fifty_invitations_a_day(admin: httpx.AsyncClient, napoli: UUID) -> None:
    statuses = [(await _invite(admin, napoli, f"guest{number}@x.example")).status_code for number in range(51)]

    assert ([303] * 50, 429) == (statuses[:50], statuses[50])


# Who may not


@pytest.mark.parametrize("role", ["manager", "employee", "analytics", "compliance"])
async def test_who_is_no_admin_invites_nobody_and_raises_nobody(
    app: App, anna: UUID, napoli: UUID, installation: Installation, services: Services, role: str
) -> None:
    emil = make_login(installation.owner_url, "emil@napoli.example", restaurant=napoli, role=role)
    async with _as(app, "emil@napoli.example") as http:
        answers = [
            await _invite(http, napoli, "emils.friend@x.example", role="admin"),
            await _set_role(http, napoli, emil, "admin"),
            await _set_role(http, napoli, anna, "employee"),
            await _remove(http, napoli, anna),
        ]

    assert [403] * 4 == [answer.status_code for answer in answers]
    assert ({ANNA: "admin", "emil@napoli.example": role}, []) == (_roles(installation), await deliver(services))


@pytest.mark.parametrize(
    "statement",
    [
        "update public.user_restaurant_access set role = 'admin'",
        "insert into public.user_restaurant_access (restaurant_id, user_id, role) "
        "select restaurant_id, app.user_id(), 'admin' from public.user_restaurant_access limit 1",
        "insert into public.user_roles (user_id, role) values (app.user_id(), 'super_admin')",
        "insert into public.invitations (restaurant_id, id, email, role, token_hash, expires_at) "
        "select restaurant_id, gen_random_uuid(), 'me@x.example', 'admin', 'x', now() + interval '1 day' "
        "from public.user_restaurant_access limit 1",
        "update app.login_sessions set aal = 'aal2'",
        "update public.user_2fa_settings set enabled_at = null",
        "insert into public.api_keys (restaurant_id, id, name, key_hash, ending, scopes, expires_at) "
        "select restaurant_id, gen_random_uuid(), 'x', 'x', 'abcd', '{orders.read}', now() + interval '1 day' "
        "from public.user_restaurant_access limit 1",
        "select app.grants_of_key(gen_random_uuid(), gen_random_uuid())",
        "select secret_sealed from public.user_2fa_settings",
        "select * from app.recovery_codes",
        "select * from app.password_resets",
        "select * from app.mails",
        "select key_hash from public.api_keys",
    ],
)
@pytest.mark.parametrize("role", ["employee", "admin"])
async def test_nobody_raises_himself_by_sql(
    services: Services, installation: Installation, napoli: UUID, statement: str, role: str
) -> None:
    from tests.factories import claims_of

    user = make_login(installation.owner_url, "emil@napoli.example", restaurant=napoli, role=role)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with services.database.as_user(claims_of(user)) as transaction:
            await transaction.connection.execute(statement.encode())


async def test_an_admin_looks_after_the_people_of_no_other_restaurant(
    admin: httpx.AsyncClient, napoli: UUID, installation: Installation, services: Services
) -> None:
    tivoli = make_restaurant(installation.owner_url, "Tivoli")
    tove = make_login(installation.owner_url, "tove@tivoli.example", restaurant=tivoli)
    answers = [
        await admin.get(f"/settings/people?restaurant={tivoli}"),
        await _invite(admin, tivoli, "annas.friend@x.example", role="admin"),
        await _set_role(admin, tivoli, tove, "employee"),
        await _remove(admin, tivoli, tove),
        await _set_role(admin, napoli, tove, "employee"),
        await _remove(admin, napoli, tove),
    ]

    assert [404, 404, 403, 403, 404, 404] == [answer.status_code for answer in answers]
    assert ("admin", []) == (_roles_of(installation, tivoli)["tove@tivoli.example"], await deliver(services))


@pytest.mark.parametrize("role", ["super_admin", "support", "customer", "", "owner"])
async def test_a_role_that_an_admin_does_not_give_is_refused(
    admin: httpx.AsyncClient, anna: UUID, napoli: UUID, installation: Installation, role: str
) -> None:
    make_login(installation.owner_url, "bo@napoli.example", restaurant=napoli)
    answers = [await _invite(admin, napoli, role=role), await _set_role(admin, napoli, anna, role)]

    assert [422, 422] == [answer.status_code for answer in answers]
    assert "admin" == _roles(installation)[ANNA]


async def test_a_stranger_sees_no_people(app: App, anna: UUID, napoli: UUID, installation: Installation) -> None:
    make_login(installation.owner_url, "mallory@x.example")
    async with _as(app, "mallory@x.example") as http:
        answers = [
            await http.get("/settings/people"),
            await http.get(f"/settings/people?restaurant={napoli}"),
            await _remove(http, napoli, anna),
        ]

    assert [403, 403, 403] == [answer.status_code for answer in answers]


# The last admin


async def test_the_last_admin_stays(
    admin: httpx.AsyncClient, anna: UUID, napoli: UUID, installation: Installation
) -> None:
    make_login(installation.owner_url, "emil@napoli.example", restaurant=napoli, role="manager")
    answers = [await _remove(admin, napoli, anna), await _set_role(admin, napoli, anna, "manager")]

    assert [409, 409] == [answer.status_code for answer in answers]
    assert "keeps at least one admin" in answers[0].text
    assert "admin" == _roles(installation)[ANNA]


async def test_two_admins_who_remove_each_other_at_once_leave_one(
    app: App, admin: httpx.AsyncClient, anna: UUID, napoli: UUID, installation: Installation
) -> None:
    for round_ in range(5):
        email = f"bo{round_}@napoli.example"
        bo = make_login(installation.owner_url, email, restaurant=napoli)
        async with _as(app, email) as other:
            await asyncio.gather(_remove(admin, napoli, bo), _remove(other, napoli, anna))
        admins = [email for email, role in _roles(installation).items() if role == "admin"]
        assert 1 == len(admins)
        if ANNA not in admins:
            give_access(installation.owner_url, anna, napoli)
            with kept_connection(installation.owner_url) as connection:
                connection.execute("delete from public.user_restaurant_access where user_id <> %s", [anna])


async def test_an_admin_among_others_may_leave_and_a_removed_one_sees_nothing_at_once(
    app: App, admin: httpx.AsyncClient, anna: UUID, napoli: UUID, installation: Installation
) -> None:
    bo = make_login(installation.owner_url, "bo@napoli.example", restaurant=napoli)
    async with _as(app, "bo@napoli.example") as other:
        before = (await other.get("/settings/people")).status_code
        removed = await _remove(admin, napoli, bo)
        after = (await other.get("/settings/people")).status_code

    assert (200, 303, 403) == (before, removed.status_code, after)


async def test_the_invitations_of_a_removed_admin_are_withdrawn(
    app: App, admin: httpx.AsyncClient, anna: UUID, napoli: UUID, installation: Installation, services: Services
) -> None:
    bo = make_login(installation.owner_url, "bo@napoli.example", restaurant=napoli)
    async with _as(app, "bo@napoli.example") as other:
        link = await _link(other, napoli, services, role="admin")
    await _remove(admin, napoli, bo)
    async with app.client() as nora:
        assert 404 == (await _accept(nora, link)).status_code


async def test_an_invitation_does_not_change_the_role_of_who_is_a_member_meanwhile(
    app: App, admin: httpx.AsyncClient, napoli: UUID, services: Services, installation: Installation
) -> None:
    nora = make_login(installation.owner_url, NORA)
    link = await _link(admin, napoli, services, role="employee")
    give_access(installation.owner_url, nora, napoli, "manager")
    async with _as(app, NORA) as http:
        answer = await http.post(link, headers=PAGE)
    again = await _invite(admin, napoli)

    assert (409, 409, "manager") == (answer.status_code, again.status_code, _roles(installation)[NORA])


async def test_every_act_is_audited_without_names_or_addresses(
    app: App, admin: httpx.AsyncClient, anna: UUID, napoli: UUID, services: Services, installation: Installation
) -> None:
    link = await _link(admin, napoli, services)
    async with app.client() as nora:
        await _accept(nora, link)
    with kept_connection(installation.owner_url) as connection:
        row = connection.execute("select id from auth.users where email = %s", [NORA]).fetchone()
    assert row is not None
    await _set_role(admin, napoli, row[0], "manager")
    await _remove(admin, napoli, row[0])
    with kept_connection(installation.owner_url) as connection:
        rows = connection.execute(
            "select action, performed_by, subject, restaurant_id, l::text from public.gdpr_audit_log l "
            "where action <> 'logged_in' order by id"
        ).fetchall()

    assert [
        ("invitation_sent", anna, None),
        ("invitation_accepted", row[0], str(row[0])),
        ("role_changed", anna, str(row[0])),
        ("member_removed", anna, str(row[0])),
    ] == [each[:3] for each in rows]
    assert {napoli} == {each[3] for each in rows}
    assert not any("@" in each[4] or "Nora" in each[4] for each in rows)
