"""Who can see a row, and why: the answer is what the database says when it is asked as each of these people."""

from __future__ import annotations

from uuid import UUID

import httpx
import pytest

from flow.access.roles.sight.service import who_sees
from flow.database.installation import Installation
from flow.errors import InvalidInput, NotFound
from flow.web.services import Services
from tests.access.acting import header_of, on_platform
from tests.connections import kept_connection
from tests.contracts.matrix.world import World, make_world
from tests.routes import AN_ID

Answer = dict[str, set[tuple[str, str, str]]]


@pytest.fixture
def world(installation: Installation) -> World:
    return make_world(installation)


def row_of(world: World, table: str, *, foreign: bool = False, where: str = "true", column: str = "id") -> str:
    place = world.foreign if foreign else world.own
    with kept_connection(world.installation.owner_url) as connection:
        found = connection.execute(
            f"select {column}::text from public.{table} where restaurant_id = %s and {where}".encode(), [place]
        ).fetchone()
    assert found is not None
    return str(found[0])


async def ask(services: Services, world: World, table: str, row: str, **how: UUID) -> Answer:
    """Kind of person → (role, rule, permission) of each reason."""
    names = {actor.user: actor.kind.name for actor in world.actors}
    _, sights = await who_sees(services.database, table, row, **how)
    return {
        names.get(sight.user_id, sight.email): {(r.role, r.rule, r.permission) for r in sight.reasons}
        for sight in sights
    }


STAFF = {
    "super_admin": {("super_admin", "all", "orders.read")},
    "super_admin without a second factor": {("super_admin", "all", "orders.read")},
    "admin": {("admin", "all", "orders.read")},
    "manager": {("manager", "all", "orders.read")},
    "support, door open": {("support", "all", "orders.read")},
    "support of the restaurant, door open": {("support", "all", "orders.read")},
}


async def test_an_order_underway_is_seen_by_the_kitchen_too(services: Services, world: World) -> None:
    seen = await ask(services, world, "orders", row_of(world, "orders", where="status = 'pending'"))

    assert {**STAFF, "employee": {("employee", "active", "active_orders.read")}} == seen


async def test_an_order_that_has_ended_is_seen_by_its_guest_and_not_by_the_kitchen(
    services: Services, world: World
) -> None:
    row = row_of(world, "orders", where="user_id is not null")
    seen = await ask(services, world, "orders", row)
    lines = await ask(services, world, "order_items", row_of(world, "order_items", where=f"order_id = '{row}'"))

    assert {**STAFF, "customer": {("customer", "own", "own.read")}} == seen == lines


async def test_a_row_of_another_restaurant_is_seen_by_its_own_people(services: Services, world: World) -> None:
    row = row_of(world, "orders", foreign=True, where="user_id is not null")
    seen = await ask(services, world, "orders", row)

    assert {"super_admin", "super_admin without a second factor", "guest@tivoli.example"} == set(seen)


async def test_what_is_about_a_user_is_seen_by_that_user(services: Services, world: World) -> None:
    actor = world.actor("employee")

    assert {"employee": {("", "self", "")}} == await ask(services, world, "login_sessions", str(actor.session))
    member = await ask(services, world, "user_restaurant_access", str(actor.user), restaurant=world.own)
    assert {("employee", "self", "")} <= member["employee"]
    assert {("manager", "all", "people.read")} == member["manager"]


async def test_what_is_for_the_service_alone_is_seen_by_nobody(services: Services, world: World) -> None:
    assert {} == await ask(services, world, "order_counters", str(world.own))


async def test_every_answer_is_what_the_walk_through_the_matrix_found(services: Services, world: World) -> None:
    """A row of each table that has an id, held against the matrix's own expectation."""
    from flow.access.roles.matrix import matrix
    from tests.contracts.matrix.walk import Expectation

    expected = Expectation(world, matrix())
    for name in (
        "payments",
        "customers",
        "gdpr_audit_log",
        "messages",
        "notifications",
        "support_accesses",
        "legal_holds",
    ):
        row = row_of(world, name)
        seen = await ask(services, world, name, row)
        meant = {
            actor.kind.name
            for actor in world.actors
            if any(row in key and place for key, place in expected.rows(actor, expected.tables[name], "select"))
        }
        # Asked is what they see with their second factor; of reading it changes nothing.
        assert meant == seen.keys() & {actor.kind.name for actor in world.actors}, name
        assert all(seen.values()), name
    expected.close()


async def test_a_key_of_several_columns_is_named_as_such(services: Services, world: World) -> None:
    with pytest.raises(InvalidInput, match="restaurant_id, date"):
        await who_sees(services.database, "daily_metrics", "2026-01-01")
    found, _ = await who_sees(services.database, "daily_metrics", "date=2026-01-01", restaurant=world.own)
    assert {"restaurant_id": str(world.own), "date": "2026-01-01"} == found.key
    with pytest.raises(InvalidInput, match="no column total"):
        await who_sees(services.database, "orders", "total=1")


@pytest.mark.parametrize(
    ("table", "row"),
    [("orders", AN_ID), ("orders", "1; drop table"), ("no_such_table", "1"), ("pg_class", "1")],
)
async def test_what_is_not_there_is_not_found(services: Services, world: World, table: str, row: str) -> None:
    with pytest.raises(NotFound):
        await who_sees(services.database, table, row)


async def test_the_page_answers_those_with_access_read_about_their_own_restaurant(
    http: httpx.AsyncClient, services: Services, world: World
) -> None:
    own, foreign = row_of(world, "orders", where="status = 'pending'"), row_of(world, "orders", foreign=True)
    url = world.installation.owner_url
    answers = {}
    for name in ("admin", "compliance", "manager", "employee", "nobody"):
        header = header_of(url, services.issuer, world.actor(name).user) | {"accept-language": "en"}
        answers[name] = [
            await http.get("/settings/access", params={"table": "orders", "row": row}, headers=header)
            for row in (own, foreign)
        ]

    assert {"admin": [200, 404], "compliance": [200, 404]} == {
        name: [each.status_code for each in both] for name, both in answers.items() if name in ("admin", "compliance")
    }
    assert {403} == {each.status_code for name in ("manager", "employee", "nobody") for each in answers[name]}
    assert "7 people see it" in answers["compliance"][0].text
    assert "There is no such row in this restaurant." in answers["admin"][1].text


async def test_a_role_that_is_taken_away_is_out_of_the_answer(
    services: Services, world: World, installation: Installation
) -> None:
    row = row_of(world, "orders", where="status = 'pending'")
    late = on_platform(installation.owner_url, "compliance")
    with kept_connection(installation.owner_url) as connection:
        connection.execute("delete from public.user_restaurant_access where role = 'manager'")
    seen = await ask(services, world, "orders", row)

    assert ("manager" in seen, str(late) in seen, "admin" in seen) == (False, False, True)
