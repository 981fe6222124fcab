"""What can go wrong with a consent."""

from flow.errors import Conflict, InvalidInput, NotFound


class UnknownText(InvalidInput):
    """There is no such text version; ask for the present text and show that."""

    code = "unknown_consent_text"


class InvalidContact(InvalidInput):
    """This is neither a phone number nor an e-mail address."""

    code = "invalid_contact"


class WrongChannel(InvalidInput):
    """This contact cannot be reached on this channel."""

    code = "wrong_channel"


class LinkNotFound(NotFound):
    """This link leads nowhere. Take the one from the latest message."""

    code = "link_not_found"


class ConfirmationOutdated(Conflict):
    """This was withdrawn, or asked for again, since the message was sent."""

    code = "confirmation_outdated"


class TextTaken(Conflict):
    """Somebody else has just added a version of this text; try again."""

    code = "consent_text_taken"
