"""What guests are asked. A restaurant may have texts of its own; where it has none, FLOW's are shown.

A version names one text for ever: `any-da-3` is the third Danish text of the restaurant's own for all channels,
`flow-any-da-1f2e3d4c` one of FLOW's, with the start of its SHA-256. So what was shown can be proven from the version.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final, cast, get_args

from flow.database.transaction import Transaction
from flow.privacy.consents import store
from flow.privacy.consents.types import (
    ConsentText,
    ConsentType,
    Controller,
    Language,
    TextChannel,
    TextRow,
)
from flow.web.i18n import N_, translator_for

__all__ = ["ALL_OFF", "OWN_BANNER", "find_text", "present_text", "withdrawal_text"]

_HOUSE: Final[dict[tuple[ConsentType, TextChannel], str]] = {
    ("marketing", "any"): N_(
        "%(restaurant)s may send me news and offers by SMS and e-mail. I can say stop at any time, in one click."
    ),
    ("marketing", "sms"): N_(
        "%(restaurant)s may send me news and offers by SMS. I can say stop at any time, in one click."
    ),
    ("marketing", "email"): N_(
        "%(restaurant)s may send me news and offers by e-mail. I can say stop at any time, in one click."
    ),
    ("marketing", "phone"): N_("%(restaurant)s may call me with news and offers. I can say stop at any time."),
    ("analytics", "web"): N_(
        "May %(restaurant)s remember this device to see how its pages are used? A random number is then kept in your "
        "browser for up to a year. If you say no, visits are counted with nothing stored on your device. You can "
        "change your mind at any time."
    ),
}
ALL_OFF: Final = N_("I withdraw all my consents.")
OWN_BANNER: Final = "own-banner"
"""Version of an answer to a question that a site asked in words of its own and sent along."""

_A_YEAR_DAYS: Final = 365
_OWN = re.compile(rf"({'|'.join(get_args(TextChannel))})-({'|'.join(get_args(Language))})-([1-9]\d{{0,8}})")
_OF_FLOW = re.compile(rf"flow-({'|'.join(get_args(TextChannel))})-({'|'.join(get_args(Language))})-[0-9a-f]{{8}}")


async def present_text(
    transaction: Transaction,
    controller: Controller,
    consent_type: ConsentType,
    channel: TextChannel,
    *,
    language: Language,
) -> ConsentText | None:
    """What is asked now: the restaurant's own text for the channel, else its own for all channels, else FLOW's.

    None where there is no text at all: FLOW cannot write a restaurant's terms.
    """
    own = {
        row.channel: row
        for row in await store.newest_texts(transaction, controller.id, language)
        if row.consent_type == consent_type
    }
    row = own.get(channel) or own.get("any")
    return _own(row) if row else _of_flow(controller, consent_type, channel, language)


async def find_text(
    transaction: Transaction, controller: Controller, consent_type: ConsentType, version: str
) -> ConsentText | None:
    """The text that was shown under this version, if there is such a one."""
    if own := _OWN.fullmatch(version):
        row = await store.find_text(
            transaction,
            controller.id,
            consent_type,
            channel=cast(TextChannel, own[1]),
            language=cast(Language, own[2]),
            version=int(own[3]),
        )
        return _own(row) if row else None
    if house := _OF_FLOW.fullmatch(version):
        text = _of_flow(controller, consent_type, cast(TextChannel, house[1]), cast(Language, house[2]))
        return text if text and text.version == version else None
    return None


def withdrawal_text(language: Language) -> ConsentText:
    """What the button says that withdraws everything."""
    return ConsentText(version="flow-all-off", body=translator_for(language).gettext(ALL_OFF), language=language)


def _own(row: TextRow) -> ConsentText:
    version = f"{row.channel}-{row.language}-{row.version}"
    return ConsentText(version=version, body=row.body, language=row.language, valid_days=row.valid_days)


def _of_flow(
    controller: Controller, consent_type: ConsentType, channel: TextChannel, language: Language
) -> ConsentText | None:
    english = _HOUSE.get((consent_type, channel))
    if english is None:
        return None
    words = translator_for(language)
    digest = hashlib.sha256(words.gettext(english, restaurant="").encode()).hexdigest()[:8]
    return ConsentText(
        version=f"flow-{channel}-{language}-{digest}",
        body=words.gettext(english, restaurant=controller.name),
        language=language,
        valid_days=_A_YEAR_DAYS if consent_type == "analytics" else None,
    )
