"""The page of keywords: which words guests may send, what each is answered, and what sending it agrees to."""

from __future__ import annotations

import re
from typing import Annotated, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from flow.collect.messages.stop_words import first_word, stop_word
from flow.database.transaction import Transaction
from flow.delivery.conversations import store
from flow.delivery.conversations.choosing import choose_shop
from flow.errors import InvalidInput, NotAllowed, NotFound
from flow.web.addresses import require_same_origin
from flow.web.pages import render, translator
from flow.web.places import places
from flow.web.services import services
from flow.web.transactions import ServiceTransaction, UserTransaction

router = APIRouter(include_in_schema=False)
PAGE: Final = "/conversations/keywords"
READ, WRITE = "messages.read", "messages.write"
_WORD: Final = re.compile(r"[0-9A-ZÆØÅÄÖ]{2,20}")
_SHORTEST_CONSENT: Final = 20

OfRestaurant = Annotated[UUID, Query(alias="restaurant")]


@router.get(PAGE, response_class=HTMLResponse)
async def keywords_page(
    request: Request, transaction: UserTransaction, restaurant: Annotated[str, Query(max_length=36)] = ""
) -> HTMLResponse:
    """The words, and how often guests sent each."""
    assert transaction.caller is not None
    words = translator(request)
    chosen, choices = await choose_shop(transaction, restaurant, READ, words)
    return render(
        request,
        "keywords.html",
        title=words.gettext("Keywords"),
        restaurant=chosen,
        choices=choices,
        keywords=await store.words(transaction, chosen.id),
        may_write=chosen.id in transaction.caller.restaurants_with(WRITE),
        places=places(transaction, str(chosen.id), words),
    )


@router.post(PAGE, dependencies=[Depends(require_same_origin)])
async def keep_keyword(
    request: Request,
    transaction: UserTransaction,
    service: ServiceTransaction,
    restaurant: OfRestaurant,
    keyword: Annotated[str, Form(max_length=40)],
    reply: Annotated[str, Form(min_length=1, max_length=600)],
    consent_text: Annotated[str, Form(max_length=4000)] = "",
) -> RedirectResponse:
    """Adds a keyword, or changes what one is answered."""
    by = _writer(transaction, restaurant)
    word, agreed = first_word(keyword), consent_text.strip()
    if not _WORD.fullmatch(word) or stop_word(word) is not None:
        raise InvalidInput("A keyword is one word of 2 to 20 letters and digits, and none that says stop.")
    if agreed and len(agreed) < _SHORTEST_CONSENT:
        raise InvalidInput("Say in a sentence what sending the word agrees to.")
    if not reply.strip():
        raise InvalidInput("Write what is answered.")
    await store.keep_word(
        service,
        restaurant,
        word,
        reply=reply.strip(),
        consent_text=agreed or None,
        by=by,
        now=services(request).clock.now(),
    )
    return _back(restaurant)


@router.post(f"{PAGE}/{{keyword}}/end", dependencies=[Depends(require_same_origin)])
async def end_keyword(
    request: Request,
    transaction: UserTransaction,
    service: ServiceTransaction,
    keyword: str,
    restaurant: OfRestaurant,
) -> RedirectResponse:
    """Ends a keyword: guests who send it write to a person from now on."""
    _writer(transaction, restaurant)
    if not await store.end_word(service, restaurant, keyword, now=services(request).clock.now()):
        raise NotFound
    return _back(restaurant)


def _writer(transaction: Transaction, restaurant: UUID) -> UUID:
    """Who writes, if allowed to."""
    assert transaction.caller is not None
    if restaurant not in transaction.caller.restaurants_with(WRITE):
        raise NotAllowed
    return transaction.caller.user_id


def _back(restaurant: UUID) -> RedirectResponse:
    return RedirectResponse(f"{PAGE}?{urlencode({'restaurant': restaurant})}", status_code=303)
