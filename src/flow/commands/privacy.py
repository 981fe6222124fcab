"""`flow privacy`: a person's rights at the command line, for operators; the same acts as on the page of requests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast
from uuid import UUID

import typer

from flow.errors import InvalidInput

if TYPE_CHECKING:
    from flow.privacy.rights.erasing import DryRun
    from flow.privacy.rights.means import Means
    from flow.privacy.rights.types import IdentityMethod, Kind, Person

app = typer.Typer(
    help="A person's rights: a copy of their data, erasure, restriction; and a restaurant that leaves.",
    no_args_is_help=True,
)

Contact = Annotated[str | None, typer.Argument(help="A phone number or an e-mail address.")]
Restaurant = Annotated[
    str | None, typer.Option(help="The restaurant's slug; without it, all that FLOW itself knows of a user.")
]
User = Annotated[str | None, typer.Option(help="The id of an account, instead of a contact.")]
Checked = Annotated[
    str | None,
    typer.Option(
        "--identity-checked",
        help="How it was checked who asks: code_to_contact, document, in_person, known_order, logged_in or other.",
    ),
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Count what it would be about; write nothing.")]


@app.command()
def export(
    contact: Contact = None,
    restaurant: Restaurant = None,
    user: User = None,
    to: Annotated[Path, typer.Option(help="The file to write.")] = Path("export.zip"),
    portable: Annotated[bool, typer.Option("--portable", help="Only what the person provided (Art. 20).")] = False,
    identity_checked: Checked = None,
    dry_run: DryRunOption = False,
) -> None:
    """Write everything that is kept about a person into one ZIP.

    Example: flow privacy export 20123456 --restaurant napoli --identity-checked in_person --to anna.zip
    """
    kind: Kind = "portability" if portable else "access"
    asyncio.run(_act(kind, contact, restaurant, user, checked=identity_checked, dry_run=dry_run, to=to))


@app.command()
def erase(
    contact: Contact = None,
    restaurant: Restaurant = None,
    user: User = None,
    identity_checked: Checked = None,
    dry_run: DryRunOption = False,
) -> None:
    """Erase a person from every table and file; the books stay, without them. May be stopped and run again.

    Example: flow privacy erase anna@example.com --restaurant napoli --dry-run
    """
    asyncio.run(_act("erasure", contact, restaurant, user, checked=identity_checked, dry_run=dry_run))


@app.command()
def restrict(
    contact: Contact = None,
    restaurant: Restaurant = None,
    user: User = None,
    objection: Annotated[bool, typer.Option("--objection", help="Only marketing and profiling end (Art. 21).")] = False,
    identity_checked: Checked = None,
    dry_run: DryRunOption = False,
) -> None:
    """Leave a person's data alone: stored, not used (Art. 18).

    Example: flow privacy restrict 20123456 --restaurant napoli --identity-checked known_order
    """
    kind: Kind = "objection" if objection else "restriction"
    asyncio.run(_act(kind, contact, restaurant, user, checked=identity_checked, dry_run=dry_run))


@app.command()
def resume() -> None:
    """Go on with every approved request that was interrupted; the worker does the same by itself.

    Example: flow privacy resume
    """
    asyncio.run(_resume())


@app.command()
def reapply(dry_run: DryRunOption = False) -> None:
    """Erase again whoever has come back from before their erasure. Run it after restoring a backup.

    Example: flow privacy reapply --dry-run
    """
    asyncio.run(_reapply(dry_run=dry_run))


@app.command()
def offboard(
    restaurant: Annotated[str, typer.Argument(help="The restaurant's slug.")],
    name: Annotated[str, typer.Option(prompt="The restaurant's name, to be sure", help="Asked for.")],
    now: Annotated[bool, typer.Option("--now", help="Without the 30 days in which it may still stay.")] = False,
) -> None:
    """Let a restaurant leave: export at once; after 30 days its books are kept without persons, all else is deleted.

    Example: flow privacy offboard napoli --name "Pizzeria Napoli"
    """
    asyncio.run(_offboard(restaurant, name, at_once=now))


@asynccontextmanager
async def _means() -> AsyncIterator[Means]:
    from flow.commands.opening import open_database
    from flow.database.installation import installation
    from flow.kit.clock import SystemClock
    from flow.privacy.rights.means import Means
    from flow.settings import Settings

    settings = Settings()
    async with open_database() as database:
        yield Means.of(settings, installation(settings), database, SystemClock())


async def _act(
    kind: Kind,
    contact: str | None,
    restaurant: str | None,
    user: str | None,
    *,
    checked: str | None,
    dry_run: bool,
    to: Path | None = None,
) -> None:
    from flow.privacy.rights import service
    from flow.privacy.rights.erasing import dry_run as count
    from flow.privacy.rights.types import Actor

    async with _means() as means:
        person = await _person(means, contact, restaurant, user)
        if dry_run:
            _tell_dry_run(await count(means, person))
            return
        method = _method(checked)
        async with means.database.as_service() as transaction:
            request_id = await service.receive(means, transaction, person, kind=kind, actor=Actor())
            await service.check_identity(means, transaction, request_id, method=method, actor=Actor())
            await service.approve(means, transaction, request_id, actor=Actor())
        typer.echo(f"Request {request_id}. If this is interrupted: flow privacy resume")
        await service.carry_out(means, request_id)
        await _tell(means, request_id, to)


async def _resume() -> None:
    from flow.privacy.rights import service, store

    async with _means() as means:
        async with means.database.as_service() as transaction:
            running = await store.list_running(transaction)
        for request_id in running:
            await service.carry_out(means, request_id)
            await _tell(means, request_id, None)
        if not running:
            typer.echo("Nothing was interrupted.")


async def _reapply(*, dry_run: bool) -> None:
    from flow.privacy.rights.tombstones import reapply as erase_again

    async with _means() as means:
        done = await erase_again(means, dry_run=dry_run)
    would = "would be erased" if dry_run else "were erased"
    for table, rows in sorted(done.tables.items()):
        typer.echo(f"{table:<28} {rows:>8,} rows")
    typer.echo(f"{done.persons:,} persons had come back; {sum(done.tables.values()):,} rows {would} again.")


async def _offboard(slug: str, name: str, *, at_once: bool) -> None:
    from flow.business.restaurants.store import find_restaurant_by_slug
    from flow.privacy.rights.offboarding import carry_on
    from flow.privacy.rights.offboarding import offboard as begin
    from flow.privacy.rights.types import Actor

    async with _means() as means:
        async with means.database.as_service() as transaction:
            found = await find_restaurant_by_slug(transaction, slug)
            # Whoever may run commands on this machine holds the installation's secret: more than a second factor.
            request_id = await begin(
                means,
                transaction,
                found.id,
                typed_name=name,
                has_second_factor=True,
                at_once=at_once,
                actor=Actor(),
            )
        await carry_on(means, request_id)
        await _tell(means, request_id, None)


async def _person(means: Means, contact: str | None, slug: str | None, user: str | None) -> Person:
    from flow.business.restaurants.store import find_restaurant_by_slug
    from flow.privacy.rights.persons import person_from

    if slug is None and user is None:
        raise InvalidInput("Name a restaurant with --restaurant, or an account with --user.")
    restaurant = None
    if slug is not None:
        async with means.database.as_service() as transaction:
            restaurant = await find_restaurant_by_slug(transaction, slug)
    return person_from(
        restaurant_id=restaurant.id if restaurant else None,
        country=restaurant.country_code if restaurant else "DK",
        contact=contact,
        user_id=UUID(user) if user else None,
    )


def _method(checked: str | None) -> IdentityMethod:
    from flow.privacy.rights.types import IDENTITY_METHODS

    if checked not in IDENTITY_METHODS:
        raise InvalidInput(f"Say how identity was checked with --identity-checked: {', '.join(IDENTITY_METHODS)}.")
    return cast("Literal['other']", checked)


def _tell_dry_run(found: DryRun) -> None:
    for (table, rule), rows in found.rows.items():
        typer.echo(f"{table:<28} {rule:<8} {rows:>8,} rows")
    for column, reason in found.kept.items():
        typer.echo(f"kept: {column}: {reason}")
    if found.mails:
        typer.echo(f"{found.mails} mails in the outbox")
    if found.has_namesake:
        typer.echo("Somebody else goes by the same name: free text is searched for the contacts only.")
    typer.echo(f"{found.total:,} rows. Nothing was written.")


async def _tell(means: Means, request_id: UUID, to: Path | None) -> None:
    from flow.privacy.rights import store
    from flow.privacy.rights.certificate import steps_of

    async with means.database.as_service() as transaction:
        request = await store.find_request(transaction, request_id)
    for step in steps_of(request):
        did = f"{step['changed']:>8,} changed {step['deleted']:>8,} deleted"
        typer.echo(f"{step['table']:<28} {step['rule']:<10} {step['found']:>8,} found {did}")
    typer.echo(f"{request.kind} {request_id}: {request.status}")
    if request.file_name:
        path = means.exports / request.file_name
        if to is not None:
            path = path.rename(to)
        typer.echo(f"The file: {path}")
