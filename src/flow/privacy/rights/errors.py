"""What may be wrong with a request, or with what is asked of it."""

from __future__ import annotations

from flow.errors import Conflict, InvalidInput, NotAllowed, NotFound


class RequestNotFound(NotFound):
    """There is no such request that you may see."""


class NoContact(InvalidInput):
    """Give a phone number, an e-mail address or a user."""

    code = "no_contact"


class IdentityNotChecked(Conflict):
    """Check first that the person is who they say they are."""

    code = "identity_not_checked"


class RequestClosed(Conflict):
    """This request has been decided already."""

    code = "request_closed"


class CannotExtend(Conflict):
    """A request is extended once, before it is due, by at most two months and with a reason (Art. 12(3) GDPR)."""

    code = "cannot_extend"


class UnderLegalHold(Conflict):
    """A legal hold keeps this person's data; end the hold first, or wait."""

    code = "legal_hold"


class SoleAdministrator(Conflict):
    """This user is the only administrator of a restaurant; make somebody else one first."""

    code = "sole_administrator"


class FileGone(NotFound):
    """The file has expired; ask for it anew."""

    code = "file_gone"


class SecondFactorNeeded(NotAllowed):
    """This needs a log-in with a second factor."""

    code = "second_factor_needed"


class NameDiffers(InvalidInput):
    """The name that was typed is not the restaurant's."""

    code = "name_differs"
