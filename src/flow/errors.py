"""The one error that callers may see: a code for programs, a message for people, a status for HTTP."""

from __future__ import annotations

from collections.abc import Mapping


class FlowError(Exception):
    """Base of every expected failure; the docstring of a subclass is its default message."""

    code = "error"
    status = 500

    def __init__(self, message: str | None = None, *, details: Mapping[str, object] | None = None) -> None:
        self.message = message or (type(self).__doc__ or "").strip()
        self.details = dict(details or {})
        super().__init__(self.message)


class InvalidInput(FlowError):
    """The input is not valid."""

    code = "invalid_input"
    status = 422


class NotFound(FlowError):
    """There is nothing here that you may see."""

    code = "not_found"
    status = 404


class NotAuthenticated(FlowError):
    """Log in first."""

    code = "not_authenticated"
    status = 401


class NotAllowed(FlowError):
    """Your role does not allow this."""

    code = "not_allowed"
    status = 403


class Conflict(FlowError):
    """This does not fit with what is already there."""

    code = "conflict"
    status = 409


class TooManyRequests(FlowError):
    """Too many requests; wait and try again."""

    code = "too_many_requests"
    status = 429

    def __init__(self, message: str | None = None, *, retry_after_seconds: int = 1) -> None:
        super().__init__(message, details={"retry_after_seconds": retry_after_seconds})
        self.retry_after_seconds = retry_after_seconds


class Unavailable(FlowError):
    """FLOW cannot take this now; try again shortly."""

    code = "unavailable"
    status = 503

    def __init__(self, message: str | None = None, *, retry_after_seconds: int = 1) -> None:
        super().__init__(message, details={"retry_after_seconds": retry_after_seconds})
        self.retry_after_seconds = retry_after_seconds
