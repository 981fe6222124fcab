"""What e-conomic answers when it does not do what it was asked to."""

from __future__ import annotations

from uuid import uuid4

from starlette.responses import JSONResponse, Response

from flow.demo.providers.books import Json

__all__ = ["Faults", "Refused"]


class Refused(Exception):
    """The call is refused; `errors` say what is wrong where."""

    def __init__(self, status: int, message: str, *, code: str | None = None, errors: Json | None = None) -> None:
        super().__init__(message)
        self._status = status
        self._body: Json = {
            "message": message,
            "developerHint": "Inspect validation errors and correct your request." if errors else "See the message.",
            "logId": str(uuid4()),
            "httpStatusCode": status,
            "logTime": "2026-01-01T16:44:56",
        }
        if code is not None:
            self._body["errorCode"] = code
        if errors is not None:
            self._body["errors"] = errors

    def response(self) -> Response:
        return JSONResponse(self._body, self._status)


class Faults:
    """Collects what is wrong with a body, by field and by line."""

    def __init__(self) -> None:
        self._fields: Json = {}
        self._lines: dict[int, Json] = {}

    def add(self, field: str, code: str, message: str, *, line: int | None = None) -> None:
        """A fault of a field, or of a field of a line."""
        place = self._fields if line is None else self._lines.setdefault(line, {"arrayIndex": line})
        place.setdefault(field, {"errors": []})["errors"].append({"errorCode": code, "message": message})

    def refuse(self) -> None:
        """Raises Refused if anything was wrong."""
        lines = {"lines": list(self._lines.values())} if self._lines else {}
        if self._fields or lines:
            raise Refused(400, "Validation error.", errors={**self._fields, **lines})
