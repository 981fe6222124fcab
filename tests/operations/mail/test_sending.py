"""Mails from the transaction that posts them to a real SMTP server, or to the outbox where there is none."""

from __future__ import annotations

import email
import email.policy
import logging
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtplib import SMTPException

from flow.database.installation import Installation
from flow.database.pool import Database
from flow.jobs.types import JobContext
from flow.kit.clock import FixedClock
from flow.operations.mail.carriers import Outbox, SmtpServer, carrier_of
from flow.operations.mail.jobs import MOST_ATTEMPTS, send_waiting
from flow.operations.mail.service import post
from flow.operations.mail.types import Action, Letter
from tests.connections import kept_connection
from tests.serving import settings_of

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANNA = "anna@napoli.example"
LETTER = Letter(
    "Nyt kodeord til <FLOW>\n",
    ("Nogen bad om et nyt kodeord.", "Var det ikke dig & dine, så gør ingenting."),
    "Du får denne mail, fordi din adresse blev skrevet.",
    Action("Vælg kodeord", "https://flow.example/password/reset/secret-link"),
)


class MailServer:
    """Takes mails, or answers what `says` says."""

    def __init__(self) -> None:
        self.got: list[EmailMessage] = []
        self.says = "250 OK"
        self.asked = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        self.asked += 1
        if self.says.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.says

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.got.append(email.message_from_bytes(envelope.content, policy=email.policy.default))  # type: ignore[arg-type]
        return "250 OK"


@pytest.fixture
def mail_server() -> Iterator[tuple[MailServer, str]]:
    handler = MailServer()
    with socket.socket() as probe:  # the library knocks at the port it was given, so it cannot be 0
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, f"smtp://127.0.0.1:{port}"
    controller.stop()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


def _context(
    installation: Installation, database: Database, clock: FixedClock, home: Path, **settings: Any
) -> JobContext:
    return JobContext(settings_of(installation, home, **settings), clock, installation, database)


async def _post(installation: Installation, database: Database) -> None:
    async with database.as_service() as transaction:
        await post(transaction, installation.secret_box, LETTER, kind="reset", to=ANNA, language="da", at=NOW)


def _rows(installation: Installation) -> list[tuple[Any, ...]]:
    with kept_connection(installation.owner_url) as connection:
        return connection.execute(
            "select attempts, sealed is null, sent_at is not null, next_attempt_at, last_error from app.mails"
        ).fetchall()


async def test_a_mail_reaches_the_server_whole_and_once(
    installation: Installation,
    database: Database,
    clock: FixedClock,
    tmp_path: Path,
    mail_server: tuple[MailServer, str],
) -> None:
    server, url = mail_server
    context = _context(installation, database, clock, tmp_path, smtp_url=url, mail_from="FLOW <no-reply@flow.example>")
    await _post(installation, database)
    await send_waiting(context)
    await send_waiting(context)
    (mail,) = server.got
    text, html = (part.get_content() for part in mail.iter_parts())  # type: ignore[union-attr]

    assert ("FLOW <no-reply@flow.example>", ANNA) == (mail["From"], mail["To"])
    assert ("Nyt kodeord til <FLOW>", "auto-generated") == (mail["Subject"], mail["Auto-Submitted"])
    assert mail["Message-ID"].endswith("@flow.example>")
    assert "https://flow.example/password/reset/secret-link" in text
    assert "gør ingenting" in text
    assert "dig &amp; dine" in html
    assert "Nyt kodeord til &lt;FLOW&gt;" in html
    assert [(1, True, True, None, None)] == _rows(installation)


async def test_without_a_server_it_is_a_file_that_only_its_owner_reads(
    installation: Installation, database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    await _post(installation, database)
    await send_waiting(_context(installation, database, clock, tmp_path))
    (file,) = (tmp_path / "outbox").iterdir()
    mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)

    assert (ANNA, "da") == (mail["To"], mail["Content-Language"])
    assert (0o600, 0o700) == (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777)


async def test_neither_address_nor_link_lies_readable_in_the_database(
    installation: Installation, database: Database
) -> None:
    await _post(installation, database)
    with kept_connection(installation.owner_url) as connection:
        row = connection.execute("select m::text, encode(sealed, 'escape') from app.mails m").fetchone()

    assert row is not None
    assert all(word not in part for part in row for word in (ANNA, "secret-link", "kodeord"))


