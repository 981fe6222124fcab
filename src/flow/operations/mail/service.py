"""Posting a mail. It is sealed at once: links that open accounts must not lie readable in a database."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from flow.database.transaction import Transaction
from flow.kit.ids import new_id
from flow.kit.secrets import SecretBox
from flow.operations.mail import store
from flow.operations.mail.types import Letter, Mail
from flow.operations.mail.writing import write


async def post(
    service: Transaction, secrets: SecretBox, letter: Letter, *, kind: str, to: str, language: str, at: datetime
) -> UUID:
    """Puts a letter among the mails that wait, in the transaction of what it tells; a job sends it seconds later.

    `kind` is a short name for the log, such as `invitation`.
    """
    mail = new_id()
    await store.add(service, mail, seal(secrets, mail, write(letter, to, language=language)), kind=kind, at=at)
    return mail


def seal(secrets: SecretBox, mail_id: UUID, mail: Mail) -> bytes:
    """The mail as it lies in the database."""
    return secrets.seal(json.dumps(asdict(mail)).encode(), _context(mail_id))


def unseal(secrets: SecretBox, mail_id: UUID, sealed: bytes) -> Mail:
    """The mail again; flow.kit.secrets.CannotOpen when its key is gone."""
    return Mail(**json.loads(secrets.open(sealed, _context(mail_id))))


def _context(mail_id: UUID) -> str:
    return f"mail:{mail_id}"
