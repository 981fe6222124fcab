"""`flow user`: people who may log in, and what they may do where."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer

from flow.access.types import PlatformRole, RestaurantRole
from flow.kit.clock import SystemClock

app = typer.Typer(help="People who may log in.", no_args_is_help=True)


@app.command()
def add(
    email: Annotated[str, typer.Argument(help="The address to log in with.")],
    password: Annotated[
        str,
        typer.Option(
            prompt=True, hide_input=True, confirmation_prompt=True, envvar="FLOW_USER_PASSWORD", help="Asked for."
        ),
    ],
    restaurant: Annotated[list[str] | None, typer.Option(help="A restaurant's slug; may be given again.")] = None,
    role: Annotated[RestaurantRole, typer.Option(help="The role in those restaurants.")] = "admin",
    platform_role: Annotated[PlatformRole | None, typer.Option(help="A role on the whole platform.")] = None,
    name: Annotated[str, typer.Option(help="What people call them.")] = "",
) -> None:
    """Add somebody who may log in; a restaurant and a role say what they may see there.

    Example: flow user add owner@napoli.dk --restaurant napoli --role admin
    """
    asyncio.run(_add(email, password, restaurant or [], role=role, platform_role=platform_role, name=name))
    typer.echo(f"{email} can log in now.")


@app.command()
def forget_second_factor(email: Annotated[str, typer.Argument(help="The address they log in with.")]) -> None:
    """Turn the second factor of somebody off who lost phone and recovery codes. Be sure who asks; it is audited.

    Example: flow user forget-second-factor owner@napoli.dk
    """
    asyncio.run(_forget_second_factor(email))
    typer.echo(f"{email} logs in by password alone now, and is logged out everywhere.")


async def _forget_second_factor(email: str) -> None:
    from flow.access import store
    from flow.access.second_factor.service import remove
    from flow.commands.opening import open_database
    from flow.errors import NotFound

    now = SystemClock().now()
    async with open_database() as database, database.as_service() as transaction:
        credentials = await store.find_credentials(transaction, email.strip().lower())
        if credentials is None:
            raise NotFound("Nobody logs in with this address.")
        await remove(transaction, credentials.user_id, at=now, by=None)
        await store.end_sessions_of(transaction, credentials.user_id, now=now)


async def _add(
    email: str,
    password: str,
    slugs: Sequence[str],
    *,
    role: RestaurantRole,
    platform_role: PlatformRole | None,
    name: str,
) -> None:
    from flow.access.service import create_user, grant_membership, grant_platform_role
    from flow.business.restaurants.store import find_restaurant_by_slug
    from flow.commands.opening import open_database

    now = SystemClock().now()
    async with open_database() as database, database.as_service() as transaction:
        restaurants = [await find_restaurant_by_slug(transaction, slug) for slug in slugs]
        user = await create_user(transaction, email, password, at=now, name=name)
        for restaurant in restaurants:
            await grant_membership(transaction, user, restaurant.id, role=role, at=now)
        if platform_role is not None:
            await grant_platform_role(transaction, user, role=platform_role, at=now)
