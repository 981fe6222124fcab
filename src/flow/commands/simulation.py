"""`flow simulate`: the simulated restaurants without the rest of the demonstration, and life in them."""

from __future__ import annotations

from typing import Annotated

import typer

from flow.settings import Settings

app = typer.Typer(help="Simulated restaurants.", no_args_is_help=True)


@app.command()
def year(
    size: Annotated[float, typer.Option(min=0.001, max=20, help="Multiplies guests and visitors.")] = 1.0,
) -> None:
    """Make a year of four simulated restaurants, unless they are there; flow demo does this too.

    Example: flow simulate year --size 0.1
    """
    from flow.database.installation import installation
    from flow.demo.simulation import is_simulated, simulate
    from flow.jobs.schema import install_queue

    settings = Settings()
    place = installation(settings)
    with place.running():
        place.prepare(flavour=settings.database_flavour)
        install_queue(place.owner_url)
        if is_simulated(place):
            typer.echo("The simulated restaurants are there already.")
        else:
            simulate(place, size=size, progress=typer.echo)
