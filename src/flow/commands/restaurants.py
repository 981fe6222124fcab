"""`flow restaurant`: add a restaurant of your own."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from flow.kit.clock import SystemClock
from flow.kit.money import Currency

app = typer.Typer(help="Add restaurants.", no_args_is_help=True)


@app.callback()
def restaurants() -> None:
    """Keeps `add` a command of its own, though it is the only one."""


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="As guests know it.")],
    slug: Annotated[str, typer.Option(help="Its name in addresses, such as napoli.")],
    country: Annotated[str, typer.Option(help="Two letters.")] = "DK",
    currency: Annotated[Currency, typer.Option(help="What its prices are in.")] = "DKK",
    time_zone: Annotated[str, typer.Option(help="Decides when its days begin.")] = "Europe/Copenhagen",
    language: Annotated[str, typer.Option(help="da, sv or en.")] = "da",
) -> None:
    """Add a restaurant, with a site key for its pages.

    Example: flow restaurant add "Pizzeria Roma" --slug roma
    """
    key = asyncio.run(_add(name, slug, country=country, currency=currency, time_zone=time_zone, language=language))
    typer.echo(f"{name} is there. Its site key: {key}")
    typer.echo(f"Next: flow user add you@example.com --restaurant {slug}")


async def _add(name: str, slug: str, *, country: str, currency: Currency, time_zone: str, language: str) -> str:
    from flow.business.restaurants.founding import found
    from flow.business.restaurants.types import NewRestaurant
    from flow.commands.opening import open_database

    new = NewRestaurant(
        name=name, slug=slug, country_code=country, currency=currency, time_zone=time_zone, language=language
    )
    async with open_database() as database, database.as_service() as transaction:
        return (await found(transaction, new, at=SystemClock().now())).site_key
