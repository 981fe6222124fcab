"""What the audit log's chain costs: entries a second with it, without it, and with the head locked all along.

`make bench-audit`. Eight writers commit transactions of one entry and a little other work (3 ms), as people's acts do.
Then the whole log is checked. The last line is the figure: `bench-audit: …`.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import psycopg

from bench.place import Place, open_place
from flow.database.pool import Database
from flow.database.transaction import Transaction
from flow.privacy.audit.checkpoints import CheckpointKeys
from flow.privacy.audit.store import record
from flow.privacy.audit.verification import verify

_WRITERS = 8
_WORK_SECONDS = 0.003
_SECRET = b"a secret of the benchmark, of 32 bytes"

Begin = Callable[[Transaction], Awaitable[object]]


def main() -> None:
    """Runs the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=4_000, help="entries of each measurement")
    entries = parser.parse_args().entries
    with open_place() as place:
        asyncio.run(_measure(place, entries))


async def _measure(place: Place, entries: int) -> None:
    async with Database(
        api_url=place.installation.api_url, worker_url=place.installation.worker_url, worker_connections=_WRITERS
    ) as database:
        _switch(place, "disable")
        bare = await _rate(database, entries, _nothing)
        _switch(place, "enable")
        chained = await _rate(database, entries, _nothing)
        locked = await _rate(database, entries // 4, _chain_at_once)
        print(f"entries a second: {bare:.0f} bare, {chained:.0f} chained at commit, {locked:.0f} chained at once")
        began = time.perf_counter()
        async with database.as_service() as transaction:
            verdict = await verify(transaction, CheckpointKeys([_SECRET]), now=datetime.now(UTC))
        seconds = time.perf_counter() - began
    checked = verdict.entries / seconds
    print(
        f"bench-audit: chained/bare={chained / bare:.2f} at-once/bare={locked / bare:.2f} "
        f"chained_per_second={chained:.0f} checked_per_second={checked:.0f}"
    )


async def _rate(database: Database, entries: int, begin: Begin) -> float:
    async def writer() -> None:
        for _ in range(entries // _WRITERS):
            async with database.as_service() as transaction:
                await begin(transaction)
                await record(transaction, "bench", "An entry of the benchmark.", at=datetime.now(UTC))
                await asyncio.sleep(_WORK_SECONDS)

    began = time.perf_counter()
    await asyncio.gather(*(writer() for _ in range(_WRITERS)))
    return entries / (time.perf_counter() - began)


async def _nothing(_: Transaction) -> None: ...


async def _chain_at_once(transaction: Transaction) -> None:
    await transaction.connection.execute("set constraints all immediate")


def _switch(place: Place, what: str) -> None:
    with psycopg.connect(place.installation.owner_url, autocommit=True) as connection:
        connection.execute(f"alter table gdpr_audit_log {what} trigger gdpr_audit_log_chained".encode())


if __name__ == "__main__":
    main()
