"""`flow retention`: what has had its time, and letting it go."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Annotated

import typer

from flow.kit.clock import SystemClock


def retention(
    dry_run: Annotated[bool, typer.Option(help="Only say what would go.")] = False,
) -> None:
    """Let go what has had its time, as the worker does every night.

    Example: flow retention --dry-run
    """
    lines = asyncio.run(_foretell() if dry_run else _carry_out())
    for line in lines:
        typer.echo(line)
    if not lines:
        typer.echo("Nothing has had its time." if dry_run else "Nothing had had its time.")


async def _foretell() -> list[str]:
    from flow.commands.opening import open_database
    from flow.privacy.retention.service import preview

    async with open_database() as database, database.as_service(timeout_ms=600_000) as transaction:
        found = await preview(transaction, secrets=_secrets(), now=SystemClock().now())
    rows: dict[str, int] = defaultdict(int)
    months: dict[str, list[str]] = defaultdict(list)
    for due in found:
        rows[due.table] += due.rows
        months[due.table] += due.months
    return [
        f"{table}: {count:,} rows" + (f" in {', '.join(months[table])}" if months[table] else "")
        for table, count in rows.items()
    ]


async def _carry_out() -> list[str]:
    from flow.commands.opening import open_database
    from flow.privacy.catalogue import Category
    from flow.privacy.retention.service import carry_out

    lines: list[str] = []
    async with open_database() as database:
        for category in Category:
            run = await carry_out(database, category, secrets=_secrets(), clock=SystemClock())
            lines += [f"{table}: {rows:,} rows" for table, rows in run.rows.items()]
            lines += [f"{part} waits for the next night" for part in run.waiting]
    return lines


def _secrets() -> list[bytes]:
    from flow.database.installation import installation
    from flow.settings import Settings

    place = installation(Settings())
    return [place.secret, *place.old_secrets]
