"""Calls to Meta. Its sending knows no idempotency key, so a request that may have arrived is never simply repeated.

facts      notes that a request goes out now (or that one did before)
perform    sends; or, where an earlier request may have arrived, waits for its echo, and only then sends again
conclude   writes the id that Meta gave, or that nothing arrived and it may be sent again
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from flow.collect.integrations import store as integrations
from flow.collect.integrations.errors import ConnectionRefused, NotYet, ProviderAway
from flow.collect.integrations.queue import enqueue
from flow.collect.integrations.service import integration_of
from flow.collect.integrations.types import Answer, Call, Caller, Integration, Queued
from flow.collect.messages import store
from flow.collect.messages.sending import SEND
from flow.collect.messages.types import Sendable
from flow.database.transaction import Transaction
from flow.web.i18n import N_

__all__ = ["authorise", "conclude", "facts", "perform", "subscribe", "test"]

WINDOW: Final = timedelta(hours=24)
"""After a guest's last message it may be answered freely."""
HUMAN_WINDOW: Final = timedelta(days=7)
"""So long may a person answer, with a tag that says so."""
_ECHO_COMES_WITHIN: Final = timedelta(minutes=3)
"""An echo comes within seconds. Where none came in this time, the request did not arrive."""
_MOST_GUESSES: Final = 3
_LOOK_AGAIN: Final = 20.0  # seconds
_IN_ORDER: Final = 1.0
_VERSION: Final = "v24.0"
_MOST_TRIES: Final = 8
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=15), timedelta(hours=1)

_TOKEN, _WINDOW_CLOSED, _TEMPORARY, _GUEST_GONE = 190, 10, (2, 4, 613), 551
_BY_HAND: Final = ("staff",)


@dataclass(frozen=True, slots=True)
class Manner:
    """How the two channels differ: Instagram log-in wants no messaging_type but for a tag, and has no field of echoes.

    `fields` are what the account is subscribed to.
    """

    says_type: bool
    fields: tuple[str, ...]


def authorise(call: Call, credentials: Mapping[str, str]) -> Call:
    """A bearer token in the header: in the address it would land in logs."""
    return replace(call, headers={**call.headers, "Authorization": f"Bearer {credentials.get('access_token', '')}"})


async def test(caller: Caller, integration: Integration) -> None:
    """Asks for the account's own id."""
    path = f"/{_version(integration)}/{integration.account}"
    answer = await caller(Call(method="GET", path=path, name="/account", query={"fields": "id"}, repeatable=True))
    if _code(answer) == _TOKEN or answer.status in (401, 403):
        raise ConnectionRefused(N_("Meta does not accept the access token."))
    if not answer.is_success:
        raise ConnectionRefused(N_("Meta knows no such account, or the token may not see it."))


async def subscribe(caller: Caller, integration: Integration, manner: Manner) -> None:
    """Subscribes the account to messages; ConnectionRefused where the token may not, and nobody else has."""
    path = f"/{_version(integration)}/{integration.account}/subscribed_apps"
    query = {"subscribed_fields": ",".join(manner.fields)}
    answer = await caller(Call(method="POST", path=path, name="/subscribed_apps", query=query, repeatable=True))
    if answer.is_success:
        return
    found = await caller(Call(method="GET", path=path, name="/subscribed_apps", repeatable=True))
    there = [set(_list(each.get("subscribed_fields"))) for each in _list(_dict(found.body).get("data"))]
    if not any("messages" in names for names in there):
        raise ConnectionRefused(N_("Meta does not let the token subscribe the account to messages."))


async def facts(transaction: Transaction, queued: Queued) -> Mapping[str, object] | None:
    """The message, and what is to be done about it; None when nothing is any more.

    Whoever reads that it is to be sent has noted, in the same transaction, that a request goes out.
    """
    ids = [UUID(str(each)) for each in _list(queued.arguments.get("messages"))]
    integration = await integration_of(transaction, queued.restaurant_id, queued.provider)
    found = await store.sendable(transaction, queued.restaurant_id, ids)
    if not found or integration is None:
        return None
    message = found[0]
    step = _step(message)
    if step == "send":
        await store.begin_sending(transaction, queued.restaurant_id, message.id)
    return {
        "step": step,
        "message": str(message.id),
        "recipient": message.contact,
        "text": message.body,
        "tag": _needs_tag(message),
        "tries": message.attempts + 1,
        "path": f"/{_version(integration)}/{integration.account}/messages",
    }


