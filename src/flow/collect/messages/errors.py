"""What can be wrong with a message that is to be sent."""

from flow.errors import Conflict, InvalidInput

__all__ = ["EmptyText", "NoConsent", "NotHereYet", "TextTooLong"]


class EmptyText(InvalidInput):
    """Write something first."""

    code = "empty_text"


class TextTooLong(InvalidInput):
    """This is too long for one message."""

    code = "text_too_long"


class NoConsent(Conflict):
    """The guest has not agreed to marketing on this channel, or has withdrawn it."""

    code = "no_consent"


class NotHereYet(Conflict):
    """This is about a message that has not arrived yet; it is looked at again later."""

    code = "not_here_yet"
