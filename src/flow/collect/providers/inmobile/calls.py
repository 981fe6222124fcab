"""Calls to InMobile: sending by the batch, and fetching what it has for us.

Our message ids are unique on the account, so sending one again sends nothing twice.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from flow.collect.integrations.errors import CallRefused, ConnectionRefused, ProviderAway
from flow.collect.integrations.service import integration_of
from flow.collect.integrations.types import Answer, Call, Caller, Integration, Queued
from flow.collect.messages import store
from flow.collect.messages.parts import sms_size
from flow.database.transaction import Transaction
from flow.web.i18n import N_

__all__ = ["PAGE", "STATUS_ADDRESS", "authorise", "conclude", "facts", "fetch", "perform", "send_one", "test"]

STATUS_ADDRESS: Final = "status_address"
"""Among the credentials: where reports are to be sent. Its token is the secret."""
PAGE: Final = 250
_SEND: Final = "/v4/sms/outgoing"
_REFUSED, _UNAUTHORISED = (400, 404, 413, 422), (401, 403)
_WRONG_KEY: Final = N_("InMobile does not accept the API key.")


def authorise(call: Call, credentials: Mapping[str, str]) -> Call:
    """Basic, with the key as the password; and the secret address for reports on what is sent."""
    key = base64.b64encode(f"flow:{credentials.get('api_key', '')}".encode()).decode()
    body: Any = call.json
    address = credentials.get(STATUS_ADDRESS)
    if call.path == _SEND and address:
        body = {"messages": [{**message, "statusCallbackUrl": address} for message in body["messages"]]}
    return replace(call, json=body, headers={**call.headers, "Authorization": f"Basic {key}"})


async def test(caller: Caller, integration: Integration) -> None:
    """Has a number parsed, which sends nothing."""
    sender = str(integration.config.get("sender") or "")
    if not _is_sender(sender):
        raise ConnectionRefused(N_("The sender is 3 to 11 letters and digits, or a number of at most 14 digits."))
    body = {"numbersToParse": [{"countryHint": "DK", "rawMsisdn": "+45 20 12 34 56"}]}
    path = "/v4/tools/parsephonenumbers"
    answer = await caller(Call(method="POST", path=path, name=path, json=body, repeatable=True))
    if answer.status in _UNAUTHORISED:
        raise ConnectionRefused(_WRONG_KEY)
    if not answer.is_success:
        raise ConnectionRefused(N_("InMobile did not answer as expected."))


async def facts(transaction: Transaction, queued: Queued) -> Mapping[str, object] | None:
    """The messages of the batch that are still to be sent; None when there are none."""
    ids = [UUID(str(each)) for each in _list(queued.arguments.get("messages"))]
    integration = await integration_of(transaction, queued.restaurant_id, queued.provider)
    found = await store.sendable(transaction, queued.restaurant_id, ids)
    if not found or integration is None:
        return None
    sender = _sender(integration)
    return {
        "messages": [
            _wire(message.id, message.contact, message.body, sender, is_marketing=message.kind == "marketing")
            for message in found
            if message.is_allowed and message.contact
        ],
        "withdrawn": [str(message.id) for message in found if not message.is_allowed or not message.contact],
    }


async def perform(caller: Caller, queued: Queued, facts: Mapping[str, object]) -> Mapping[str, object]:
    """Sends the batch; which messages were taken, in how many parts, and which were refused, and why."""
    messages = _list(facts["messages"])
    refused: dict[str, str] = dict.fromkeys(_list(facts["withdrawn"]), "consent_withdrawn")
    sent, also_refused = await _send(caller, messages, is_again=queued.attempts > 1) if messages else ({}, {})
    return {"sent": sent, "refused": {**refused, **also_refused}}


async def conclude(transaction: Transaction, queued: Queued, result: Mapping[str, object]) -> None:
    for message, parts in _dict(result["sent"]).items():
        await store.note_sent(transaction, queued.restaurant_id, UUID(message), parts=parts)
    for message, code in _dict(result["refused"]).items():
        await store.note_refused(transaction, queued.restaurant_id, UUID(message), code)


async def send_one(caller: Caller, integration: Integration, message_id: UUID, *, to: str, text: str) -> bool:
    """Sends a message that is no row of ours; whether InMobile took it, be it now or at an earlier try."""
    message = _wire(message_id, to, text, _sender(integration))
    sent, _ = await _send(caller, [message], is_again=True)
    return bool(sent)


async def fetch(caller: Caller, path: str) -> bytes | None:
    """A page of reports or incoming messages, as JSON; None where there is nothing left.

    Whatever is in it is given out once: keep it before anything else.
    """
    answer = await caller(Call(method="GET", path=path, name=path, query={"limit": str(PAGE)}))
    if not answer.is_success:
        raise ProviderAway
    return json.dumps(answer.body).encode() if _count(answer) else None


async def _send(
    caller: Caller, messages: Sequence[Any], *, is_again: bool
) -> tuple[dict[str, int | None], dict[str, str]]:
    call = Call(method="POST", path=_SEND, name=_SEND, json={"messages": list(messages)}, repeatable=True)
    answer = await caller(call)
    if answer.is_success:
        return _sorted_out(messages, answer.body)
    if answer.status in _UNAUTHORISED:
        raise CallRefused(_WRONG_KEY)
    if answer.status not in _REFUSED:
        raise ProviderAway
    if len(messages) == 1:
        return _single(messages[0]["messageId"], answer.body, is_again=is_again)
    sent: dict[str, int | None] = {}
    refused: dict[str, str] = {}
    for message in messages:  # one bad message refuses them all: find out which
        taken, not_taken = await _send(caller, [message], is_again=is_again)
        sent.update(taken)
        refused.update(not_taken)
    return sent, refused


def _single(message_id: str, body: object, *, is_again: bool) -> tuple[dict[str, int | None], dict[str, str]]:
    """A message that is refused alone. An id that is known already means that the earlier try went through."""
    if is_again and "messageid" in str(body).lower():
        return {message_id: None}, {}
    return {}, {message_id: "refused"}


def _sorted_out(messages: Sequence[Any], body: object) -> tuple[dict[str, int | None], dict[str, str]]:
    """A message with an answer but without a valid number was not taken."""
    results = {str(each.get("messageId")): each for each in _list(_dict(body).get("results"))}
    sent: dict[str, int | None] = {}
    refused: dict[str, str] = {}
    for message in messages:
        result = results.get(message["messageId"])
        if result is None:
            refused[message["messageId"]] = "no_answer"
        elif not _dict(result.get("numberDetails")).get("isValidMsisdn"):
            refused[message["messageId"]] = "-3"
        else:
            count = result.get("smsCount")
            sent[message["messageId"]] = count if isinstance(count, int) and count > 0 else None
    return sent, refused


def _wire(message_id: UUID, to: str, text: str, sender: str, *, is_marketing: bool = False) -> dict[str, object]:
    return {
        "to": to.removeprefix("+"),
        "from": sender,
        "text": text,
        "messageId": str(message_id),
        "respectBlacklist": is_marketing,  # a guest who asks something wants the answer
        "encoding": sms_size(text).encoding,
    }


def _sender(integration: Integration) -> str:
    return str(integration.config.get("sender") or integration.account or "")


def _is_sender(sender: str) -> bool:
    if sender.lstrip("+").isdigit():
        return len(sender.lstrip("+")) <= 14
    return 3 <= len(sender) <= 11


def _count(answer: Answer) -> int:
    body = _dict(answer.body)
    return len(_list(body.get("reports"))) + len(_list(body.get("messages")))


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
