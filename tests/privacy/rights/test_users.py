"""A user of FLOW is erased everywhere: the account, the log-ins, and who-did-what in every restaurant."""

from __future__ import annotations

from uuid import UUID

import pytest

from flow.privacy.rights import service
from flow.privacy.rights.errors import SoleAdministrator
from flow.privacy.rights.types import Person
from tests.factories import give_access
from tests.privacy.rights.conftest import OPERATOR, House
from tests.serving import make_login

EMAIL = "erik.employee@example.com"


@pytest.fixture
def erik(house: House) -> UUID:
    """A manager in both restaurants who has changed a price, been notified, and is logged in."""
    url = house.installation.owner_url
    user = make_login(url, EMAIL, restaurant=house.napoli, role="manager")
    give_access(url, user, house.tivoli, "employee")
    for statement in (
        "update public.product_prices set changed_by = %s",
        "update public.order_status_changes set changed_by = %s",
        "update public.notifications set user_id = %s",
        "update public.activities set user_id = %s",
        "insert into app.login_sessions (id, user_id, expires_at, device) "
        "values (gen_random_uuid(), %s, now() + interval '1 day', 'Firefox')",
    ):
        house.execute(statement, user)
    return user


async def test_the_account_goes_with_all_that_hangs_on_it(house: House, erik: UUID) -> None:
    done = await house.done("erasure", Person(restaurant_id=None, user_id=erik))
    tables = ("auth.users", "public.user_restaurant_access", "app.user_credentials", "app.login_sessions")

    assert "completed" == done.status
    assert [0] * 4 == [len(house.rows(f"select from {table}")) for table in tables]
    assert EMAIL not in house.dump()


async def test_what_he_did_stays_without_him_or_under_a_reason(house: House, erik: UUID) -> None:
    done = await house.done("erasure", Person(restaurant_id=None, user_id=erik))
    assert done.outcome is not None
    kept = {(each["table"], each["column"]) for each in done.outcome["kept"]}  # type: ignore[attr-defined, index]

    assert [(2,)] == house.rows("select count(*) from public.product_prices where changed_by is null")
    assert [(2,)] == house.rows("select count(*) from public.order_status_changes where changed_by is not null")
    assert ("order_status_changes", "changed_by") in kept


async def test_one_restaurant_alone_forgets_him_and_the_account_stays(house: House, erik: UUID) -> None:
    await house.done("erasure", Person(restaurant_id=house.napoli, user_id=erik))

    assert [(house.tivoli,)] == house.rows("select restaurant_id from public.user_restaurant_access")
    assert [(EMAIL,)] == house.rows("select email from auth.users")


async def test_a_guest_with_an_account_keeps_it_when_a_restaurant_erases_the_guest(house: House, erik: UUID) -> None:
    house.execute("update public.customers set user_id = %s", erik)
    await house.done("erasure")

    assert [(None,)] == house.rows("select user_id from public.customers where restaurant_id = %s", house.napoli)
    assert 2 == len(house.rows("select from public.user_restaurant_access where user_id = %s", erik))


async def test_the_only_administrator_cannot_go(house: House) -> None:
    boss = make_login(house.installation.owner_url, "boss@example.com", restaurant=house.napoli, role="admin")
    request_id = await house.request("erasure", Person(restaurant_id=None, user_id=boss), approved=False)
    async with house.means.database.as_service() as transaction:
        with pytest.raises(SoleAdministrator):
            await service.approve(house.means, transaction, request_id, actor=OPERATOR)


async def test_his_export_holds_his_log_ins_and_no_secret(house: House, erik: UUID) -> None:
    import json
    import zipfile

    done = await house.done("access", Person(restaurant_id=None, user_id=erik))
    assert done.file_name is not None
    file = zipfile.ZipFile(house.means.exports / done.file_name)
    [session] = json.loads(file.read("json/login_sessions.json"))
    everything = b"".join(file.read(name) for name in file.namelist()).decode()

    assert "Firefox" == session["device"]
    assert "argon2" not in everything
    assert 2 == len(json.loads(file.read("json/user_restaurant_access.json")))
