"""A network cable between the browser and a server, which can be cut: whoever sends over it gets no answer."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Literal

Fate = Literal["whole", "cut", "answer cut"]
"""What becomes of what is sent: it goes through; the connection breaks at once; it arrives, but no answer comes."""
_CHUNK = 65_536


class Cable:
    """Listens on a port of its own until stopped, and passes bytes on to the server's."""

    def __init__(self, server_port: int) -> None:
        self.lost_answers = 0
        self._fate: Fate = "whole"
        self._server_port = server_port
        self._plugs: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    @property
    def fate(self) -> Fate:
        return self._fate

    @fate.setter
    def fate(self, fate: Fate) -> None:
        self._fate = fate
        if fate == "cut":
            self._unplug(*self._plugs)

    def stop(self) -> None:
        """Ends every connection, and takes no more."""
        self._unplug(self._listener, *self._plugs)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                browser, _ = self._listener.accept()
                browser.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._plugs.add(browser)
                if self._fate == "cut":
                    self._unplug(browser)
                else:
                    self._join(browser, socket.create_connection(("127.0.0.1", self._server_port)))

    def _join(self, browser: socket.socket, server: socket.socket) -> None:
        server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._plugs.add(server)
        # Each thread may close both sockets at once, so nothing is done with them after the first has begun.
        for source, target in ((browser, server), (server, browser)):
            threading.Thread(target=self._pass_on, args=(source, target, source is server), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, is_answer: bool) -> None:
        with suppress(OSError):
            while data := source.recv(_CHUNK):
                if is_answer and self._fate == "answer cut":
                    self.lost_answers += 1
                    break
                target.sendall(data)
        self._unplug(source, target)

    def _unplug(self, *plugs: socket.socket) -> None:
        for plug in plugs:
            self._plugs.discard(plug)
            with suppress(OSError):
                plug.shutdown(socket.SHUT_RDWR)
            plug.close()
