"""What InMobile answers when it refuses a call."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

__all__ = ["Refused"]


class Refused(Exception):
    """The whole call is refused."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self._status = status

    def response(self) -> Response:
        return JSONResponse({"errorMessage": str(self), "details": [str(self)]}, self._status)
