"""Reads a request that may come as JSON or as a form, for the few routes that take both."""

from __future__ import annotations

import json
from typing import TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException

Model = TypeVar("Model", bound=BaseModel)
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


async def read_body(request: Request, model: type[Model]) -> Model:
    """The body as `model`; the usual errors for what is malformed, too large or of another type."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    values = dict(await request.form()) if media_type in _FORMS else await _json(request, media_type)
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise RequestValidationError([{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors()]) from None


async def _json(request: Request, media_type: str) -> object:
    if media_type != "application/json":
        raise HTTPException(415, "Send JSON, or a form.")
    try:
        return json.loads(await request.body())
    except (ValueError, RecursionError):
        raise HTTPException(400, "This is not JSON.") from None


def body_schema(model: type[BaseModel]) -> dict[str, object]:
    """What the API's documentation says of such a body; for a route's `openapi_extra`."""
    schema = {"schema": model.model_json_schema()}
    return {"requestBody": {"required": True, "content": {"application/json": schema, _FORMS[0]: schema}}}
