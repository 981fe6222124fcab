"""Registering FLOW's address for webhooks at Wolt Drive, once: a registration of the same address is changed."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from flow.collect.integrations.errors import ConnectionRefused
from flow.collect.integrations.sentences import NO_ADDRESS
from flow.collect.integrations.types import Answer, Call, Caller

__all__ = ["register"]

_NAME: Final = "/v1/merchants/{id}/webhooks"
_RETRIES: Final = {"exponential_retry_backoff": {"exponent_base": 5, "max_retry_count": 3}}


async def register(caller: Caller, merchant: str, address: str, secret: str) -> str:
    """The number of the registration of `address`, whose deliveries are signed with `secret`.

    ConnectionRefused when Wolt does not take it.
    """
    path = f"/v1/merchants/{quote(merchant, safe='')}/webhooks"
    body = {"callback_url": address, "client_secret": secret, "disabled": False, "callback_config": _RETRIES}
    listed = _taken(await caller(Call(method="GET", path=path, name=_NAME, repeatable=True)))
    hooks = listed.body if isinstance(listed.body, list) else []
    number = next((str(each["id"]) for each in hooks if each.get("callback_url") == address), None)
    if number is None:
        made = _taken(await caller(Call(method="POST", path=path, name=_NAME, json=body)))
        return str(made.body["id"] if isinstance(made.body, dict) else "")
    at = f"{path}/{quote(number, safe='')}"
    _taken(await caller(Call(method="PUT", path=at, name=f"{_NAME}/…", json=body, repeatable=True)))
    return number


def _taken(answer: Answer) -> Answer:
    if answer.is_success:
        return answer
    code = answer.body.get("error_code") if isinstance(answer.body, dict) else None
    raise ConnectionRefused(NO_ADDRESS % {"system": "Wolt", "why": code or answer.status})
