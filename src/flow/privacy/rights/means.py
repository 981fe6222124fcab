"""What carrying out a request needs: the database, the clock, the installation's secrets, and where files lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flow.database.installation import Installation
from flow.database.pool import Database
from flow.kit.clock import Clock
from flow.kit.secrets import SecretBox
from flow.settings import Settings

__all__ = ["Means"]


@dataclass(frozen=True, slots=True)
class Means:
    """Passed in by whoever begins: a page, a job, a command, a test."""

    database: Database
    clock: Clock
    secrets: Sequence[bytes]
    box: SecretBox
    home: Path

    @classmethod
    def of(cls, settings: Settings, installation: Installation, database: Database, clock: Clock) -> Means:
        """The means of a process."""
        secrets = (installation.secret, *installation.old_secrets)
        return cls(database, clock, secrets, installation.secret_box, settings.home)

    @property
    def exports(self) -> Path:
        """The folder of exports, readable by FLOW's own user alone."""
        folder = self.home / "exports"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    @property
    def outbox(self) -> Path:
        """Where mails lie as files when there is no mail server."""
        return self.home / "outbox"

    @property
    def ledger(self) -> Path:
        """The file of tombstones, which outlives a database that is restored from a backup."""
        return self.home / "tombstones.jsonl"
