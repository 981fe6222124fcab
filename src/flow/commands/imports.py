"""`flow import`: orders out of files, what was imported before, and undoing it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from flow.commands.progress import ProgressLine
from flow.kit.clock import SystemClock

if TYPE_CHECKING:
    from flow.collect.imports.service import Wish
    from flow.collect.imports.types import Import, Outcome, Progress
    from flow.database.pool import Database

app = typer.Typer(help="Import orders out of the files that another system exports.", no_args_is_help=True)


@app.command()
def orders(
    files: Annotated[list[Path], typer.Argument(help="CSV, XLSX or Parquet files.")],
    restaurant: Annotated[str, typer.Option(help="The restaurant's slug.")],
    mapping: Annotated[str, typer.Option(help="A mapping file, or the name of one that comes with FLOW.")],
    strict: Annotated[bool, typer.Option("--strict", help="Import nothing if any row cannot be taken.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and check everything, write nothing.")] = False,
) -> None:
    """Import orders. Those that are there already are left alone; rows that cannot be taken are told and left out.

    Example: flow import orders pizza_place/*.csv --restaurant napoli --mapping pizza_place
    """
    from flow.collect.imports.service import Wish

    wish = Wish(paths=files, restaurant_slug=restaurant, mapping_name=mapping, strict=strict, dry_run=dry_run)
    asyncio.run(_import(wish))


@app.command("list")
def list_(restaurant: Annotated[str | None, typer.Option(help="Only of this restaurant, by its slug.")] = None) -> None:
    """List the imports, the newest first.

    Example: flow import list --restaurant napoli
    """
    asyncio.run(_list(restaurant))


@app.command()
def errors(import_id: Annotated[UUID, typer.Argument(help="As flow import list tells it.")]) -> None:
    """List the rows that an import could not take: file, line, reason and content, between tabs.

    Example: flow import errors 01a2007c-8d1d-745a-9930-864e7ee0432c
    """
    asyncio.run(_errors(import_id))


@app.command()
def undo(import_id: Annotated[UUID, typer.Argument(help="As flow import list tells it.")]) -> None:
    """Remove the orders that an import has made, and retire the products it had added.

    Example: flow import undo 01a2007c-8d1d-745a-9930-864e7ee0432c
    """
    asyncio.run(_undo(import_id))


async def _import(wish: Wish) -> None:
    from flow.collect.imports.errors import BadRows
    from flow.collect.imports.service import import_orders
    from flow.commands.opening import open_database

    async with open_database() as database:
        try:
            outcome = await import_orders(database, wish, clock=SystemClock(), report=_reporter())
        except BadRows as refused:
            _tell_bad_rows(refused.outcome)
            raise
        _tell(outcome)
        if outcome.written is not None and outcome.written.orders_created:
            await _roll_up(database)


async def _undo(import_id: UUID) -> None:
    from flow.collect.imports.service import undo_import
    from flow.commands.opening import open_database

    async with open_database() as database:
        removed = await undo_import(database, import_id, clock=SystemClock(), report=_reporter())
        typer.echo(f"Removed {removed:,} orders.")
        await _roll_up(database)


async def _list(slug: str | None) -> None:
    from flow.business.restaurants.store import find_restaurant_by_slug
    from flow.collect.imports.store import list_imports
    from flow.commands.opening import open_database

    async with open_database() as database, database.as_service() as transaction:
        restaurant = await find_restaurant_by_slug(transaction, slug) if slug else None
        found = await list_imports(transaction, restaurant.id if restaurant else None)
    for each in found:
        typer.echo(_row(each))
    if not found:
        typer.echo("Nothing has been imported yet. See flow import orders --help")


async def _errors(import_id: UUID) -> None:
    from flow.collect.imports.errors import ImportNotFound
    from flow.collect.imports.store import bad_rows_of, find_import
    from flow.commands.opening import open_database

    async with open_database() as database, database.as_service() as transaction:
        found = await find_import(transaction, import_id)
        if found is None:
            raise ImportNotFound
        async for row in bad_rows_of(transaction, found):
            typer.echo(f"{row.file}\t{row.line}\t{row.reason}\t{row.raw}")


async def _roll_up(database: Database) -> None:
    """The worker would do it within a minute; who imports wants to see it now."""
    from flow.analytics.rollups.service import recompute_stale

    made = await recompute_stale(database, clock=SystemClock())
    typer.echo(f"Rolled up {made.days:,} business days: the dashboard shows them.")


def _reporter() -> Callable[[Progress], None]:
    line = ProgressLine()
    return lambda at: line.show(at.step, at.fraction, at.rows)


def _tell(outcome: Outcome) -> None:
    _tell_bad_rows(outcome)
    done = outcome.written
    if done is None:
        typer.echo(f"{outcome.orders:,} orders could be imported. Nothing was written.")
        return
    days = f" of {done.first_day} to {done.last_day}" if done.first_day else ""
    typer.echo(f"Imported {done.orders_created:,} orders{days}; {done.orders_known:,} were there already.")
    if outcome.rows_rejected:
        typer.echo(f"All rows that were left out: flow import errors {done.id}")
    if done.orders_created:
        typer.echo(f"To undo it: flow import undo {done.id}")


def _tell_bad_rows(outcome: Outcome) -> None:
    if not outcome.rows_rejected:
        return
    typer.secho(
        f"{outcome.rows_rejected:,} of {outcome.rows_read:,} rows could not be taken:", fg=typer.colors.YELLOW, err=True
    )
    for row in outcome.bad_rows:
        typer.echo(f"  {row.file} line {row.line}: {row.reason}", err=True)
    if further := outcome.rows_rejected - len(outcome.bad_rows):
        typer.echo(f"  … and {further:,} more", err=True)


def _row(found: Import) -> str:
    days = f"{found.first_day} to {found.last_day}" if found.first_day else "no days"
    what = f"{found.restaurant_slug}  {found.mapping_name}  {found.status}"
    return (
        f"{found.id}  {found.started_at:%Y-%m-%d %H:%M}  {what}  {found.orders_created:,} new, "
        f"{found.orders_known:,} known, {found.rows_rejected:,} rows left out, {days}"
    )
