"""One attempt: the request that Standard Webhooks asks for, and what came of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import httpx

from flow.delivery.webhooks.bodies import message_id
from flow.delivery.webhooks.signing import signatures
from flow.delivery.webhooks.types import Answer, Claimed
from flow.kit.clock import Clock
from flow.web.outbound import ForbiddenAddress

__all__ = ["ATTEMPT_SECONDS", "attempt"]

ATTEMPT_SECONDS: Final = 15.0
_TIMEOUTS: Final = httpx.Timeout(ATTEMPT_SECONDS, connect=5.0).as_dict()
_KEPT_CHARACTERS: Final = 500
_READ_BYTES: Final = 64 * 1024
_USER_AGENT: Final = "FLOW-Webhooks/1"


async def attempt(transport: httpx.AsyncBaseTransport, claimed: Claimed, keys: list[str], *, clock: Clock) -> Answer:
    """Sends a delivery once. It never raises for what the other side does; 15 seconds are all that it takes."""
    at, began = clock.now(), time.perf_counter()
    code: int | None = None
    error = text = None
    retry_after = 0.0
    try:
        async with asyncio.timeout(ATTEMPT_SECONDS):
            response = await transport.handle_async_request(_request(claimed, keys, at))
            code, text = response.status_code, await _read(response)
            retry_after = _retry_after(response.headers, at)
    except ForbiddenAddress:
        error = "the address is not on the public internet"
    except (TimeoutError, httpx.TimeoutException):
        error = f"no answer within {ATTEMPT_SECONDS:.0f} s"
    except (httpx.TransportError, httpx.InvalidURL, ValueError) as problem:
        error = f"no connection ({type(problem).__name__})"
    if code is not None and 300 <= code < 400:
        error = "redirects are not followed"
    return Answer(
        at=at,
        duration_ms=round((time.perf_counter() - began) * 1000),
        status_code=code,
        error=error,
        text=text,
        retry_after=retry_after,
    )


def _request(claimed: Claimed, keys: list[str], at: datetime) -> httpx.Request:
    headers, body = _headers(claimed, keys, at), claimed.body.encode()
    return httpx.Request("POST", claimed.url, headers=headers, content=body, extensions={"timeout": _TIMEOUTS})


def _headers(claimed: Claimed, keys: list[str], at: datetime) -> dict[str, str]:
    identifier, seconds = message_id(claimed.event_id), int(at.timestamp())
    return {
        "content-type": "application/json",
        "user-agent": _USER_AGENT,
        "accept-encoding": "identity",
        "webhook-id": identifier,
        "webhook-timestamp": str(seconds),
        "webhook-signature": signatures(keys, identifier, seconds, claimed.body.encode()),
    }


async def _read(response: httpx.Response) -> str:
    """The beginning of an answer; the rest is passed over, so that the connection can be used again."""
    assert isinstance(response.stream, httpx.AsyncByteStream)
    kept, taken = b"", 0
    try:
        async for chunk in response.stream:
            kept += chunk[: 4 * _KEPT_CHARACTERS - len(kept)]
            taken += len(chunk)
            if taken > _READ_BYTES:
                break
    finally:
        await response.stream.aclose()
    return kept.decode(errors="replace").replace("\x00", "")[:_KEPT_CHARACTERS]


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
