"""One attempt: the request that Standard Webhooks asks for, and what came of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from flow.delivery.webhooks.bodies import message_id
from flow.delivery.webhooks.signing import signatures
from flow.delivery.webhooks.types import Answer, Claimed
from flow.kit.clock import Clock
from flow.web.outbound import ForbiddenAddress
from flow.web.posting import NoAnswer, Poster, Reply

__all__ = ["ATTEMPT_SECONDS", "attempt"]

ATTEMPT_SECONDS: Final = 15.0
_KEPT_CHARACTERS: Final = 500
_USER_AGENT: Final = "FLOW-Webhooks/1"


async def attempt(poster: Poster, claimed: Claimed, keys: list[str], *, clock: Clock) -> Answer:
    """Sends a delivery once. It never raises for what the other side does; 15 seconds are all that it takes."""
    at, began = clock.now(), time.perf_counter()
    reply: Reply | None = None
    error: str | None = None
    try:
        async with asyncio.timeout(ATTEMPT_SECONDS):
            reply = await poster.post(claimed.url, claimed.body.encode(), headers=_headers(claimed, keys, at))
    except ForbiddenAddress:
        error = "the address is not on the public internet"
    except TimeoutError:
        error = f"no answer within {ATTEMPT_SECONDS:.0f} s"
    except (NoAnswer, ValueError) as problem:
        error = f"no connection ({problem if isinstance(problem, NoAnswer) else type(problem).__name__})"
    if reply is not None and 300 <= reply.status < 400:
        error = "redirects are not followed"
    return Answer(
        at=at,
        duration_ms=round((time.perf_counter() - began) * 1000),
        status_code=reply.status if reply else None,
        error=error,
        text=_text(reply.body) if reply else None,
        retry_after=_retry_after(reply.headers, at) if reply else 0.0,
    )


def _headers(claimed: Claimed, keys: list[str], at: datetime) -> dict[str, str]:
    identifier, seconds = message_id(claimed.event_id), int(at.timestamp())
    return {
        "content-type": "application/json",
        "user-agent": _USER_AGENT,
        "webhook-id": identifier,
        "webhook-timestamp": str(seconds),
        "webhook-signature": signatures(keys, identifier, seconds, claimed.body.encode()),
    }


def _text(body: bytes) -> str:
    return body.decode(errors="replace").replace("\x00", "")[:_KEPT_CHARACTERS]


def _retry_after(headers: Mapping[str, str], now: datetime) -> float:
    """Seconds that the receiver asks for (RFC 9110, 10.2.3), as a number or as a date; 0 when it does not."""
    wish = headers.get("retry-after", "").strip()
    if wish.isascii() and wish.isdigit():
        return float(wish[:9])
    try:
        then = parsedate_to_datetime(wish)
    except ValueError:
        return 0.0
    return max(0.0, (then.replace(tzinfo=then.tzinfo or UTC) - now).total_seconds())
