"""`flow keys`: the installation's secret and what it seals."""

from __future__ import annotations

import asyncio

import typer

from flow.errors import FlowError

app = typer.Typer(help="Change the secret that seals and signs.", no_args_is_help=True)


class NotOpened(FlowError):
    """Some values were sealed with a secret that is not known."""

    code = "not_opened"


@app.callback()
def keys() -> None:
    """Keeps `rotate` a command of its own, though it is the only one."""


@app.command()
def rotate() -> None:
    """Seal anew, with FLOW_SECRET, what a secret in FLOW_OLD_SECRETS sealed. May be stopped and run again.

    Example: FLOW_OLD_SECRETS='["the former secret"]' flow keys rotate
    """
    unreadable = asyncio.run(_rotate())
    if unreadable:
        raise NotOpened(f"{unreadable} values open with no known secret; add theirs to FLOW_OLD_SECRETS and run again.")
    typer.echo("Everything is sealed with the present secret.")


async def _rotate() -> int:
    from flow.commands.opening import open_database
    from flow.database.installation import installation
    from flow.kit.clock import SystemClock
    from flow.privacy.audit.store import record
    from flow.privacy.keys.rotation import rotate as seal_anew
    from flow.settings import Settings

    counts = {}
    unreadable = 0
    async with open_database() as database:
        async for done in seal_anew(database, installation(Settings()).secret_box):
            typer.echo(
                f"{done.column}: {done.sealed} sealed anew" + f", {done.unreadable} unreadable" * bool(done.unreadable)
            )
            counts[done.column] = done.sealed
            unreadable += done.unreadable
        async with database.as_service() as transaction:
            told = "Sealed values were sealed anew with the present secret."
            facts = {**counts, "unreadable": unreadable}
            await record(transaction, "keys_rotated", told, at=SystemClock().now(), facts=facts)
    return unreadable
