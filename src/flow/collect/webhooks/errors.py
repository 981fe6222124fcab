"""What can be wrong with a delivery. The sender is told the code and nothing more."""

from flow.errors import FlowError, InvalidInput

__all__ = ["BadSignature", "Unreadable"]


class BadSignature(FlowError):
    """The delivery is not signed by the provider."""

    code = "bad_signature"
    status = 401


class Unreadable(InvalidInput):
    """The delivery is signed, but cannot be understood."""

    code = "unreadable_delivery"
