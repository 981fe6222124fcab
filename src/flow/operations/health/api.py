"""Two questions for whoever watches the process: restart it? send it requests?"""

from __future__ import annotations

import asyncio
import time
from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from flow.database.queries import load_queries
from flow.database.transaction import Transaction
from flow.errors import Unavailable
from flow.web.services import services

queries = load_queries(__package__)
_PATIENCE_SECONDS = 2.0  # whoever asks has patience for some seconds only
router = APIRouter(prefix="/api/health", tags=["Health"])


class Alive(BaseModel):
    """The process answers."""

    status: Literal["alive"] = "alive"


class Ready(BaseModel):
    """The process can serve."""

    status: Literal["ready"] = "ready"
    database_ms: Annotated[float, Field(description="How long the database took to answer.")]


@router.get("/live")
async def live() -> Alive:
    """The process lives; it looks at nothing else, so a database that is away does not get it restarted."""
    return Alive()


@router.get("/ready")
async def ready(request: Request, response: Response) -> Ready:
    """The database answers, so requests can be served; 503 otherwise."""
    began = time.perf_counter()
    try:
        async with (
            asyncio.timeout(_PATIENCE_SECONDS),
            services(request).database.as_service(timeout_ms=1_000) as transaction,
        ):
            await _ask(transaction)
    except TimeoutError:
        raise Unavailable("The database does not answer.", retry_after_seconds=2) from None
    response.headers["cache-control"] = "no-store"
    return Ready(database_ms=round((time.perf_counter() - began) * 1000, 1))


async def _ask(transaction: Transaction) -> None:
    if await transaction.value(queries.answer) != 1:
        raise Unavailable
