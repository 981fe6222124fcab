"""What somebody who can run SQL as a person tries, and is refused: the specification's own holes, and more.

Numbers in names count the mistakes of the specification's policies as the review of its SQL lists them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.errors import CheckViolation, InsufficientPrivilege
from psycopg.types.json import Jsonb

from flow.database.embedded import EmbeddedServer
from tests.conftest import new_database
from tests.contracts.matrix.world import World, make_world
from tests.factories import claims_of


@pytest.fixture(scope="module")
def world(postgres: EmbeddedServer) -> Iterator[World]:
    for installation in new_database(postgres):
        yield make_world(installation)


@contextmanager
def acting(world: World, name: str, **claims: object) -> Iterator[psycopg.Connection]:
    """A transaction of this kind of person, begun as the API begins one; always rolled back."""
    with psycopg.connect(world.installation.api_url) as connection:
        begun = {**world.actor(name).claims, **claims}
        connection.execute("select app.begin_request(%s, 5000)", [Jsonb(begun)])
        yield connection
        connection.rollback()


def refused(connection: psycopg.Connection, sql: str, *parameters: object) -> bool:
    """Whether the statement is refused for want of a right."""
    with pytest.raises(InsufficientPrivilege):
        connection.execute(sql.encode(), parameters)
    return True


def order_of(world: World, restaurant: UUID, status: str = "pending") -> UUID:
    with psycopg.connect(world.installation.owner_url) as connection:
        found = connection.execute(
            "select id from public.orders where restaurant_id = %s and status = %s", [restaurant, status]
        ).fetchone()
    assert found is not None
    return UUID(str(found[0]))


def test_10_a_role_claim_of_ones_own_makes_nobody_super_admin(world: World) -> None:
    forged = {"role": "super_admin", "app_metadata": {"platform_role": "super_admin", "roles": ["compliance"]}}
    with acting(world, "nobody", **forged) as connection:
        assert [] == connection.execute("select from public.orders").fetchall()
        assert [] == connection.execute("select from public.gdpr_audit_log").fetchall()


def test_grants_in_a_token_count_for_nothing(world: World) -> None:
    everything = {"orders.read": f"{{{world.own},{world.foreign}}}", "some_orders.read": f"{{{world.foreign}}}"}
    for name in ("nobody", "employee"):
        with acting(world, name, app_metadata={"grants": everything}) as connection:
            seen = connection.execute("select distinct restaurant_id, status from public.orders").fetchall()
            assert {(world.own, "pending")} >= set(seen)


def test_a_second_factor_in_a_token_counts_for_nothing_where_the_session_knows(world: World) -> None:
    with acting(world, "super_admin without a second factor", aal="aal2") as connection:
        assert (False,) == connection.execute("select app.has_second_factor()").fetchone()
        assert 0 == connection.execute("update public.products set price = 1").rowcount
    with acting(world, "super_admin") as connection:
        assert (True,) == connection.execute("select app.has_second_factor()").fetchone()
        assert 0 < connection.execute("update public.products set price = 1").rowcount


def test_a_log_in_that_has_ended_begins_nothing(world: World) -> None:
    for session in (uuid4(), world.actor("admin").session):
        with psycopg.connect(world.installation.api_url) as connection:
            claims = {**claims_of(world.actor("employee").user), "session_id": str(session)}
            answer = connection.execute("select app.begin_request(%s, 5000)", [Jsonb(claims)]).fetchone()
        assert (None,) == answer


@pytest.mark.parametrize("name", ["employee", "admin", "customer", "nobody"])
def test_11_nobody_gives_himself_a_role(world: World, name: str) -> None:
    user = world.actor(name).user
    for statement in (
        "insert into public.user_restaurant_access (restaurant_id, user_id, role) values (%s, %s, 'admin')",
        "update public.user_restaurant_access set role = 'admin' where restaurant_id = %s and user_id = %s",
        "delete from public.user_restaurant_access where restaurant_id = %s and user_id <> %s",
        "insert into public.user_roles (user_id, role) select %s::uuid, 'super_admin' where %s::uuid is not null",
    ):
        with acting(world, name) as connection:
            assert refused(connection, statement, world.foreign, user)
    for statement in (
        "insert into app.role_permissions values ('employee', 'people.write')",
        "update app.login_sessions set aal = 'aal2'",
        "update app.login_sessions set user_id = user_id",
        "select from app.user_credentials",
        "select from auth.users",
        "select app.add_user(gen_random_uuid(), 'x@example.com', 'x', now())",
        "select app.grants_of(gen_random_uuid(), null)",
        "select app.begin_request('{}', 1)",
        "select app.begin_service(1)",
    ):
        with acting(world, name) as connection:
            assert refused(connection, statement)


def test_13_anon_and_the_process_itself_reach_no_table(world: World) -> None:
    with psycopg.connect(world.installation.api_url) as connection:
        assert refused(connection, "select from public.orders")
        connection.rollback()
        connection.execute("set local role anon")
        assert refused(connection, "select from public.orders")
        connection.rollback()
        assert refused(connection, "set local role service_role")
        connection.rollback()
        connection.execute("set local role authenticated")  # without claims
        assert [] == connection.execute("select from public.orders").fetchall()


def test_14_nobody_writes_events_past_the_collector(world: World) -> None:
    for name in ("admin", "nobody"):
        for table in ("events", "sessions", "page_views"):
            with acting(world, name) as connection:
                assert refused(connection, f"insert into public.{table} (restaurant_id) values (%s)", world.own)


def test_16_nobody_invents_removes_or_changes_a_payment(world: World) -> None:
    own, foreign = order_of(world, world.own), order_of(world, world.foreign)
    insert = (
        "insert into public.payments (restaurant_id, id, order_id, amount, provider) "
        "values (%s, gen_random_uuid(), %s, 1, 'cash')"
    )
    for name in ("employee", "admin", "super_admin"):
        for statement, parameters in (
            (insert, (world.own, own)),
            (insert, (world.own, foreign)),
            (insert, (world.foreign, foreign)),
            ("delete from public.payments where restaurant_id = %s", (world.own,)),
            ("update public.payments set amount = 1 where restaurant_id = %s", (world.own,)),
        ):
            with acting(world, name) as connection:
                assert refused(connection, statement, *parameters)


def test_a_refund_needs_payments_write_in_that_restaurant(world: World) -> None:
    with psycopg.connect(world.installation.owner_url, autocommit=True) as connection:
        connection.execute("update public.payments set status = 'completed'")
        payments = dict(connection.execute("select restaurant_id, (array_agg(id))[1] from public.payments group by 1"))
    for name, restaurant in (("employee", world.own), ("admin", world.foreign), ("customer", world.own)):
        with acting(world, name) as connection:
            door = "select app.record_refund(%s, %s, 1, 'a gift', now())"
            connection.execute(door, [restaurant, payments[restaurant]])
            connection.commit()
    with psycopg.connect(world.installation.owner_url) as connection:
        assert (0,) == connection.execute("select sum(refunded_amount) from public.payments").fetchone()


def test_17_a_guest_places_no_order_past_the_till_and_changes_none(world: World) -> None:
    with acting(world, "customer") as connection:
        assert refused(
            connection,
            "insert into public.orders (restaurant_id, id, order_number, status, subtotal, total, user_id) "
            "values (%s, gen_random_uuid(), 99, 'completed', 1, 1, app.user_id())",
            world.own,
        )
    with acting(world, "customer") as connection:
        assert refused(connection, "update public.orders set user_id = app.user_id()")


def test_18_orders_move_by_their_door_only_and_only_as_the_status_machine_has_it(world: World) -> None:
    own, foreign = order_of(world, world.own), order_of(world, world.foreign)
    ended = order_of(world, world.own, "completed")
    door = "select status from app.move_order(%s, %s, %s, %s, gen_random_uuid(), null, now())"
    with acting(world, "employee") as connection:
        assert refused(connection, "update public.orders set status = 'completed'")
    for name, restaurant, order in (
        ("employee", world.foreign, foreign), ("analytics", world.own, own), ("support, door open", world.own, own),
        ("compliance", world.own, own), ("customer", world.own, own), ("nobody", world.own, own),
        ("super_admin without a second factor", world.own, own),
    ):  # fmt: skip
        with acting(world, name) as connection:
            assert refused(connection, door, restaurant, order, "confirmed", None)
        with acting(world, name) as connection:
            assert (None,) == connection.execute("select app.lock_order(%s, %s)", [restaurant, order]).fetchone()
    with acting(world, "employee") as connection:
        assert refused(connection, door, world.own, ended, "refunded", "a gift")
    for order, status, reason in ((own, "completed", None), (own, "cancelled", ""), (own, "pending", None)):
        with acting(world, "employee") as connection, pytest.raises(CheckViolation):
            connection.execute(door.encode(), [world.own, order, status, reason])
    with acting(world, "employee") as connection:
        assert [] == connection.execute(door.encode(), [world.own, foreign, "confirmed", None]).fetchall()
        assert [("confirmed",)] == connection.execute(door.encode(), [world.own, own, "confirmed", None]).fetchall()


def test_who_moves_an_order_cannot_say_that_it_was_another(world: World) -> None:
    order, employee = order_of(world, world.own), world.actor("employee").user
    door = "select from app.move_order(%s, %s, 'confirmed', null, gen_random_uuid(), %s, now())"
    with acting(world, "employee") as connection:
        connection.execute(door, [world.own, order, world.actor("admin").user])
        step = "select changed_by from public.order_status_changes where to_status = 'confirmed'"
        assert [(employee,)] == connection.execute(step).fetchall()


def test_20_nobody_rewrites_consents(world: World) -> None:
    for name in ("customer", "admin", "compliance", "super_admin"):
        for statement in (
            "update public.user_consents set granted = true",
            "delete from public.user_consents",
            "insert into public.user_consents (id) values (gen_random_uuid())",
        ):
            with acting(world, name) as connection:
                assert refused(connection, statement)


def test_21_nobody_writes_the_audit_log(world: World) -> None:
    for name in ("compliance", "super_admin", "admin"):
        for statement in (
            "insert into public.gdpr_audit_log (id, action, description) values (gen_random_uuid(), 'x', 'forged')",
            "update public.gdpr_audit_log set action = 'forged'",
            "delete from public.gdpr_audit_log",
            "truncate public.gdpr_audit_log",
        ):
            with acting(world, name) as connection:
                assert refused(connection, statement)


def test_23_nobody_truncates_references_or_sets_triggers(world: World) -> None:
    for statement in (
        "truncate public.orders",
        "create trigger t before insert on public.orders for each row execute function app.refuse_change()",
        "create table public.mine (id uuid)",
        "alter table public.orders disable row level security",
        "alter role authenticated bypassrls",
        "set role postgres",
    ):
        with acting(world, "super_admin") as connection:
            assert refused(connection, statement)


def test_a_partition_is_not_read_past_its_parent(world: World) -> None:
    with psycopg.connect(world.installation.owner_url) as connection:
        parts = connection.execute("select relname from pg_class where relnamespace = 'parts'::regnamespace").fetchall()
    assert parts
    for [part] in parts:
        with acting(world, "super_admin") as connection:
            assert refused(connection, f'select from parts."{part}"')


def test_24_the_work_of_the_service_is_not_for_people(world: World) -> None:
    for call in (
        "app.drop_partition('events_202601')",
        "app.expire_support_accesses()",
        "app.expire_audit(1)",
        "app.erase_account(gen_random_uuid())",
        "app.refresh_statistics('{orders}')",
    ):
        with acting(world, "super_admin") as connection:
            assert refused(connection, f"select {call}")


def test_functions_answer_for_the_caller_only(world: World) -> None:
    """They take no user: what they tell is the caller's own, whatever ids are put in."""
    foreign = order_of(world, world.foreign)
    for name in ("admin", "employee", "nobody"):
        with acting(world, name) as connection:
            asked = "select app.owns_order(%s, %s), app.is_active_order(%s, %s), app.may('orders.read', %s)"
            answer = connection.execute(asked, [world.foreign, foreign, world.foreign, foreign, world.foreign])
            assert (False, False, False) == answer.fetchone()
            assert ([],) == connection.execute("select app.own_customers()").fetchone()


