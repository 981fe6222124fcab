"""What InMobile says: reports on messages that were sent, and messages of guests, pushed or fetched."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from typing import Final, TypeVar

import msgspec

from flow.collect.webhooks.errors import Unreadable
from flow.collect.webhooks.types import Arrival
from flow.kit.contact import normalise_phone

__all__ = ["INCOMING", "REPORT", "UNKNOWN", "IncomingSms", "Report", "contact_of", "moment", "parse", "read"]

INCOMING: Final = "sms.incoming"
REPORT: Final = "sms.report"
UNKNOWN: Final = "unknown"
_SEPARATOR: Final = "\x1f"
_E164: Final = re.compile(r"\+[1-9][0-9]{5,14}")
_Struct = TypeVar("_Struct", bound=msgspec.Struct)


class DeliveryInfo(msgspec.Struct, rename="camel"):
    state_code: int
    send_time: str | None = None
    done_time: str | None = None
    error_code: int | None = None


class ChargeInfo(msgspec.Struct, rename="camel"):
    sms_count: int | None = None


class NumberDetails(msgspec.Struct, rename="camel"):
    country_code: str | None = None
    phone_number: str | None = None
    msisdn: str | None = None
    is_valid_msisdn: bool | None = None


class Report(msgspec.Struct, rename="camel"):
    """`delivery_info.state_code`: 1 delivered, -1 failed, -2 cancelled, 0 unknown."""

    message_id: str
    delivery_info: DeliveryInfo
    number_details: NumberDetails | None = None
    charge_info: ChargeInfo | None = None


class Source(msgspec.Struct, rename="camel"):
    country_code: str | None = None
    phone_number: str | None = None
    raw_source: str | None = None
    is_valid_msisdn: bool = False


class Target(msgspec.Struct, rename="camel"):
    msisdn: str | None = None


class IncomingSms(msgspec.Struct, rename={"source": "from", "target": "to", "received_at": "receivedAt"}):
    """`source` is a name, without number, for a sender that has none."""

    source: Source
    target: Target
    received_at: str
    text: str | None = None


class _Delivery(msgspec.Struct):
    reports: list[msgspec.Raw] | None = None
    messages: list[msgspec.Raw] | None = None


def read(body: bytes) -> list[Arrival]:
    """The facts of a delivery or of a fetched page; one that is of no known shape is one fact of type `unknown`.

    The shape of pushed messages is not documented: a list of them and a single one are understood.
    """
    try:
        delivery = msgspec.json.decode(body, type=_Delivery)
    except msgspec.MsgspecError:
        return [_unknown(body)]
    if delivery.reports is None and delivery.messages is None:
        return [_message(body)]
    reports = [_report(bytes(each)) for each in delivery.reports or ()]
    return [*reports, *(_message(bytes(each)) for each in delivery.messages or ())]


def parse(payload: bytes, shape: type[_Struct]) -> _Struct:
    """A fact as `read` found it; Unreadable if it is something else."""
    try:
        return msgspec.json.decode(payload, type=shape)
    except msgspec.MsgspecError:
        raise Unreadable from None


def contact_of(source: Source | NumberDetails) -> str | None:
    """The number in E.164; None for a sender who has none."""
    number = f"+{source.country_code}{source.phone_number}"
    if not (source.country_code and source.phone_number and source.is_valid_msisdn):
        return None
    return normalise_phone(number) or (number if _E164.fullmatch(number) else None)


def moment(text: str | None) -> datetime | None:
    """A time of theirs (UTC, `2026-01-01T10:00:04Z`); None where there is none, or it is none."""
    try:
        parsed = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def dedupe_key(sms: IncomingSms) -> str:
    """What makes a guest's message one message: it has no id of its own."""
    parts = (sms.source.raw_source, sms.target.msisdn, sms.received_at, sms.text)
    return hashlib.sha256(_SEPARATOR.join(part or "" for part in parts).encode()).hexdigest()


def _report(payload: bytes) -> Arrival:
    try:
        report = parse(payload, Report)
    except Unreadable:
        return _unknown(payload)
    contact = contact_of(report.number_details) if report.number_details else None
    key = f"{report.message_id}:{report.delivery_info.state_code}"
    return Arrival(dedupe_key=key, event_type=REPORT, payload=payload, contact=contact)


def _message(payload: bytes) -> Arrival:
    try:
        sms = parse(payload, IncomingSms)
    except Unreadable:
        return _unknown(payload)
    return Arrival(dedupe_key=dedupe_key(sms), event_type=INCOMING, payload=payload, contact=contact_of(sms.source))


def _unknown(payload: bytes) -> Arrival:
    digest = hashlib.sha256(payload).hexdigest()
    return Arrival(dedupe_key=f"{UNKNOWN}:{digest}", event_type=UNKNOWN, payload=payload)
