"""`flow simulate`: the simulated restaurants without the rest of the demonstration, and life in them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from flow.settings import Settings

if TYPE_CHECKING:
    from flow.demo.live import Tally

app = typer.Typer()


@app.callback(invoke_without_command=True)
def simulate(
    context: typer.Context,
    size: Annotated[float, typer.Option(min=0.001, max=20, help="Multiplies guests and visitors.")] = 1.0,
) -> None:
    """Add four simulated restaurants with a year of data, unless they are there; flow demo does this too.

    Example: flow simulate --size 0.1
    """
    if context.invoked_subcommand is None:
        _simulate(size)


@app.command()
def live(
    per_minute: Annotated[float, typer.Option(min=0.1, max=600, help="Visits a minute, on average.")] = 20.0,
    visits: Annotated[int | None, typer.Option(min=1, help="End after so many; else go on until Ctrl-C.")] = None,
) -> None:
    """Send live guests to the running web process: they visit, order, and are cooked for.

    Example: flow simulate live --per-minute 20
    """
    try:
        asyncio.run(_live(per_minute, visits))
    except KeyboardInterrupt:
        typer.echo("\nThe guests have gone.")


def _simulate(size: float) -> None:
    from flow.database.installation import installation
    from flow.demo.simulation import is_simulated
    from flow.demo.simulation import simulate as live_a_year
    from flow.jobs.schema import install_queue

    settings = Settings()
    place = installation(settings)
    with place.running():
        place.prepare(install_queue, flavour=settings.database_flavour)
        if is_simulated(place):
            typer.echo("The simulated restaurants are there already.")
        else:
            live_a_year(place, size=size, progress=typer.echo)


async def _live(per_minute: float, visits: int | None) -> None:
    import httpx

    from flow.commands.opening import open_database
    from flow.demo.live import run_live

    address = Settings().base_url
    async with open_database() as database, httpx.AsyncClient(base_url=address, timeout=30) as http:
        typer.echo(f"Guests are coming to {address}; Ctrl-C sends them home.")
        await run_live(http, database, per_minute=per_minute, visits=visits, report=_tell)


def _tell(tally: Tally) -> None:
    failed = f", {tally.failed} failed" if tally.failed else ""
    typer.echo(f"\r{tally.visits} visits, {tally.orders} orders{failed}   ", nl=False)
