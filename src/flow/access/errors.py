"""What can go wrong at the door."""

from __future__ import annotations

from flow.errors import Conflict, FlowError, InvalidInput


class WrongCredentials(FlowError):
    """The e-mail address or the password is wrong."""

    code = "wrong_credentials"
    status = 401


class EmailTaken(Conflict):
    """There is a user with this e-mail address already."""

    code = "email_taken"


class WeakPassword(InvalidInput):
    """A password has at least 10 characters."""

    code = "weak_password"
