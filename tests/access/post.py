"""The post of a test: jobs run by hand, and the mails that arrived, out of the outbox."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from flow.access.resets.answering import answer_wishes
from flow.jobs.types import JobContext
from flow.operations.mail.jobs import send_waiting
from flow.web.services import Services


@dataclass(frozen=True)
class Arrived:
    """A mail as its reader sees it."""

    to: str
    subject: str
    text: str

    @property
    def link(self) -> str:
        """Where its button leads, without the host."""
        found = re.search(r"https?://[^/\s]+(/\S+)", self.text)
        assert found is not None
        return found[1]


async def deliver(services: Services) -> list[Arrived]:
    """Runs the jobs as the worker would; the mails that were not there before, the oldest first."""
    context = JobContext(services.settings, services.clock, services.installation, services.database)
    await answer_wishes(context)
    before = set(_outbox(services))
    await send_waiting(context)
    return [_read(file) for file in sorted(set(_outbox(services)) - before)]


def _outbox(services: Services) -> list[Path]:
    return list((services.settings.home / "outbox").glob("*.eml"))


def _read(file: Path) -> Arrived:
    mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    body = mail.get_body(("plain",))
    assert body is not None
    return Arrived(str(mail["To"]), str(mail["Subject"]), body.get_content())
