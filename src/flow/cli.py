"""`flow`, the one program: each command reads the settings, does its work, and says in words what it did."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from flow.commands import audit, imports, keys, privacy, providers, restaurants, retention, roles, simulation, users
from flow.errors import FlowError
from flow.kit.loading import loading
from flow.settings import Settings

app = typer.Typer(
    name="flow",
    help="FLOW: a customer-data platform for restaurants on one PostgreSQL.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(simulation.app, name="simulate")
app.add_typer(imports.app, name="import")
app.add_typer(restaurants.app, name="restaurant")
app.add_typer(users.app, name="user")
app.add_typer(keys.app, name="keys")
app.add_typer(audit.app, name="audit")
app.add_typer(privacy.app, name="privacy")
app.add_typer(providers.app, name="providers")

app.command()(retention.retention)


def main() -> None:
    """Entry point: an expected failure is one line on stderr and status 1."""
    try:
        app()
    except FlowError as error:
        typer.secho(f"flow: {error.message}", err=True, fg=typer.colors.RED)
        sys.exit(1)


@app.command()
def demo(
    orders: Annotated[float, typer.Option(help="Size of the simulation; 1 is a year of four restaurants.")] = 1.0,
) -> None:
    """Start everything with simulated restaurants, and print where and how to log in.

    Example: flow demo
    """
    from flow.demo.run import run_demo

    run_demo(Settings(), size=orders)


@app.command()
def serve() -> None:
    """Serve pages and API (the web process).

    Example: FLOW_PORT=8080 flow serve
    """
    with loading():
        from flow.database.installation import installation
        from flow.server import serve as serve_web

    settings = Settings()
    with installation(settings).running():
        serve_web(settings)


@app.command()
def work(
    once: Annotated[bool, typer.Option(help="Do what is due, then end.")] = False,
) -> None:
    """Run background jobs and the timetable (the worker process).

    Example: flow work
    """
    with loading():
        import uvloop

        from flow.app import all_jobs, all_loops
        from flow.database.installation import installation
        from flow.jobs.worker import run_worker
        from flow.kit.clock import SystemClock

    settings = Settings()
    with installation(settings).running():
        uvloop.run(run_worker(settings, all_jobs(), clock=SystemClock(), wait=not once, loops=all_loops()))


@app.command()
def bootstrap() -> None:
    """Prepare a database: roles, schema auth, log-ins. On Supabase this only checks.

    Example: DATABASE_URL=postgresql://postgres@localhost/flow flow bootstrap
    """
    from flow.database.bootstrap import bootstrap as prepare
    from flow.database.installation import installation

    settings = Settings()
    place = installation(settings)
    with place.running():
        found = prepare(place.admin_url, place.secret, flavour=settings.database_flavour)
    typer.echo(f"The database is ready for FLOW ({found}). Next: flow migrate")


@app.command()
def migrate() -> None:
    """Bootstrap if need be, apply the missing migrations, and install the job queue.

    Example: flow migrate
    """
    from flow.database.installation import installation
    from flow.jobs.schema import install_queue

    settings = Settings()
    place = installation(settings)
    with place.running():
        applied = place.prepare(install_queue, flavour=settings.database_flavour)
    for migration in applied:
        typer.echo(f"applied {migration.version}_{migration.name}")
    typer.echo("The database is up to date.")


@app.command()
def schema() -> None:
    """Print the schema that the migrations make, for supabase/schema.sql.

    Example: flow schema > supabase/schema.sql
    """
    from flow.database.snapshot import schema_snapshot

    typer.echo(schema_snapshot(), nl=False)


@app.command()
def reference(folder: Annotated[Path, typer.Argument(help="Where the pages go.")] = Path("docs/reference")) -> None:
    """Write the reference pages (settings, metrics, events) from the code.

    Example: flow reference docs/reference
    """
    from flow.reference import reference_pages

    folder.mkdir(parents=True, exist_ok=True)
    for name, text in reference_pages().items():
        (folder / name).write_text(text, encoding="utf-8")
        typer.echo(f"wrote {folder / name}")


app.command("who-sees")(roles.who_sees)


@app.command()
def doctor() -> None:
    """Check database, roles, migrations, clock, disk, worker and mail, and say how to mend what is wrong.

    Example: flow doctor
    """
    from flow.operations.doctor import examine

    findings = examine(Settings())
    for finding in findings:
        mark, colour = ("ok  ", typer.colors.GREEN) if finding.ok else ("FAIL", typer.colors.RED)
        typer.secho(f"{mark} {finding.subject}: {finding.says}", fg=colour)
        if finding.mend:
            typer.echo(f"     → {finding.mend}")
    raise typer.Exit(code=0 if all(finding.ok for finding in findings) else 1)
