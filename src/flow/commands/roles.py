"""`flow who-sees`: who can see a row, and why."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from flow.access.roles.sight.types import Reason, Seen, Sight


def who_sees(
    table: Annotated[str, typer.Argument(help="The table, e.g. orders.")],
    row: Annotated[str, typer.Argument(help="Its id, or its key as column=value,column=value.")],
    restaurant: Annotated[
        str | None, typer.Option(help="The restaurant's slug, where an id alone fits several.")
    ] = None,
) -> None:
    """Say who can see a row and why; each is confirmed by asking the database as that person.

    Example: flow who-sees orders 01930000-0000-7000-8000-000000000000
    """
    found, sights = asyncio.run(_ask(table, row, restaurant))
    place = f" of restaurant {found.restaurant_id}" if found.restaurant_id else ""
    typer.echo(f"{table} {', '.join(f'{column}={value}' for column, value in found.key.items())}{place}")
    for sight in sights:
        typer.echo(f"  {sight.email}{f' ({sight.name})' if sight.name else ''}")
        for reason in sight.reasons:
            typer.echo(f"    {_why(reason)}")
    typer.echo(f"{len(sights)} people see it, beside FLOW's own jobs and whoever runs the database.")


async def _ask(table: str, row: str, slug: str | None) -> tuple[Seen, list[Sight]]:
    from flow.access.roles.sight.service import who_sees as ask
    from flow.business.restaurants.store import find_restaurant_by_slug
    from flow.commands.opening import open_database

    async with open_database() as database:
        restaurant = None
        if slug is not None:
            async with database.as_service() as transaction:
                restaurant = (await find_restaurant_by_slug(transaction, slug)).id
        return await ask(database, table, row, restaurant=restaurant)


def _why(reason: Reason) -> str:
    role = reason.role.replace("_", " ") or "whom it is about"
    where = " on the platform" if reason.on_platform else ""
    since = f" since {reason.since:%Y-%m-%d}" if reason.since else ""
    door = f", door open until {reason.door_until:%Y-%m-%d %H:%M} UTC" if reason.door_until else ""
    by = f" by {reason.permission}" if reason.permission else ""
    return f"{role}{where}{since}{door}: rows `{reason.rule}`{by}, policy “{reason.policy}”"
