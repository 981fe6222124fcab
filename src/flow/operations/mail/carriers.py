"""Who carries mails away: an SMTP server, or a folder where none is configured."""

from __future__ import annotations

import ipaddress
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import anyio.to_thread
from aiosmtplib import send

from flow.settings import Settings

TIMEOUT_SECONDS = 20
_SUBMISSION, _SUBMISSIONS, _PLAIN = 587, 465, 25


class Carrier(Protocol):
    """Takes a message, or raises OSError or aiosmtplib.SMTPException."""

    async def carry(self, message: EmailMessage) -> None: ...


class SmtpServer:
    """`smtp://user:password@host:port` (with STARTTLS where offered) or `smtps://…` (TLS from the first byte).

    A password never travels unencrypted, except to this very machine.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("FLOW_SMTP_URL reads smtp://user:password@host:port or smtps://…")
        self.host = parts.hostname
        self.is_tls = parts.scheme == "smtps"
        self._username = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self.port = parts.port or (_SUBMISSIONS if self.is_tls else _SUBMISSION if self._username else _PLAIN)

    async def carry(self, message: EmailMessage) -> None:
        must_encrypt = self._password is not None and not self.is_tls and not _is_this_machine(self.host)
        await send(
            message,
            hostname=self.host,
            port=self.port,
            username=self._username,
            password=self._password,
            use_tls=self.is_tls,
            start_tls=True if must_encrypt else None,
            timeout=TIMEOUT_SECONDS,
        )


class Outbox:
    """A folder that only its owner may open; each mail is a file that mail programs can read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def carry(self, message: EmailMessage) -> None:
        name = message["Message-ID"].strip("<>").partition("@")[0]
        await anyio.to_thread.run_sync(self._write, bytes(message), name)

    def _write(self, content: bytes, name: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = self.folder / f"{name}.part"
        fresh.touch(mode=0o600)
        fresh.write_bytes(content)
        fresh.replace(self.folder / f"{name}.eml")


def carrier_of(settings: Settings) -> Carrier:
    """The carrier that the settings describe; ValueError for an address that is none."""
    if settings.smtp_url is None:
        return Outbox(settings.home / "outbox")
    return SmtpServer(settings.smtp_url.get_secret_value())


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
