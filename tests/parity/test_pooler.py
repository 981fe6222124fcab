"""Through a transaction-mode pooler: requests, ingest and jobs without errors, and nobody gets another's claims.

Neighbouring transactions of a client run on whatever backend is free, so what a client leaves on one reaches others.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from flow.database.installation import Installation
from flow.database.pool import Database
from flow.jobs.queue import build_queue
from flow.jobs.schema import install_queue
from flow.jobs.types import Job, JobContext
from flow.jobs.worker import run_worker
from flow.kit.clock import SystemClock
from flow.kit.ids import new_id
from tests.factories import claims_of, give_access, make_restaurant, make_user
from tests.journeys.streams import open_stream
from tests.parity.conftest import Servers, need_programs
from tests.parity.databases import SECRET, installation_of, new_place
from tests.parity.pooler import BACKENDS, PROGRAM, pooler
from tests.parity.shops import EVENTS, NUMBERS, open_shop
from tests.serving import Server, running_server, settings_of

CLIENTS, ROUNDS, ROUNDS_OVER_HTTP = 8, 40, 10
AT_ONCE = 2.0  # seconds; the worker asks by itself only every five
KINDS = ("supabase-like", "supabase-like-embedded")


@pytest.fixture(scope="module", params=KINDS)
def pooled(request: pytest.FixtureRequest, servers: Servers) -> Iterator[Installation]:
    """A migrated project whose processes come through the pooler."""
    if PROGRAM is None:
        pytest.skip("PgBouncer is not installed: make supabase-check installs it where apt may be used")
    need_programs(request.param)
    with ExitStack() as stack:
        cluster = servers[request.param]
        place = stack.enter_context(new_place(cluster))
        place.installation.prepare(install_queue)
        port = stack.enter_context(pooler(cluster))
        yield installation_of(cluster, place.name, SECRET, pooler_port=port)


@dataclass(frozen=True)
class Guest:
    """A client of the pooler with a restaurant of his own."""

    user: UUID
    restaurant: UUID
    database: Database


@pytest.fixture
async def guests(pooled: Installation) -> AsyncIterator[list[Guest]]:
    """CLIENTS people, each with a restaurant and a connection of his own."""
    people = []
    for _ in range(CLIENTS):
        user = make_user(pooled.owner_url, f"{new_id()}@example.com")
        restaurant = make_restaurant(pooled.owner_url, f"Guest {next(NUMBERS)}")
        give_access(pooled.owner_url, user, restaurant)
        database = Database(
            api_url=pooled.api_url, worker_url=pooled.worker_url, api_connections=1, worker_connections=1
        )
        people.append(Guest(user, restaurant, await database.__aenter__()))
    yield people
    for guest in people:
        await guest.database.__aexit__()


async def test_eight_clients_over_three_backends_see_what_is_theirs(
    guests: list[Guest], record_property: Callable[[str, object], None]
) -> None:
    backends: set[int] = set()
    faults: list[str] = []

    async def ask(guest: Guest) -> None:
        for _ in range(ROUNDS):
            async with guest.database.as_user(claims_of(guest.user)) as transaction:
                cursor = await transaction.connection.execute(
                    "select pg_backend_pid(), app.user_id(), array(select id from public.restaurants), current_user"
                )
                row = await cursor.fetchone()
            assert row is not None
            backends.add(row[0])
            if row[1:] != (guest.user, [guest.restaurant], "authenticated"):
                faults.append(f"{guest.user} got {row[1:]}")

    answers = await asyncio.gather(*map(ask, guests), return_exceptions=True)

    assert [None] * CLIENTS == answers
    assert [] == faults
    assert 2 <= len(backends) <= BACKENDS
    record_property("pooler_errors", len(faults))


async def test_nothing_of_a_request_is_left_on_a_backend(pooled: Installation, guests: list[Guest]) -> None:
    for guest in guests:
        async with guest.database.as_user(claims_of(guest.user)), guest.database.as_service():
            pass
    left = {_state_of(url) for url in (pooled.api_url, pooled.worker_url) for _ in range(2 * BACKENDS)}

    assert {("flow_api", "", ""), ("flow_worker", "", "")} == {(user, claims, sub) for user, claims, sub in left}


def _state_of(url: str) -> tuple[str, str, str]:
    sql = (
        "select current_user, coalesce(current_setting('request.jwt.claims', true), ''), "
        "coalesce(current_setting('request.jwt.claim.sub', true), '')"
    )
    with psycopg.connect(url, autocommit=True, prepare_threshold=None) as connection:
        row = connection.execute(sql).fetchone()
    assert row is not None
    return row[0], row[1], row[2]


def test_what_a_session_sets_would_reach_other_clients(pooled: Installation) -> None:
    """The trap itself: without it the tests above would prove nothing."""
    with psycopg.connect(pooled.api_url, autocommit=True, prepare_threshold=None) as careless:
        careless.execute('set request.jwt.claims = \'{"sub": "somebody"}\'')
    found = {_state_of(pooled.api_url)[1] for _ in range(2 * BACKENDS)}
    with psycopg.connect(pooled.api_url, autocommit=True, prepare_threshold=None) as careful:
        careful.execute("reset request.jwt.claims")

    assert '{"sub": "somebody"}' in found


@pytest.fixture(scope="module")
def server(pooled: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A web process behind the pooler, with more connections than there are backends."""
    with running_server(pooled, tmp_path_factory.mktemp("flow"), FLOW_LISTEN_DATABASE_URL=pooled.listen_url) as running:
        yield running


