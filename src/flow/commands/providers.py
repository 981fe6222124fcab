"""`flow providers`: the systems that FLOW speaks with, simulated."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flow.kit.loading import loading

app = typer.Typer(help="The systems that FLOW speaks with.", no_args_is_help=True)


@app.callback()
def providers() -> None:
    """Keeps `simulate` a command of its own, though it is the only one."""


@app.command()
def simulate(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on this machine.")] = 8020,
    keep: Annotated[Path | None, typer.Option(help="File for what the providers remember; none forgets it.")] = None,
) -> None:
    """Simulate Stripe, MobilePay, InMobile, Meta, Wolt, Wolt Drive and e-conomic; Ctrl-C stops them.

    Example: flow providers simulate --port 8020
    """
    with loading():
        from flow.demo.providers.serving import serve_simulator

    serve_simulator(port, file=keep)
