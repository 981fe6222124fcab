"""The cable of these tests itself: what a hasty browser does to it must not look like the tracker's fault."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.browser.tracker.cable import Cable


@pytest.fixture
def echo() -> Iterator[int]:
    """The port of a server that says what it hears."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer(caller: socket.socket) -> None:
        with caller:
            while heard := caller.recv(100):
                caller.sendall(heard)

    def accept() -> None:
        while True:
            try:
                caller, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(caller,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def test_a_browser_that_hangs_up_at_once_leaves_the_cable_whole(echo: int) -> None:
    cable = Cable(echo)
    place = ("127.0.0.1", urlsplit(cable.origin).port)
    for _ in range(300):
        socket.create_connection(place, timeout=5).close()
    with socket.create_connection(place, timeout=5) as browser:
        browser.sendall(b"still there?")
        assert b"still there?" == browser.recv(100)
    cable.stop()