async def test_a_server_that_is_away_is_asked_again_later_and_later(
    installation: Installation, database: Database, clock: FixedClock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    context = _context(installation, database, clock, tmp_path, smtp_url="smtp://127.0.0.1:1")
    await _post(installation, database)
    pauses = []
    with caplog.at_level(logging.DEBUG):
        for _ in range(3):
            await send_waiting(context)
            ((_, wiped, sent, next_at, error),) = _rows(installation)
            pauses.append((next_at - clock.now()).total_seconds())
            clock.set(next_at)

    assert [30, 60, 120] == pauses
    assert (False, False, "SMTPConnectError") == (wiped, sent, error)
    assert ANNA not in caplog.text


async def test_a_greylisted_mail_waits_and_a_refused_one_is_given_up_and_wiped(
    installation: Installation,
    database: Database,
    clock: FixedClock,
    tmp_path: Path,
    mail_server: tuple[MailServer, str],
) -> None:
    server, url = mail_server
    context = _context(installation, database, clock, tmp_path, smtp_url=url)
    await _post(installation, database)
    server.says = "450 come back later"
    await send_waiting(context)
    ((_, wiped, _, next_at, error),) = _rows(installation)
    assert (False, clock.now() + timedelta(seconds=30), "SMTPRecipientsRefused") == (wiped, next_at, error)

    clock.set(next_at)
    server.says = f"550 no such user {ANNA}"
    await send_waiting(context)

    assert [(2, True, False, None, "SMTPRecipientsRefused")] == _rows(installation)


async def test_after_the_last_attempt_a_mail_is_given_up(
    installation: Installation, database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    context = _context(installation, database, clock, tmp_path, smtp_url="smtp://127.0.0.1:1")
    await _post(installation, database)
    for _ in range(MOST_ATTEMPTS + 2):
        await send_waiting(context)
        clock.advance(timedelta(hours=10))

    assert [(MOST_ATTEMPTS, True, False, None, "SMTPConnectError")] == _rows(installation)


async def test_a_worker_that_died_while_sending_leaves_the_mail_to_the_next(
    installation: Installation, database: Database, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = _context(installation, database, clock, tmp_path)
    await _post(installation, database)

    async def die(self: Outbox, message: EmailMessage) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Outbox, "carry", die)
        await send_waiting(context)
    await send_waiting(context)
    assert not (tmp_path / "outbox").exists()

    clock.advance(timedelta(minutes=6))
    await send_waiting(context)

    assert 1 == len(list((tmp_path / "outbox").iterdir()))


def test_a_password_needs_encryption_or_this_machine(installation: Installation, tmp_path: Path) -> None:
    server = carrier_of(settings_of(installation, tmp_path, smtp_url="smtp://user:p%40ss@mail.example"))

    assert isinstance(server, SmtpServer)
    assert ("mail.example", 587, False) == (server.host, server.port, server.is_tls)
    assert (465, True) == ((tls := SmtpServer("smtps://mail.example")).port, tls.is_tls)


async def test_a_server_without_encryption_gets_no_password(mail_server: tuple[MailServer, str]) -> None:
    # 127.0.0.1 is this machine, so the server is reached by a name that does not say so.
    from flow.kit.ids import new_id
    from flow.operations.mail import carriers
    from flow.operations.mail.writing import message, write

    server, url = mail_server
    carrier = SmtpServer(url.replace("smtp://", "smtp://user:secret@"))
    carrier.host = "127.0.0.1"
    mail = message(write(LETTER, ANNA, language="da"), new_id(), sender="FLOW <a@b.example>", at=NOW)
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SMTPException, match="STARTTLS"):
        patch.setattr(carriers, "_is_this_machine", lambda host: False)
        await carrier.carry(mail)

    assert ([], 0) == (server.got, server.asked)


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://"])
def test_what_is_no_address_of_a_mail_server_is_said(installation: Installation, tmp_path: Path, url: str) -> None:
    with pytest.raises(ValueError, match="FLOW_SMTP_URL reads"):
        carrier_of(settings_of(installation, tmp_path, smtp_url=url))
