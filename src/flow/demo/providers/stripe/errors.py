"""What Stripe answers when it does not do what it was asked to."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

__all__ = ["StripeError", "invalid", "missing", "unexpected_state"]


class StripeError(Exception):
    """An error as Stripe tells it. Those of validation are not kept under their idempotency key."""

    def __init__(self, status: int, type_: str, message: str, *, is_kept: bool = False, **more: object) -> None:
        super().__init__(message)
        self.status = status
        self.is_kept = is_kept
        self.body = {"error": {"type": type_, "message": message, **more}}

    def response(self) -> Response:
        return JSONResponse(self.body, self.status)


def invalid(message: str, **more: object) -> StripeError:
    """The request makes no sense."""
    return StripeError(400, "invalid_request_error", message, **more)  # type: ignore[arg-type]


def missing(kind: str, number: str) -> StripeError:
    """There is no such object."""
    return StripeError(404, "invalid_request_error", f"No such {kind}: '{number}'", code="resource_missing", param="id")


def unexpected_state(intent_id: str, status: str, doing: str) -> StripeError:
    """The payment intent is past that, or not there yet."""
    return StripeError(
        400,
        "invalid_request_error",
        f"This PaymentIntent could not be {doing} because it has a status of {status}.",
        is_kept=True,
        code="payment_intent_unexpected_state",
        payment_intent={"id": intent_id, "object": "payment_intent", "status": status},
    )
