"""What Vipps MobilePay answers when it does not do what it was asked to."""

from __future__ import annotations

from uuid import uuid4

from starlette.responses import JSONResponse, Response

__all__ = ["Problem", "bad_field"]

_TYPES = "https://developer.vippsmobilepay.com/docs/APIs/epayment-api/errors"
_TITLES = {400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 409: "Conflict", 423: "Locked"}


class Problem(Exception):
    """A problem as RFC 9457 tells it; `name` ends its type."""

    def __init__(self, status: int, name: str, detail: str, **fields: str) -> None:
        super().__init__(detail)
        self._body = {
            "type": f"{_TYPES}#{name}",
            "title": _TITLES[status],
            "detail": detail,
            "status": status,
            "traceId": uuid4().hex,
            "extraDetails": [{"name": field, "reason": reason} for field, reason in fields.items()],
        }
        self._status = status

    def response(self) -> Response:
        return JSONResponse(self._body, self._status, media_type="application/problem+json")


def bad_field(name: str, reason: str) -> Problem:
    """A field that does not fit."""
    return Problem(400, "invalid-request", "The request is not valid.", **{name: reason})
