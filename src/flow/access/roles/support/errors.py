"""What can go wrong at the door of support."""

from flow.errors import NotAllowed, NotFound


class SupportNotAllowed(NotAllowed):
    """Opening the door needs the role support, and on the platform a second factor."""

    code = "support_not_allowed"


class NoOpenAccess(NotFound):
    """This access is not open any more, or is not yours to close."""

    code = "no_open_access"