@pytest.mark.parametrize("name", ["support, door shut", "support of the restaurant, door open", "admin", "nobody"])
def test_support_opens_no_door_without_a_role_there_or_beyond_eight_hours(world: World, name: str) -> None:
    door = "select from app.open_support_access(gen_random_uuid(), %s, %s, %s)"
    place = world.foreign if "of the restaurant" in name or name == "admin" else world.own
    if name != "support, door shut":
        with acting(world, name) as connection:
            assert refused(connection, door, place, "A case of a customer", 60)
        return
    for reason, minutes in (("A case of a customer", 481), ("A case of a customer", 0), ("because", 60)):
        with acting(world, name) as connection, pytest.raises(CheckViolation):
            connection.execute(door.encode(), [place, reason, minutes])


def test_support_of_the_platform_opens_no_door_without_a_second_factor(world: World) -> None:
    support = world.actor("support, door shut")
    with psycopg.connect(world.installation.api_url) as connection:
        connection.execute("select app.begin_request(%s, 5000)", [Jsonb(claims_of(support.user))])
        assert refused(
            connection, "select app.open_support_access(gen_random_uuid(), %s, 'A case of a customer', 60)", world.own
        )


def test_support_sees_nothing_any_more_after_the_end(world: World) -> None:
    """From the next request on, whether the door was closed or ran out; both are in the audit log."""
    support = world.actor("support, door shut")
    seen, access = [], uuid4()

    def look(*, then: str = "", end: bool = False) -> None:
        with psycopg.connect(world.installation.api_url) as connection:
            connection.execute("select app.begin_request(%s, 5000)", [Jsonb(support.claims)])
            seen.append(len(connection.execute("select from public.orders").fetchall()))
            if then:
                connection.execute(then.encode(), [access])

    look(then=f"select app.open_support_access(%s, '{world.foreign}', 'A case of a customer', 60)")
    look(then="select app.end_support_access(%s)")
    look()
    with psycopg.connect(world.installation.owner_url, autocommit=True) as connection:
        connection.execute("update public.support_accesses set ended_at = null where id = %s", [access])
        look()
        connection.execute(
            "update public.support_accesses set granted_at = granted_at - interval '2 hours', "
            "expires_at = expires_at - interval '2 hours' where id = %s",
            [access],
        )
        look()
        assert (1,) == connection.execute("select app.expire_support_accesses()").fetchone()
        noted = connection.execute(
            "select action, reason, performed_by from public.gdpr_audit_log where after ->> 'access' = %s "
            "order by recorded_at", [str(access)]
        ).fetchall()  # fmt: skip

    assert [0, 4, 0, 4, 0] == seen
    assert [
        ("support_access_opened", "A case of a customer", support.user),
        ("support_access_ended", None, support.user),
        ("support_access_expired", None, support.user),
    ] == noted


def test_nobody_writes_or_prolongs_an_access_of_support(world: World) -> None:
    for statement in (
        "update public.support_accesses set expires_at = now() + interval '1 day'",
        "insert into public.support_accesses (id, restaurant_id, user_id, reason, expires_at) "
        "select gen_random_uuid(), restaurant_id, app.user_id(), reason, now() + interval '1 hour' "
        "from public.support_accesses",
    ):
        for name in ("support, door open", "super_admin"):
            with acting(world, name) as connection:
                assert refused(connection, statement)
    with acting(world, "support, door shut") as connection:  # nor ends another's
        for [access] in connection.execute("select id from public.support_accesses").fetchall():
            assert (False,) == connection.execute("select app.end_support_access(%s)", [access]).fetchone()
