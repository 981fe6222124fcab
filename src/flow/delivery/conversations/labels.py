"""What channels, states and faults are called."""

from __future__ import annotations

from typing import Final

from flow.web.i18n import N_, Translator

__all__ = ["CHANNELS", "KINDS", "STATES", "fault", "somebody", "status"]

CHANNELS: Final = {
    "sms": N_("SMS"),
    "instagram_dm": N_("Instagram"),
    "facebook_messenger": N_("Messenger"),
}
STATES: Final = {
    "waiting_for_person": N_("Waiting for an answer"),
    "handed_over": N_("Waiting for an answer"),
    "answered": N_("Answered"),
    "closed": N_("Closed"),
}
KINDS: Final = {
    "automatic": N_("Automatic answer"),
    "confirmation": N_("Automatic answer"),
    "keyword": N_("Automatic answer"),
    "elsewhere": N_("Written in the channel’s own app"),
}
_STATUSES: Final = {
    "queued": N_("on its way"),
    "sent": N_("sent"),
    "delivered": N_("arrived"),
    "read": N_("read"),
    "failed": N_("not sent"),
}
_NUMBER, _AWAY, _LATE = (
    N_("The number cannot be reached."),
    N_("The other system did not answer. Try again."),
    N_("The guest wrote too long ago: the channel allows no answer any more."),
)
_FAULTS: Final = {
    "-1": _NUMBER,
    "-2": N_("The operator does not deliver to this number."),
    "-3": _NUMBER,
    "-4": N_("InMobile does not send to this country."),
    "-5": N_("The phone was off for too long."),
    "-8": N_("There is no money left on the account at InMobile."),
    "-14": N_("The sender’s name is blocked."),
    "-22": N_("It could not be sent in time."),
    "-105": N_("The guest does not want messages: the number is on InMobile’s blacklist."),
    "-202": N_("The account at InMobile is closed."),
    "190": N_("Meta does not accept the access token any more. Connect again."),
    "551": N_("The guest cannot be reached on this channel any more."),
    "call_failed": _AWAY,
    "consent_withdrawn": N_("The guest has withdrawn the consent that it needed."),
    "maybe_sent": N_(
        "It may have arrived, but nobody can tell. Look in the channel’s own app before you send it again."
    ),
    "provider_away": _AWAY,
    "window_closed": _LATE,
}


def somebody(channel: str, words: Translator) -> str:
    """A guest of whom nothing but the channel is known."""
    return words.gettext("A guest on %(channel)s", channel=words.gettext(CHANNELS[channel]))


def status(key: str, words: Translator) -> str:
    """How far a message is."""
    return words.gettext(_STATUSES[key]) if key in _STATUSES else ""


def fault(code: str | None, words: Translator) -> str:
    """Why a message was not sent."""
    if code is None:
        return ""
    text = _FAULTS.get(code)
    return words.gettext(text) if text else words.gettext("The other system refused it (%(code)s).", code=code)
