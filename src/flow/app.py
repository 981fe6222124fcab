"""Wires the house together: settings in, an ASGI application out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from flow.kit.clock import Clock, SystemClock
from flow.settings import Settings
from flow.web.errors import install_error_handlers


def create_app(settings: Settings, *, clock: Clock | None = None) -> FastAPI:
    """The web application; it opens its database pools when the server starts it."""
    clock = clock or SystemClock()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield

    app = FastAPI(title="FLOW", lifespan=lifespan)
    install_error_handlers(app)
    return app


def create_app_from_environment() -> FastAPI:
    """What the web server imports: the application with settings from the environment."""
    return create_app(Settings())