def test_pages_orders_and_events_of_eight_clients_are_answered_and_stored(
    server: Server, pooled: Installation, record_property: Callable[[str, object], None]
) -> None:
    shops = [open_shop(server) for _ in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as threads:
        refused = [
            answer for answers in threads.map(lambda shop: shop.lives(ROUNDS_OVER_HTTP), shops) for answer in answers
        ]
    with psycopg.connect(pooled.owner_url) as connection:
        kept = {
            row[0]: row[1:]
            for row in connection.execute(
                "select r.id, (select count(*) from public.events e where e.restaurant_id = r.id), "
                "(select count(*) from public.orders o where o.restaurant_id = r.id) from public.restaurants r"
            ).fetchall()
        }

    assert [] == refused
    assert {shop.restaurant: (ROUNDS_OVER_HTTP * len(EVENTS), ROUNDS_OVER_HTTP) for shop in shops} == {
        shop.restaurant: kept[shop.restaurant] for shop in shops
    }
    record_property("pooler_errors", len(refused))


def test_news_wakes_the_live_page_by_the_direct_address(server: Server) -> None:
    shop = open_shop(server)
    with open_stream(server, shop.headers) as stream, server.client() as http:
        stream.next("tiles", within=10)
        assert 201 == shop.order(http).status_code
        assert stream.next("tiles", within=AT_ONCE).data


async def test_a_deferred_job_is_taken_up_at_once(pooled: Installation, tmp_path: Path) -> None:
    done = asyncio.Event()

    async def greet(context: JobContext) -> None:
        async with context.database.as_service() as transaction:
            await transaction.connection.execute("select from public.orders")
        done.set()

    jobs = [Job("test.greet", greet)]
    settings = settings_of(pooled, tmp_path, listen_database_url=pooled.listen_url)
    worker = asyncio.create_task(run_worker(settings, jobs, clock=SystemClock(), timetable=()))
    queue = build_queue(pooled.worker_url, jobs, [], listen_url=pooled.listen_url)
    try:
        async with queue.open_async():
            await asyncio.sleep(1)  # the worker has looked, found nothing, and listens
            await queue.configure_task("test.greet").defer_async()
            await asyncio.wait_for(done.wait(), AT_ONCE)
    finally:
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
