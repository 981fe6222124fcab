"""Conversations: the list of them, one with its messages, and the form with which it is answered."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from flow.access.roles.people import names_of
from flow.collect.integrations.errors import NotConnected
from flow.collect.integrations.service import integration_of
from flow.collect.messages.sending import send
from flow.collect.messages.types import PROVIDER_OF, Outgoing
from flow.conversations.log import service as log
from flow.database.transaction import Transaction
from flow.delivery.conversations import labels, store
from flow.delivery.conversations.choosing import choose_shop
from flow.delivery.conversations.types import TalkRow
from flow.errors import InvalidInput, NotAllowed
from flow.web.addresses import require_same_origin
from flow.web.once import is_first_time
from flow.web.pages import render, translator
from flow.web.places import places
from flow.web.services import services
from flow.web.transactions import ServiceTransaction, UserTransaction

router = APIRouter(include_in_schema=False)
PAGE: Final = "/conversations"
READ, WRITE = "messages.read", "messages.write"
_MOST_TALKS, _MOST_MESSAGES = 200, 300
_LONGEST: Final = 2_000  # characters of an answer
_ANSWERABLE_FOR: Final = timedelta(days=7)  # of Meta's channels, by a person

OfRestaurant = Annotated[UUID, Query(alias="restaurant")]


@router.get(PAGE, response_class=HTMLResponse)
async def conversations_page(
    request: Request,
    transaction: UserTransaction,
    restaurant: Annotated[str, Query(max_length=36)] = "",
    show: Annotated[str, Query(max_length=20)] = "all",
) -> HTMLResponse:
    """Who wrote, and who waits."""
    words = translator(request)
    chosen, choices = await choose_shop(transaction, restaurant, READ, words)
    everything = show != "waiting"
    return render(
        request,
        "conversations.html",
        title=words.gettext("Conversations"),
        restaurant=chosen,
        choices=choices,
        talks=await store.talks(transaction, chosen.id, everything=everything, most=_MOST_TALKS),
        waiting=await store.count_waiting(transaction, chosen.id),
        everything=everything,
        labels=labels,
        now=services(request).clock.now(),
        places=places(transaction, str(chosen.id), words),
    )


@router.get(f"{PAGE}/{{conversation_id}}", response_class=HTMLResponse)
async def conversation_page(
    request: Request, transaction: UserTransaction, conversation_id: str, restaurant: OfRestaurant
) -> HTMLResponse:
    """What was said, and the form to answer."""
    words, now = translator(request), services(request).clock.now()
    chosen, _ = await choose_shop(transaction, str(restaurant), READ, words)
    talk = await store.talk(transaction, restaurant, conversation_id)
    messages = await store.said(transaction, restaurant, conversation_id, most=_MOST_MESSAGES)
    people, _places = await names_of(
        services(request).database, users={each.sent_by for each in messages if each.sent_by}, restaurants=set()
    )
    return render(
        request,
        "conversation.html",
        title=talk.guest or labels.somebody(talk.channel, words),
        restaurant=chosen,
        talk=talk,
        messages=[(each, labels.status(each.status, words), labels.fault(each.error_code, words)) for each in messages],
        people=people,
        may_answer=_may(transaction, restaurant),
        can_answer=_can_answer(talk, now),
        closes_at=_closes_at(talk),
        longest=_LONGEST,
        labels=labels,
        now=now,
        places=places(transaction, str(restaurant), words),
    )


@router.post(f"{PAGE}/{{conversation_id}}/answers", dependencies=[Depends(require_same_origin)])
async def answer(
    request: Request,
    transaction: UserTransaction,
    service: ServiceTransaction,
    conversation_id: str,
    restaurant: OfRestaurant,
    text: Annotated[str, Form(max_length=_LONGEST)],
) -> RedirectResponse:
    """Sends an answer to the guest."""
    by = _writer(transaction, restaurant)
    talk = await store.talk(transaction, restaurant, conversation_id)
    if await integration_of(service, restaurant, PROVIDER_OF[talk.channel]) is None:
        raise NotConnected
    if talk.contact is None:
        raise InvalidInput("It is not known any more who this guest was.")
    if not await is_first_time(request, service, restaurant, WRITE):
        return _back(conversation_id, restaurant)
    now = services(request).clock.now()
    message = Outgoing(
        channel=talk.channel,
        contact=talk.contact,
        text=text,
        kind="staff",
        conversation_id=conversation_id,
        customer_id=talk.customer_id,
        sent_by=by,
    )
    [sent, *_] = await send(service, restaurant, message, now=now)
    await log.note_answer(
        service, restaurant, conversation_id, text.strip(), message_id=sent, state="answered", now=now
    )
    return _back(conversation_id, restaurant)


@router.post(f"{PAGE}/{{conversation_id}}/close", dependencies=[Depends(require_same_origin)])
async def close(
    request: Request,
    transaction: UserTransaction,
    service: ServiceTransaction,
    conversation_id: str,
    restaurant: OfRestaurant,
) -> RedirectResponse:
    """Puts a conversation aside; the guest's next message begins another."""
    _writer(transaction, restaurant)
    await store.talk(transaction, restaurant, conversation_id)
    await log.close(service, restaurant, conversation_id, now=services(request).clock.now())
    return RedirectResponse(f"{PAGE}?{urlencode({'restaurant': restaurant})}", status_code=303)


def _may(transaction: Transaction, restaurant: UUID) -> bool:
    return transaction.caller is not None and restaurant in transaction.caller.restaurants_with(WRITE)


def _writer(transaction: Transaction, restaurant: UUID) -> UUID:
    """Who writes, if allowed to."""
    if not _may(transaction, restaurant):
        raise NotAllowed
    assert transaction.caller is not None
    return transaction.caller.user_id


def _closes_at(talk: TalkRow) -> datetime | None:
    """Until when the channel lets a person answer; None where it does not mind, or nobody wrote."""
    if talk.channel == "sms" or talk.last_heard_at is None:
        return None
    return talk.last_heard_at + _ANSWERABLE_FOR


def _can_answer(talk: TalkRow, now: datetime) -> bool:
    closes = _closes_at(talk)
    return talk.contact is not None and (closes is None or now <= closes)


def _back(conversation_id: str, restaurant: UUID) -> RedirectResponse:
    return RedirectResponse(f"{PAGE}/{conversation_id}?{urlencode({'restaurant': restaurant})}#end", status_code=303)
