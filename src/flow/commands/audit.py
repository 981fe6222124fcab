"""`flow audit`: check the audit log, and ship it elsewhere."""

from __future__ import annotations

import asyncio
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from flow.kit.clock import SystemClock
from flow.privacy.audit.types import Verdict

app = typer.Typer(help="Check the audit log, and ship it elsewhere.", no_args_is_help=True)


@app.command()
def verify(
    against: Annotated[
        list[Path] | None, typer.Option(help="A file of flow audit export, kept elsewhere; may be given again.")
    ] = None,
) -> None:
    """Check every entry against the hash chain, and the chain against its signed checkpoints.

    Example: flow audit verify --against /mnt/elsewhere/audit.jsonl
    """
    verdict = asyncio.run(_verify(against or []))
    for finding in verdict.findings:
        place = f"link {finding.seq}: " if finding.seq is not None else ""
        entry = f" (entry {finding.entry_id})" if finding.entry_id else ""
        typer.secho(f"{finding.fault.upper()} {place}{finding.says}{entry}", fg=typer.colors.RED)
    whole = "the log is whole" if verdict.holds else f"{len(verdict.findings)} faults"
    typer.echo(f"{verdict.entries} entries and {verdict.checkpoints} checkpoints looked at: {whole}.")
    raise typer.Exit(0 if verdict.holds else 1)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="Where to; - is the terminal.")],
    after: Annotated[int, typer.Option(help="Leave out entries up to this link; they were exported before.")] = 0,
    checkpoints_only: Annotated[bool, typer.Option(help="Signed states alone: enough to notice a fraud.")] = False,
) -> None:
    """Write the log and its signed checkpoints as JSON Lines, to be kept on another machine.

    Example: flow audit export /mnt/elsewhere/audit.jsonl
    """
    lines = asyncio.run(_export(file, after=after, checkpoints_only=checkpoints_only))
    typer.echo(f"{lines} lines written.", err=True)


async def _verify(against: list[Path]) -> Verdict:
    from flow.commands.opening import open_database
    from flow.database.installation import installation
    from flow.privacy.audit.checkpoints import checkpoint_keys
    from flow.privacy.audit.export import read_checkpoints
    from flow.privacy.audit.verification import verify as check
    from flow.settings import Settings

    shipped = [mark for file in against for mark in read_checkpoints(file.read_text("utf-8").splitlines())]
    keys = checkpoint_keys(installation(Settings()))
    async with open_database() as database, database.as_service() as transaction:
        return await check(transaction, keys, now=SystemClock().now(), shipped=shipped)


async def _export(file: Path, *, after: int, checkpoints_only: bool) -> int:
    from flow.commands.opening import open_database
    from flow.database.installation import installation
    from flow.privacy.audit.checkpoints import checkpoint_keys
    from flow.privacy.audit.export import export as write_out
    from flow.settings import Settings

    keys = checkpoint_keys(installation(Settings()))
    count = 0
    with nullcontext(sys.stdout) if str(file) == "-" else file.open("w", encoding="utf-8") as output:
        async with open_database() as database, database.as_service() as transaction:
            now = SystemClock().now()
            async for line in write_out(transaction, keys, after=after, at=now, checkpoints_only=checkpoints_only):
                output.write(f"{line}\n")
                count += 1
    return count
