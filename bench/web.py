"""The web process of a benchmark: FLOW as it is, and one more address that reads its body and answers nothing."""

from __future__ import annotations

from starlette.types import Receive, Scope, Send

from flow.app import Application, create_app
from flow.server import serve
from flow.settings import Settings

EMPTY = "/bench/empty"


async def empty(_: Scope, receive: Receive, send: Send) -> None:
    """What an answer costs before anything is done."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def make(settings: Settings) -> Application:
    """FLOW with the empty address beside event ingest."""
    app = create_app(settings)
    app.direct[EMPTY] = empty
    return app


if __name__ == "__main__":
    serve(Settings(), make=make)
