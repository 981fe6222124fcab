"""From a letter to a mail: as plain text and as HTML that say the same, and as the message that a server takes."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from functools import cache
from importlib import resources
from uuid import UUID

import jinja2

from flow.operations.mail.types import Letter, Mail


def write(letter: Letter, to: str, *, language: str) -> Mail:
    """The mail that carries this letter to `to`. Its subject is one line, whatever names it quotes."""
    subject = " ".join(letter.subject.split())
    html = _template().render(letter=letter, language=language)
    return Mail(to=to, subject=subject, text=_text(letter), html=html, language=language)


def message(mail: Mail, mail_id: UUID, *, sender: str, at: datetime) -> EmailMessage:
    """The mail as RFC 5322 has it. The same mail keeps its Message-ID, so that a second copy is recognised."""
    made = EmailMessage()
    made["From"] = sender
    made["To"] = mail.to
    made["Subject"] = mail.subject
    made["Date"] = format_datetime(at)
    made["Message-ID"] = f"<{mail_id}@{parseaddr(sender)[1].rpartition('@')[2] or 'localhost'}>"
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notice shall answer it
    made.set_content(mail.text)
    made.add_alternative(mail.html, subtype="html")
    made["Content-Language"] = mail.language  # last: before, it would become the text part's own
    return made


def _text(letter: Letter) -> str:
    parts = list(letter.paragraphs)
    if letter.action:
        parts.append(f"{letter.action.label}:\n{letter.action.address}")
    return "\n\n".join([*parts, f"-- \n{letter.reason}", ""])


@cache
def _template() -> jinja2.Template:
    source = resources.files(__package__).joinpath("templates/mail.html").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(source)
