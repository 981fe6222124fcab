"""Live streams end when the process has to stop, and nothing else ends with them."""

from __future__ import annotations

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send

from flow.web.streams import OpenStreams, StreamWatch


def _answer(media_type: bytes, *, ends: bool = False):  # type: ignore[no-untyped-def]
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", media_type)]})
        while not ends:
            await send({"type": "http.response.body", "body": b"data: 1\n\n", "more_body": True})
            await asyncio.sleep(0.01)

    return app


async def _start(streams: OpenStreams, media_type: bytes) -> tuple[asyncio.Task[None], list[Message]]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    watch = StreamWatch(_answer(media_type), streams=streams)
    task = asyncio.create_task(watch({"type": "http"}, receive, send))
    await asyncio.sleep(0.03)
    return task, sent


async def test_an_open_stream_is_ended_as_if_it_had_come_to_its_end() -> None:
    streams = OpenStreams()
    task, sent = await _start(streams, b"text/event-stream; charset=utf-8")
    streams.end()
    await asyncio.wait_for(task, 1)

    assert {"type": "http.response.body", "body": b"", "more_body": False} == sent[-1]


async def test_another_answer_goes_on() -> None:
    streams = OpenStreams()
    task, _ = await _start(streams, b"text/csv")
    streams.end()
    await asyncio.sleep(0.03)

    assert not task.done()
    task.cancel()


async def test_a_stream_that_somebody_else_cancels_is_cancelled() -> None:
    task, sent = await _start(OpenStreams(), b"text/event-stream")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert sent[-1]["more_body"]
