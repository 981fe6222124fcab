"""What Meta says: batches of mixed items, of which none loses another."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.collect.providers.meta.payload import MessagingItem, accounts, parse, read, text_of
from flow.collect.webhooks.errors import Unreadable

OURS, GUEST = "17841400000000001", "900000000000001"


def _item(sender: str = GUEST, **what: object) -> dict[str, Any]:
    recipient = OURS if sender == GUEST else GUEST
    return {"sender": {"id": sender}, "recipient": {"id": recipient}, "timestamp": 1569262485349, **what}


MIXED = [
    _item(message={"mid": "mid.1", "attachments": [{"type": "image", "payload": {"url": "https://x"}}],
                   "reply_to": {"story": {"url": "https://…", "id": "17900000000000000"}}}),
    _item(OURS, message={"mid": "mid.2", "text": "Ja, til kl. 22", "is_echo": True}),
    _item(reaction={"mid": "mid.2", "action": "react", "reaction": "love", "emoji": "❤"}),
    _item(message={"mid": "mid.1", "is_deleted": True}),
    _item(message={"mid": "mid.3", "is_unsupported": True}),
    _item(postback={"mid": "mid.4", "title": "Bestil bord", "payload": "BOOK_TABLE"}),
]  # fmt: skip


def _body(*messaging: object, about: str = "instagram", account: str = OURS, **more: object) -> bytes:
    entry = {"id": account, "time": 1569262486134, "messaging": list(messaging), **more}
    return json.dumps({"object": about, "entry": [entry]}).encode()


def _kinds(body: bytes, about: str = "instagram") -> list[str]:
    return [arrival.event_type for arrival in read(body, about=about, account=OURS)]


def test_a_mixed_batch_is_understood_item_by_item() -> None:
    arrivals = read(_body(*MIXED), about="instagram", account=OURS)

    assert ["message", "echo", "reaction", "deleted", "message", "postback"] == [each.event_type for each in arrivals]
    assert {GUEST} == {each.contact for each in arrivals}
    assert len(arrivals) == len({each.dedupe_key for each in arrivals})
    texts = [text_of(parse(each.payload, MessagingItem)) for each in arrivals]
    assert ["[image]", "Ja, til kl. 22", "", "", "[?]", "Bestil bord"] == texts


def test_messenger_tells_a_quick_reply_and_a_receipt() -> None:
    quick = _item(message={"mid": "mid.1457764197618:41d102a3e1ae206a38", "text": "hello, world!",
                           "quick_reply": {"payload": "MENU"}})  # fmt: skip
    receipt = _item(delivery={"mids": ["mid.1458668856218:ed81099e15d3f4f233"], "watermark": 1458668856253})

    assert ["message", "delivery"] == _kinds(_body(quick, receipt, about="page"), about="page")


def test_our_own_message_is_an_echo_even_without_saying_so() -> None:
    assert ["echo"] == _kinds(_body(_item(OURS, message={"mid": "mid.2", "text": "Ja"})))


def test_what_another_app_answers_and_comments_have_no_effect() -> None:
    body = _body(standby=[_item(message={"mid": "m", "text": "x"})], changes=[{"field": "comments", "value": {}}])

    assert ["standby", "comments"] == _kinds(body)


def test_entries_of_other_accounts_are_left_to_them() -> None:
    other = {"id": "42", "messaging": [_item(message={"mid": "m", "text": "x"})]}
    ours = {"id": OURS, "messaging": [_item(message={"mid": "n", "text": "y"})]}
    body = json.dumps({"object": "instagram", "entry": [other, ours]}).encode()

    assert ["42", OURS] == accounts(body)
    assert ["message:n"] == [each.dedupe_key for each in read(body, about="instagram", account=OURS)]


def test_another_object_is_thanked_for_and_left() -> None:
    assert ["unknown"] == _kinds(_body(about="whatsapp_business_account"))


@pytest.mark.parametrize("item", [{}, 3, "x", {"sender": {}}, {"sender": {"id": 1}}, _item(message={"text": "no id"})])
def test_an_item_of_another_shape_does_not_lose_its_neighbours(item: object) -> None:
    fine = _item(message={"mid": "mid.9", "text": "Hej"})

    assert ["unknown", "message"] == _kinds(_body(item, fine))


def test_an_item_that_says_nothing_known_is_kept() -> None:
    assert ["other"] == _kinds(_body(_item(optin={"type": "x"})))


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.text() | st.integers(), st.lists).map(json.dumps).map(str.encode)
)
def test_anything_can_be_looked_at(body: bytes) -> None:
    accounts(body)
    with suppress(Unreadable):
        read(body, about="instagram", account=OURS)
