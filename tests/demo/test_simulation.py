"""The simulation as a whole: a small one, made once, looked at from many sides."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
import pytest

from flow.analytics.rollups.service import recompute_stale
from flow.business.restaurants.errors import SlugTaken
from flow.collect.events.catalogue import check
from flow.collect.events.types import Visit
from flow.database.embedded import EmbeddedServer
from flow.database.installation import Installation
from flow.database.pool import Database
from flow.demo.simulation import DEMO_LOGINS, DEMO_PASSWORD, is_simulated, simulate
from flow.demo.simulation.profiles import Profile, profiles
from flow.demo.simulation.year import DETAIL_DAYS, RestaurantYear
from flow.kit.clock import FixedClock
from tests.conftest import new_database
from tests.connections import kept_connection
from tests.factories import make_restaurant

NOW = dt.datetime(2026, 11, 20, 17, 30, tzinfo=dt.UTC)  # a Friday's dinner in Denmark
TODAY = "date '2026-11-20'"
SIZE = 0.08


@dataclass(frozen=True)
class Simulated:
    """A simulated installation and questions to it."""

    installation: Installation

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with kept_connection(self.installation.owner_url) as connection:
            return connection.execute(sql.encode()).fetchall()

    def value(self, sql: str) -> object:
        [(value,)] = self.rows(sql)
        return value


@pytest.fixture(scope="module")
def simulated(postgres: EmbeddedServer) -> Iterator[Simulated]:
    for installation in new_database(postgres):
        assert not is_simulated(installation)
        simulate(installation, size=SIZE, clock=FixedClock(NOW))
        yield Simulated(installation)


def test_it_is_known_and_labelled(simulated: Simulated) -> None:
    assert is_simulated(simulated.installation)
    assert [(True, len(profiles()))] == simulated.rows("select bool_and(is_simulated), count(*) from restaurants")


def test_there_is_a_login_for_each_role(simulated: Simulated) -> None:
    roles = simulated.rows("select distinct role from user_restaurant_access union select role from user_roles")

    assert {"admin", "manager", "employee", "analytics", "support", "compliance", "super_admin"} == {
        r for (r,) in roles
    }
    assert len(DEMO_LOGINS) == simulated.value("select count(*) from app.user_credentials")
    assert len(DEMO_PASSWORD) >= 10


def test_the_other_owner_sees_none_of_the_first_owners_restaurants(simulated: Simulated) -> None:
    assert [("lund-kaffebar",)] == simulated.rows(
        "select r.slug from user_restaurant_access a join restaurants r on r.id = a.restaurant_id "
        "join auth.users u on u.id = a.user_id where u.email = 'agare@flow.example'"
    )


def test_every_restaurant_has_a_year_up_to_now(simulated: Simulated) -> None:
    spans = simulated.rows("select min(created_at), max(created_at) from orders group by restaurant_id")

    for first, last in spans:
        assert isinstance(first, dt.datetime) and isinstance(last, dt.datetime)
        assert dt.timedelta(days=355) < NOW - first < dt.timedelta(days=367)
        assert dt.timedelta(0) <= NOW - last < dt.timedelta(days=3)


def test_nothing_is_in_the_future(simulated: Simulated) -> None:
    for table, column in (("orders", "updated_at"), ("sessions", "ended_at"), ("events", "timestamp")):
        assert 0 == simulated.value(f"select count(*) from {table} where {column} > '{NOW}'")


def test_orders_add_up(simulated: Simulated) -> None:
    sums = """
        select count(*) from orders o join lateral (
            select sum(line_total) as subtotal, sum(discount_amount) as discount, sum(quantity) as items
            from order_items i where i.restaurant_id = o.restaurant_id and i.order_id = o.id
        ) i on true
        join payments p on p.restaurant_id = o.restaurant_id and p.order_id = o.id
        where (o.subtotal, o.discount_amount, o.item_count, o.total, o.refunded_amount)
            is distinct from (i.subtotal, i.discount, i.items, p.amount, p.refunded_amount)
    """

    assert 0 == simulated.value(sums)


def test_order_numbers_have_no_gaps_and_the_counter_goes_on(simulated: Simulated) -> None:
    assert [] == simulated.rows(
        "select from orders o join order_counters c using (restaurant_id) group by restaurant_id, last_number "
        "having count(*) <> last_number or max(order_number) <> last_number"
    )


def test_some_orders_are_being_cooked_and_none_has_been_for_hours(simulated: Simulated) -> None:
    active = simulated.rows(
        "select status, created_at from orders where status not in ('completed', 'cancelled', 'refunded')"
    )

    assert active
    assert all(isinstance(at, dt.datetime) and NOW - at < dt.timedelta(hours=20) for _, at in active)


def test_a_guests_first_and_last_orders_are_theirs(simulated: Simulated) -> None:
    assert [] == simulated.rows(
        "select from customers c join orders o on o.restaurant_id = c.restaurant_id and o.customer_id = c.id "
        "group by c.restaurant_id, c.id having (c.first_order_at, c.last_order_at) "
        "is distinct from (min(o.created_at), max(o.created_at))"
    )


def test_few_guests_order_much_and_many_once(simulated: Simulated) -> None:
    once, most = simulated.rows(
        "select count(*) filter (where n = 1)::float / count(*), max(n) from "
        "(select count(*) as n from orders where customer_id is not null group by restaurant_id, customer_id) c"
    )[0]

    assert isinstance(once, float) and isinstance(most, int)
    assert 0.35 < once < 0.8
    assert most > 10


def test_balances_are_the_sums_of_their_bookings(simulated: Simulated) -> None:
    assert [] == simulated.rows(
        "select from loyalty_points p left join loyalty_transactions t using (restaurant_id, customer_id) "
        "group by restaurant_id, customer_id, p.points having p.points <> coalesce(sum(t.points), 0)"
    )


def test_sessions_of_recent_days_count_their_events(simulated: Simulated) -> None:
    assert [] == simulated.rows(
        "select from sessions s join (select restaurant_id, session_id, count(*) as events, "
        "count(*) filter (where event_name = 'page_view') as pages, max(timestamp) as last_at "
        "from events group by 1, 2) e using (restaurant_id, session_id) "
        "where (s.events_count, s.page_views, s.ended_at) is distinct from (e.events, e.pages, e.last_at)"
    )


def test_page_views_count_their_events(simulated: Simulated) -> None:
    assert [] == simulated.rows(
        "select from page_views p join (select restaurant_id, page_view_id, count(*) as events, max(seq) as seq "
        "from events group by 1, 2) e on e.restaurant_id = p.restaurant_id and e.page_view_id = p.id "
        "where (p.events_received, p.max_seq) is distinct from (e.events, e.seq)"
    )


def test_ordering_visits_are_marked_once_and_told_of(simulated: Simulated) -> None:
    assert [] == simulated.rows(
        "select from sessions s where orders_created > 0 and is_consented and not exists "
        "(select from orders o where o.restaurant_id = s.restaurant_id and o.session_id = s.session_id)"
    )
    assert 0 == simulated.value("select count(*) from orders where session_id is not null and visitor_id is null")


def test_a_few_events_are_lost_and_the_capture_rate_says_so(simulated: Simulated) -> None:
    rate = simulated.value(
        "select (sum(events_captured) / sum(events_expected))::float from daily_metrics "
        f"where date > {TODAY} - {DETAIL_DAYS}"
    )

    assert isinstance(rate, float)
    assert 0.95 < rate < 1


def test_every_day_has_figures_also_those_without_events(simulated: Simulated) -> None:
    old, detailed = simulated.rows(
        f"select date > {TODAY} - {DETAIL_DAYS}, bool_and(total_page_views >= total_sessions "
        "and total_events >= total_page_views and events_expected >= total_events) "
        "from daily_metrics where total_sessions > 0 group by 1 order by 1"
    )

    assert [(False, True), (True, True)] == [old, detailed]


def test_figures_of_old_days_survive_being_counted_again(simulated: Simulated) -> None:
    figures = (
        "select sum(total_page_views), sum(total_events), sum(total_sessions), sum(add_to_cart) from daily_metrics "
        "left join (select restaurant_id, date, sum(add_to_cart) as add_to_cart "
        "from product_analytics group by 1, 2) p using (restaurant_id, date)"
    )
    before = simulated.rows(figures)
    simulated.rows(
        "insert into stale_days (restaurant_id, date, reason) select restaurant_id, date, 'test' from daily_metrics "
        f"where date < {TODAY} - 200 returning 1"
    )

    async def count_again() -> int:
        place = simulated.installation
        async with Database(api_url=place.api_url, worker_url=place.worker_url) as database:
            return (await recompute_stale(database, clock=FixedClock(NOW))).days

    assert asyncio.run(count_again()) > 100
    assert before == simulated.rows(figures)


def test_visitors_agree_or_have_an_id_for_the_day(simulated: Simulated) -> None:
    assert [] == simulated.rows(
        "select from sessions where not is_consented group by restaurant_id, visitor_id "
        "having max(started_at) - min(started_at) > interval '1 day'"
    )


def test_the_quarantine_can_be_replayed(simulated: Simulated) -> None:
    contexts = simulated.rows("select context::text from rejected_events")

    assert 12 * len(profiles()) == len(contexts)
    assert all(msgspec.json.decode(str(context), type=Visit).visitor for (context,) in contexts)


def test_events_are_as_the_catalogue_declares_them(simulated: Simulated) -> None:
    kinds = simulated.rows("select distinct on (event_name) event_name, event_data::text, event_category from events")

    assert 10 < len(kinds)
    assert [category for *_, category in kinds] == [
        check(str(name), str(data).encode()).category for name, data, _ in kinds
    ]


def test_it_comes_whole_or_not_at_all(installation: Installation) -> None:
    class Stopped(Exception):
        pass

    def stop(_: str) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        simulate(installation, size=0.01, progress=stop, clock=FixedClock(NOW))

    assert not is_simulated(installation)

    simulate(installation, size=0.01, clock=FixedClock(NOW))

    assert is_simulated(installation)


def test_a_real_restaurant_of_the_same_name_stays_alone(installation: Installation) -> None:
    make_restaurant(installation.owner_url, "Napoli")

    with pytest.raises(SlugTaken, match="There is a restaurant napoli already"):
        simulate(installation, size=0.01, clock=FixedClock(NOW))
    assert not is_simulated(installation)


@pytest.mark.parametrize("profile", profiles(), ids=lambda profile: profile.restaurant.slug)
def test_the_same_moment_makes_the_same_year(profile: Profile) -> None:
    one, other = (RestaurantYear(profile, now=NOW, size=0.02) for _ in range(2))

    assert list(one.stretches()) == list(other.stretches())
    assert one.closing() == other.closing()
