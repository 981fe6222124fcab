"""`make erasure-proof`: a guest in every table is erased; a dump of the whole database is searched for her.

Prints what was searched and, last, the figure. Ends with status 1 where anything of her is found or a sum differs.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path
from uuid import UUID

import psycopg
from tests.factories import make_restaurant
from tests.privacy.rights.subject import EMAIL, NAME, PHONE, fill

from flow.database.embedded import program_folder
from flow.database.installation import Installation, installation
from flow.database.pool import Database
from flow.jobs.schema import install_queue
from flow.kit.clock import SystemClock
from flow.privacy.rights import service, store
from flow.privacy.rights.means import Means
from flow.privacy.rights.types import Actor, Person, PrivacyRequest
from flow.settings import Settings

SPELLINGS = (PHONE, PHONE[3:], "20 12 34 56", EMAIL, NAME, *NAME.split())
_ORDERS = 2_000
_MANY = """
insert into public.orders
    (restaurant_id, id, order_number, subtotal, total, tax_amount, customer_phone, customer_name, notes)
select %s, gen_random_uuid(), n, 8900 + n, 8900 + n, (8900 + n) / 5, '+4520123456', 'Anna Hansen', 'For Anna Hansen'
from generate_series(2, %s) n
"""
_SUMS = """
select sum(total), sum(subtotal), sum(tax_amount), sum(refunded_amount), sum(discount_amount), sum(delivery_fee),
    (select sum(line_total) from public.order_items), (select sum(amount) from public.payments),
    (select sum(total_revenue) + sum(total_orders) from public.daily_metrics)
from public.orders
"""


def prove() -> bool:
    """Whether nothing of her was found and no sum differs."""
    with tempfile.TemporaryDirectory(prefix="flow-erasure-") as home:
        Path(home).chmod(0o755)
        settings = Settings(home=Path(home), database_url=None)
        place = installation(settings)
        with place.running():
            place.prepare()
            install_queue(place.owner_url)
            return _prove(settings, place)


def _prove(settings: Settings, place: Installation) -> bool:
    url = place.owner_url
    napoli = make_restaurant(url, "Napoli")
    mentions = fill(url, napoli)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("delete from public.legal_holds")
        connection.execute(_MANY, [napoli, _ORDERS])
    before = _sums(url)
    held = len(_search(_dump(place)))
    print(f"Before: {held:,} lines of the dump hold her; {mentions} columns mention her in passing.")
    done = asyncio.run(_erase(settings, place, napoli))
    found = _search(_dump(place))
    difference = sum(abs(ours - theirs) for ours, theirs in zip(before, _sums(url), strict=True))
    _tell(done, found, difference)
    return done.status == "completed" and held > 0 and not found and difference == 0


def _tell(done: PrivacyRequest, found: list[str], difference: int) -> None:
    steps = done.outcome["steps"] if done.outcome else []
    assert isinstance(steps, list)
    touched = [step for step in steps if step["changed"] or step["deleted"]]
    for step in touched:
        did = f"{step['changed']:>6,} changed {step['deleted']:>6,} deleted"
        print(f"{step['table']:<24} {step['rule']:<7} {did}")
    for line in found:
        print(f"FOUND {line[:160]}")
    rows = sum(step["changed"] + step["deleted"] for step in touched)
    tables = len({step["table"] for step in touched})
    print(f"Searched for {', '.join(SPELLINGS)}.")
    print(f"erasure-proof: tables={tables} rows={rows} found={len(found)} difference_ore={difference}")


async def _erase(settings: Settings, place: Installation, restaurant: UUID) -> PrivacyRequest:
    person, operator = Person(restaurant_id=restaurant, phones=(PHONE,)), Actor()
    async with Database(api_url=place.api_url, worker_url=place.worker_url, api_connections=1) as database:
        means = Means.of(settings, place, database, SystemClock())
        async with database.as_service() as transaction:
            request_id = await service.receive(means, transaction, person, kind="erasure", actor=operator)
            await service.check_identity(means, transaction, request_id, method="in_person", actor=operator)
            await service.approve(means, transaction, request_id, actor=operator)
        await service.carry_out(means, request_id)
        async with database.as_service() as transaction:
            return await store.find_request(transaction, request_id)


def _dump(place: Installation) -> str:
    command = [str(program_folder() / "pg_dump"), "--inserts", f"--dbname={place.admin_url}"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _search(dump: str) -> list[str]:
    return [line for line in dump.splitlines() if any(each.lower() in line.lower() for each in SPELLINGS)]


def _sums(url: str) -> list[int]:
    with psycopg.connect(url) as connection:
        row = connection.execute(_SUMS.encode()).fetchone()
    assert row is not None
    return [int(value or 0) for value in row]


if __name__ == "__main__":
    sys.exit(0 if prove() else 1)