async def perform(caller: Caller, facts: Mapping[str, object], manner: Manner) -> Mapping[str, object]:
    """Sends, waits, or gives up; the outcome for `conclude`. It holds no text and no contact."""
    message, step = str(facts["message"]), str(facts["step"])
    if step == "wait_in_line":
        raise NotYet(after_seconds=_IN_ORDER)
    if step == "wait_for_echo":
        raise NotYet(after_seconds=_LOOK_AGAIN)
    if step != "send":
        return _refused(message, step)
    body = _body(facts, manner)
    try:
        answer = await caller(Call(method="POST", path=str(facts["path"]), name="/messages", json=body))
    except ProviderAway as away:
        if away.is_ambiguous:
            raise NotYet(after_seconds=_LOOK_AGAIN) from away
        return _later(message, facts)
    return _outcome(message, answer, facts)


async def conclude(transaction: Transaction, queued: Queued, result: Mapping[str, object]) -> None:
    message, outcome = UUID(str(result["message"])), result["outcome"]
    restaurant_id = queued.restaurant_id
    if outcome == "sent":
        mid = str(result["mid"])
        await store.forget_echo(transaction, restaurant_id, queued.provider, mid)
        await store.note_sent(transaction, restaurant_id, message, provider_message_id=mid)
    elif outcome == "later":
        await store.not_sent(transaction, restaurant_id, message)
        await _again(transaction, queued, message, int(str(result["tries"])))
    else:
        await store.note_refused(transaction, restaurant_id, message, str(result["code"]))
        if result["code"] == str(_TOKEN):
            await _note_token(transaction, queued)


def _step(message: Sendable) -> str:
    """What is to be done: `send`, `wait_in_line`, `wait_for_echo`, or the code of a refusal."""
    if message.sending_since is not None:
        if message.now - message.sending_since <= _ECHO_COMES_WITHIN:
            return "wait_for_echo"
        if message.attempts >= _MOST_GUESSES:
            return "maybe_sent"
    if message.contact is None or not message.is_allowed:
        return "consent_withdrawn"
    silence = None if message.last_heard_at is None else message.now - message.last_heard_at
    if silence is None or silence > (HUMAN_WINDOW if message.kind in _BY_HAND else WINDOW):
        return "window_closed"
    return "wait_in_line" if message.is_behind else "send"


def _needs_tag(message: Sendable) -> bool:
    """The tag is for people: nothing automatic goes out under it."""
    is_late = message.last_heard_at is not None and message.now - message.last_heard_at > WINDOW
    return is_late and message.kind in _BY_HAND


def _body(facts: Mapping[str, object], manner: Manner) -> dict[str, object]:
    body: dict[str, object] = {"recipient": {"id": facts["recipient"]}, "message": {"text": facts["text"]}}
    if facts["tag"]:
        return {**body, "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    return {**body, "messaging_type": "RESPONSE"} if manner.says_type else body


def _outcome(message: str, answer: Answer, facts: Mapping[str, object]) -> dict[str, object]:
    mid = _dict(answer.body).get("message_id")
    if answer.is_success and mid:
        return {"message": message, "outcome": "sent", "mid": str(mid)}
    code = _code(answer)
    if code in _TEMPORARY or answer.status == 429:
        return _later(message, facts)
    if code is None and (answer.is_success or answer.status >= 500):
        raise NotYet(after_seconds=_LOOK_AGAIN)  # it may have been sent: the echo tells
    if code == _WINDOW_CLOSED:
        return _refused(message, "window_closed")
    return _refused(message, str(code if code is not None else answer.status))


def _later(message: str, facts: Mapping[str, object]) -> dict[str, object]:
    tries = int(str(facts["tries"]))
    if tries >= _MOST_TRIES:
        return _refused(message, "provider_away")
    return {"message": message, "outcome": "later", "tries": tries}


def _refused(message: str, code: str) -> dict[str, object]:
    return {"message": message, "outcome": "refused", "code": code}


async def _again(transaction: Transaction, queued: Queued, message: UUID, tries: int) -> None:
    """Another call, later: this one is over, and what it learnt (nothing arrived) is written."""
    now = await store.database_time(transaction)
    pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (tries - 1))
    await enqueue(
        transaction,
        queued.restaurant_id,
        queued.provider,
        SEND,
        f"{SEND}:{message}:{tries}",
        {"messages": [str(message)]},
        now=now,
        at=now + pause,
    )


async def _note_token(transaction: Transaction, queued: Queued) -> None:
    integration = await integration_of(transaction, queued.restaurant_id, queued.provider)
    if integration is not None:
        await integrations.note_trouble(transaction, integration, "credentials_refused", is_lasting=True)


def _version(integration: Integration) -> str:
    return str(integration.config.get("graph_version") or _VERSION)


def _code(answer: Answer) -> int | None:
    code = _dict(_dict(answer.body).get("error")).get("code")
    return code if isinstance(code, int) else None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
