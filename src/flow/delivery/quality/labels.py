"""Why an event was dropped or refused, in words for its owner."""

from __future__ import annotations

from flow.web.i18n import N_, Translator

DROPPED: dict[str, str] = {
    "bot_user_agent": N_("Calls itself a robot"),
    "bot_headless": N_("A browser without a screen"),
    "bot_pattern": N_("Behaves like a machine"),
}
REFUSED: dict[str, str] = {
    "unknown_event": N_("Unknown event"),
    "wrong_namespace": N_("Not the restaurant’s own namespace"),
    "not_from_browser": N_("May not come from a page"),
    "invalid_property": N_("A property does not fit"),
    "too_large": N_("Too large"),
    "too_deep": N_("Nested too deeply"),
    "invalid_text": N_("Holds characters that are none"),
    "malformed_batch": N_("The whole batch could not be read"),
    "invalid_event": N_("Not an event"),
    "invalid_id": N_("Its id is none"),
    "invalid_timestamp": N_("Its time is none"),
    "timestamp_out_of_range": N_("Its time is too far from now"),
    "refused_by_database": N_("The database refused it"),
}
_OUTCOMES = {
    "accepted": N_("Got in"),
    "duplicate": N_("Was there already"),
    "rejected": N_("Refused again"),
}


def dropped(reason: str, words: Translator) -> str:
    """Why events were dropped; a reason without words is shown as it is."""
    return _translated(DROPPED, reason, words)


def refused(reason: str, words: Translator) -> str:
    """Why an event lies in the quarantine."""
    return _translated(REFUSED, reason, words)


def outcome(key: str, words: Translator) -> str:
    """What became of a replayed event."""
    return _translated(_OUTCOMES, key, words)


def _translated(texts: dict[str, str], key: str, words: Translator) -> str:
    return words.gettext(texts[key]) if key in texts else key
