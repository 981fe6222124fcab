"""What can go wrong between FLOW and another system.

What `System.perform` raises decides what becomes of a queued call: ProviderAway and anything unexpected is tried again
with growing pauses, NotYet at its time, CallRefused never.
"""

from __future__ import annotations

from flow.errors import Conflict, FlowError, InvalidInput, Unavailable

__all__ = [
    "AccountTaken",
    "CallRefused",
    "ConnectionRefused",
    "NotConnected",
    "NotRegistered",
    "NotYet",
    "ProviderAway",
]


class ProviderAway(Unavailable):
    """The other system does not answer.

    `is_ambiguous` when the request may have arrived and been carried out all the same.
    """

    code = "provider_away"

    def __init__(
        self, message: str | None = None, *, retry_after_seconds: int = 10, is_ambiguous: bool = False
    ) -> None:
        super().__init__(message, retry_after_seconds=retry_after_seconds)
        self.is_ambiguous = is_ambiguous


class ConnectionRefused(InvalidInput):
    """The other system does not accept these settings. The message says what is wrong, and holds no secret."""

    code = "connection_refused"


class NotRegistered(FlowError):
    """The address for webhooks has to be registered by hand."""

    code = "not_registered"


class NotConnected(Conflict):
    """The restaurant has no such connection."""

    code = "not_connected"


class AccountTaken(Conflict):
    """Another restaurant is connected to this account already."""

    code = "account_taken"


class CallRefused(FlowError):
    """The other system refuses, and would again. The message is shown to the restaurant: no personal data."""

    code = "call_refused"
    status = 502


class NotYet(FlowError):
    """A queued call has to wait for something else; it does not count as an attempt."""

    code = "not_yet"
    status = 409

    def __init__(self, message: str | None = None, *, after_seconds: float) -> None:
        super().__init__(message)
        self.after_seconds = after_seconds
