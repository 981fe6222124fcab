"""The web process: FLOW's application on its address, until it is told to stop."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from flow.app import Application, create_app
from flow.settings import Settings
from flow.web.logs import write_log
from flow.web.serving.running import run

__all__ = ["serve"]


def serve(settings: Settings, *, make: Callable[[Settings], Application] = create_app) -> NoReturn:
    """Serves on `settings.host` and `settings.port` what `make` makes; see run()."""
    write_log(settings.log_level)
    app = make(settings)
    run(
        app,
        host=settings.host,
        port=settings.port,
        greeting=f"FLOW serves {settings.base_url} (Ctrl-C stops it)",
        before_stopping=app.streams.end,
    )
