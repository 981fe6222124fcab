"""What can be wrong with a delivery. The sender is told the code and nothing more."""

from flow.errors import FlowError, InvalidInput, NotFound

__all__ = ["BadSignature", "BodyTooLarge", "MethodNotAllowed", "NoSuchAddress", "Unreadable"]


class BadSignature(FlowError):
    """The delivery is not signed by the provider."""

    code = "bad_signature"
    status = 401


class Unreadable(InvalidInput):
    """The delivery is signed, but cannot be understood."""

    code = "unreadable_delivery"


class NoSuchAddress(NotFound):
    """Nothing is delivered here."""

    code = "no_such_address"


class BodyTooLarge(FlowError):
    """A delivery has at most 1 MiB."""

    code = "too_large"
    status = 413


class MethodNotAllowed(FlowError):
    """Deliveries come by POST."""

    code = "method_not_allowed"
    status = 405
