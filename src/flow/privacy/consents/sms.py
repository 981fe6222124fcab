"""Who carries text messages away: a folder, as for mails without SMTP, where `flow.app` knows no gateway."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol
from uuid import UUID

import anyio.to_thread

from flow.settings import Settings

__all__ = ["SmsCarrier", "SmsOutbox", "sms_carrier_of"]


class SmsCarrier(Protocol):
    """Takes a restaurant's message to a number in E.164, or raises OSError; `message_id` is the same every time."""

    async def carry(self, message_id: UUID, to: str, text: str, *, restaurant_id: UUID) -> None: ...


class SmsOutbox:
    """A folder that only its owner may open; each message is a text file, the number in its first line."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def carry(self, message_id: UUID, to: str, text: str, *, restaurant_id: UUID) -> None:  # noqa: ARG002
        await anyio.to_thread.run_sync(self._write, f"{to}\n\n{text}\n", f"{message_id}.sms.txt")

    def _write(self, content: str, name: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = self.folder / name
        file.touch(mode=0o600)
        file.write_text(content, encoding="utf-8")


def sms_carrier_of(settings: Settings) -> SmsCarrier:
    """The carrier that the settings describe."""
    return SmsOutbox(settings.home / "outbox")
