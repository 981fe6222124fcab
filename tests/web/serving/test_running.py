"""How a server starts; tests/journeys/test_server.py has how it stops."""

from __future__ import annotations

import socket

import pytest
from starlette.types import Receive, Scope, Send

from flow.web.serving.running import AddressTaken, run


async def nothing(_: Scope, receive: Receive, send: Send) -> None:
    """An application that is never asked."""


def test_an_address_that_is_taken_is_said_in_a_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(AddressTaken) as refusal:
        run(nothing, host="127.0.0.1", port=taken.getsockname()[1], greeting="")

    assert "cannot be served on: Address already in use. See FLOW_HOST and FLOW_PORT." in refusal.value.message
