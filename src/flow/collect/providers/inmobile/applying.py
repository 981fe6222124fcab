"""Lets InMobile's facts take effect: reports move messages on, guests' messages are taken in."""

from __future__ import annotations

from typing import Final

from flow.collect.integrations.store import note_trouble
from flow.collect.messages.receiving import take_in
from flow.collect.messages.reports import take_report
from flow.collect.messages.types import Delivery, Enter, Incoming
from flow.collect.providers.inmobile.payload import (
    INCOMING,
    REPORT,
    IncomingSms,
    Report,
    contact_of,
    dedupe_key,
    moment,
    parse,
)
from flow.collect.webhooks.types import Applying, Item, Outcome

__all__ = ["apply"]

_DELIVERED: Final = 1
_FAILED: Final = (-1, -2)
_OF_THE_ACCOUNT: Final = {-8: "insufficient_funds", -14: "sender_blocked", -202: "account_deactivated"}
"""Failures that will hit the next message as well: the restaurant has to do something."""


async def apply(applying: Applying, item: Item, enter: Enter) -> Outcome:
    if item.event_type == REPORT:
        return await _report(applying, parse(item.payload, Report))
    if item.event_type == INCOMING:
        return await _incoming(applying, parse(item.payload, IncomingSms), item, enter)
    return Outcome("ignored", "unknown_shape")


async def _report(applying: Applying, report: Report) -> Outcome:
    info = report.delivery_info
    if info.state_code != _DELIVERED and info.state_code not in _FAILED:
        return Outcome("ignored", "unknown_state")
    if info.error_code in _OF_THE_ACCOUNT:
        trouble = _OF_THE_ACCOUNT[info.error_code]
        await note_trouble(applying.transaction, applying.integration, trouble, is_lasting=False)
    delivery = Delivery(
        status="delivered" if info.state_code == _DELIVERED else "failed",
        at=moment(info.done_time) or moment(info.send_time) or applying.now,
        error_code=None if info.error_code is None else str(info.error_code),
        parts=report.charge_info.sms_count if report.charge_info else None,
    )
    return await take_report(applying, report.message_id, delivery)


async def _incoming(applying: Applying, sms: IncomingSms, item: Item, enter: Enter) -> Outcome:
    ours = _digits(applying.integration.account)
    if ours and sms.target.msisdn and _digits(sms.target.msisdn) != ours:
        return Outcome("parked", "another_number")  # of the same account, which no restaurant here has connected
    contact = contact_of(sms.source)
    incoming = Incoming(
        channel="sms",
        contact=contact or sms.source.raw_source or "?",
        text=(sms.text or "").replace("\0", ""),
        message_id=dedupe_key(sms),
        sent_at=moment(sms.received_at) or item.received_at,
        can_answer=contact is not None,
    )
    return await take_in(applying, incoming, enter)


def _digits(number: str | None) -> str:
    return "".join(filter(str.isdigit, number or ""))
