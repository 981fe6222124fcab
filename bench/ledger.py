"""Holds FLOW against the providers' own books after ten thousand deliveries, many of them twice and out of order.

`make provider-ledger-test`. Guests buy, text and order in Wolt's app; the kitchen cooks, couriers ride; money goes back
in parts, some of it comes back from the bank, some payments are disputed; a bookkeeper books. The simulated providers
deliver 30 % of their webhooks twice and all of them shuffled, lose answers and fail calls, and the worker is killed by
SIGKILL ten times meanwhile. At the end payments, refunds, disputes, orders, couriers, messages, invoices and credit
notes are compared with the providers' books, to the øre. The last line: `provider-ledger-test: … differences=0`.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections import Counter

import psycopg

from bench.ledger_books import compare
from bench.ledger_life import Life
from bench.ledger_processes import Simulator, Worker
from bench.ledger_providers import Providers
from bench.place import Place, open_place
from flow.demo.providers.connecting import connect_restaurants

# Calls seldom fail and answers are seldom lost, beside what is measured: deliveries twice and out of order.
_KNOBS = {
    "duplicate_rate": 0.3,
    "shuffle_seconds": 5.0,
    "retry_pace": 0.2,
    "error_rate": 0.005,
    "lost_answer_rate": 0.005,
    "latency_ms": 2,
}
_STILL_SECONDS = 180
_SHARE_APPLIED = 0.8  # what comes of so many webhooks for certain


def main() -> None:
    """Runs the test; status 1 when anything differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deliveries", type=int, default=10_000, help="webhooks to be written by the providers")
    parser.add_argument("--kills", type=int, default=10, help="kills of the worker")
    wish = parser.parse_args()
    with open_place() as place, Simulator() as simulator, Worker(place) as worker:
        asyncio.run(_connect(place, simulator))
        tally, left = asyncio.run(_live(place, simulator, worker, wish.deliveries, wish.kills))
        books = asyncio.run(Providers(simulator.url).books())
        compared, differences = compare(place.installation.owner_url, books)
        differences += [f"unfinished: {count} {what}" for what, count in left.items() if count]
    for difference in differences[:50]:
        print(difference)
    kinds = Counter(difference.split(":", 1)[0] for difference in differences)
    print(f"differences by kind: {dict(kinds)}")
    print(f"compared: {compared}")
    print(
        f"provider-ledger-test: deliveries={tally['letters']} tries={tally['tries']} kills={worker.kills} "
        f"differences={len(differences)}"
    )
    is_whole = tally["letters"] >= wish.deliveries and worker.kills == wish.kills and all(compared.values())
    sys.exit(0 if is_whole and not differences else 1)


async def _connect(place: Place, simulator: Simulator) -> None:
    problems = await connect_restaurants(place.installation, simulator.url, place.base_url, slugs=["bench"])
    if problems:
        raise SystemExit(f"provider-ledger-test: not connected: {problems}")
    await Providers(simulator.url).change("wolt-drive", courier_seconds=1)
    with psycopg.connect(place.installation.owner_url) as connection:
        connection.execute("update public.restaurants set delivery_fee = 3900")
        connection.execute(
            'update public.integration_configs set config = config || \'{"sends_by_itself": "yes"}\' '
            "where integration_name = 'wolt-drive'"
        )


async def _live(
    place: Place, simulator: Simulator, worker: Worker, deliveries: int, kills: int
) -> tuple[dict[str, int], dict[str, int]]:
    """Life goes on until the providers have written so many webhooks; then everything settles.

    Answers the tally of the webhooks, and what never came to its end.
    """
    providers = Providers(simulator.url)
    await providers.turn(_KNOBS)
    worker.start()
    async with Life(place, providers) as life:
        killing = asyncio.create_task(_kill(worker, life, deliveries, kills))
        living = asyncio.create_task(life.go_on())
        while (tally := await providers.post())["letters"] < deliveries:
            if living.done():
                living.result()
            print(f"{tally['letters']} webhooks written, {tally.get('delivered', 0)} delivered", flush=True)
            await asyncio.sleep(5)
        life.end()
        left = await _settle(providers, life)
        life.close()
        await living
        killing.cancel()
    return await providers.post(), left


async def _kill(worker: Worker, life: Life, deliveries: int, kills: int) -> None:
    """Kills the worker at even steps of its own way, so that each finds it at work."""
    for number in range(kills):
        while await life.applied() < _SHARE_APPLIED * deliveries * (number + 1) / (kills + 1):  # noqa: ASYNC110
            await asyncio.sleep(0.2)
        await asyncio.to_thread(worker.kill)


async def _settle(providers: Providers, life: Life) -> dict[str, int]:
    """Waits until no webhook is under way and FLOW has nothing left to do; gives up when nothing moves any more.

    Answers what was left then.
    """
    now: dict[str, int] = {}
    before, moved_at = now, time.monotonic()
    while time.monotonic() - moved_at < _STILL_SECONDS:
        now = {"under_way": (await providers.post())["under_way"], **await life.waiting()}
        print(f"settling: {now}", flush=True)
        if not any(now.values()) and await life.is_quiet():
            return now
        if now != before:
            before, moved_at = now, time.monotonic()
        await asyncio.sleep(3)
    return now


if __name__ == "__main__":
    main()
