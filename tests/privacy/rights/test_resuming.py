"""Kill -9 in the middle of an erasure: a second run finishes it, and its counts are those of the rows there were."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

from tests.privacy.rights.conftest import House
from tests.privacy.rights.subject import PHONE

ORDERS = 20_000
_PATIENCE_SECONDS = 60.0
MANY_ORDERS = """
insert into public.orders (restaurant_id, id, order_number, subtotal, total, customer_phone, customer_name, notes)
select %s, gen_random_uuid(), n, 8900, 8900, '+4520123456', 'Anna Hansen', 'Anna Hansen rings twice'
from generate_series(2, %s) n
"""


async def test_a_second_run_finishes_what_a_killed_one_began(
    house: House, found_in: Callable[[str], list[str]]
) -> None:
    house.execute(MANY_ORDERS, house.napoli, ORDERS)
    command = ("erase", PHONE, "--restaurant", "napoli", "--identity-checked", "in_person")
    process = _flow(house, *command)
    changed = _wait_for_some(house)
    process.send_signal(signal.SIGKILL)
    process.wait()

    left = _named(house)
    assert -signal.SIGKILL == process.returncode
    assert 0 < left < ORDERS, f"{changed} were changed when it was killed"

    again = _flow(house, "resume")
    output, _ = again.communicate(timeout=_PATIENCE_SECONDS)

    assert 0 == again.returncode, output.decode()
    assert [] == found_in(house.dump())
    assert [("completed",)] == house.rows("select status from public.privacy_requests")
    assert [(ORDERS, ORDERS)] == house.rows(
        "select rows_found, rows_changed from public.privacy_request_steps "
        "where table_name = 'orders' and rule = 'rows'"
    )
    assert [] == house.rows("select from app.privacy_request_keys")


async def test_a_third_run_finds_nothing_to_do(house: House) -> None:
    done = await house.done("erasure")
    steps = house.rows("select * from public.privacy_request_steps order by position")

    resumed = _flow(house, "resume")
    output, _ = resumed.communicate(timeout=_PATIENCE_SECONDS)

    assert "Nothing was interrupted." in output.decode()
    assert done == await house.find(done.id)
    assert steps == house.rows("select * from public.privacy_request_steps order by position")


def _flow(house: House, *arguments: str) -> subprocess.Popen[bytes]:
    place = house.installation
    environment = {
        **os.environ,
        "FLOW_HOME": str(house.means.home),
        "DATABASE_URL": place.admin_url,
        "FLOW_API_DATABASE_URL": place.api_url,
        "FLOW_WORKER_DATABASE_URL": place.worker_url,
        "FLOW_SECRET": place.secret.decode(),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "flow", "privacy", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def _named(house: House) -> int:
    [(count,)] = house.rows(
        "select count(*) from public.orders where customer_name is not null and restaurant_id = %s", house.napoli
    )
    assert isinstance(count, int)
    return count


def _wait_for_some(house: House) -> int:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        changed = ORDERS - _named(house)
        if changed > 0:
            return changed
        time.sleep(0.02)
    raise AssertionError("the erasure did not begin")
