"""Text messages that go out: taken, refused, sent later, reported."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime

from flow.demo.providers.books import Json
from flow.demo.providers.inmobile.errors import Refused
from flow.demo.providers.inmobile.texts import encoding_of, number_details, parts_of
from flow.demo.providers.world import World, identifier

__all__ = ["Sending", "instant"]

_MOST_MESSAGES, _LONGEST_TEXT, _LONGEST_ID, _LONGEST_URL = 250, 10_000, 50, 500
_UNDELIVERABLE = "99"
"""Numbers that end so cannot be reached, so that failures can be tried."""


def instant(at: datetime) -> str:
    """A time as InMobile writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


class Sending:
    """One account's outgoing messages."""

    def __init__(self, world: World, account: Json) -> None:
        self._world = world
        self._account = account

    def take(self, body: Json) -> list[Json]:
        """Results in the order of the messages; Refused when the whole call is. Reports follow by themselves."""
        messages = body.get("messages")
        if not isinstance(messages, list) or not 1 <= len(messages) <= _MOST_MESSAGES:
            raise Refused(400, "messages must hold 1 to 250 messages")
        for message in messages:
            _check(message)
        return [self._result(message) for message in messages]

    def cancel(self, message_id: str) -> Json:
        """What came of the wish to stop a message that has not gone yet."""
        message = self._messages.get(self._name(message_id))
        if message is None:
            code, told = -2, "Not found"
        elif message["state"] is None:
            message["state"] = -2
            code, told = 1, "Success"
            self._report([message])
        else:
            code, told = -1, "Not cancelled"
        return {"messageId": message_id, "resultCode": code, "resultDescription": told}

    def send_due(self) -> None:
        """Sends what has waited for its time; reports of one address go together, as InMobile bundles them."""
        now, bundles = instant(self._world.now()), defaultdict(list)
        for message in self._messages.values():
            if message["account"] == self._account["number"] and message["state"] is None and message["due"] <= now:
                message["state"] = self._fate(message)
                bundles[message["callback"]].append(message)
        for bundle in bundles.values():
            self._report(bundle)

    def _result(self, message: Json) -> Json:
        number = message.get("messageId") or identifier("", 32)
        known = self._messages.get(self._name(number))
        # What InMobile answers to an id that it knows is not documented; it never sends one twice.
        if known is None:
            known = self._keep(number, message)
        return {name: known[name] for name in ("numberDetails", "text", "from", "smsCount", "messageId", "encoding")}

    def _keep(self, number: str, message: Json) -> Json:
        text = str(message["text"])[:_LONGEST_TEXT]
        encoding = encoding_of(text, message.get("encoding", "gsm7"))
        details = number_details(str(message["to"]), message.get("countryHint"))
        kept = {
            "account": self._account["number"],
            "numberDetails": details,
            "text": text,
            "from": str(message["from"])[: 14 if str(message["from"]).isdigit() else 11],
            "smsCount": parts_of(text, encoding),
            "messageId": number,
            "encoding": encoding,
            "callback": message.get("statusCallbackUrl", ""),
            "respects_blacklist": message.get("respectBlacklist", True),
            "due": message.get("sendTime") or instant(self._world.now()),
            # A number that is none is never reported on: the answer has said so.
            "state": None if details["isValidMsisdn"] else "invalid",
        }
        self._messages[self._name(number)] = kept
        self._world.books.touch()
        return kept

    def _fate(self, message: Json) -> int:
        number = message["numberDetails"]["msisdn"]
        if message["respects_blacklist"] and number in self._world.books.table("inmobile.blacklist"):
            message["error"] = (-105, "Blacklisted")
        elif number.endswith(_UNDELIVERABLE):
            message["error"] = (-1, "Undeliverable message")
        return -1 if "error" in message else 1

    def _report(self, messages: list[Json]) -> None:
        reports = [self._report_of(message) for message in messages]
        waiting = self._world.books.table("inmobile.reports")
        for report in reports:
            waiting[identifier("", 16)] = {"account": self._account["number"], "report": report}
        if callback := messages[0]["callback"]:
            body = json.dumps({"reports": reports}, ensure_ascii=False).encode()
            self._world.post.send(self._account, "report", body, url=callback)
        self._world.books.touch()

    def _report_of(self, message: Json) -> Json:
        now, state = instant(self._world.now()), message["state"]
        described = {1: "Delivered", -1: "Failed", -2: "Cancelled"}[state]
        delivery: Json = {"stateCode": state, "stateDescription": described, "sendTime": now, "doneTime": now}
        if state == -1:
            delivery["errorCode"], delivery["errorDescription"] = message["error"]
        charge = {"isCharged": state != -2, "smsCount": message["smsCount"], "encoding": message["encoding"]}
        return {
            "messageId": message["messageId"],
            "numberDetails": {**message["numberDetails"], "isAnonymized": False},
            "deliveryInfo": delivery,
            "chargeInfo": charge,
        }

    def _name(self, message_id: str) -> str:
        return f"{self._account['number']}:{message_id}"

    @property
    def _messages(self) -> dict[str, Json]:
        return self._world.books.table("inmobile.outgoing")


def _check(message: Json) -> None:
    for name in ("to", "from", "text"):
        if not message.get(name):
            raise Refused(400, f"{name} is required")
    if len(str(message["to"])) > 20:
        raise Refused(400, "to may have at most 20 characters")
    if len(str(message["from"])) < 3:
        raise Refused(400, "from must have at least 3 characters")
    if len(str(message.get("messageId", ""))) > _LONGEST_ID:
        raise Refused(400, "messageId may have at most 50 characters")
    if message.get("encoding", "gsm7") not in ("gsm7", "ucs2", "auto"):
        raise Refused(400, "encoding must be gsm7, ucs2 or auto")
    if not 60 <= message.get("validityPeriodInSeconds", 172_800) <= 172_800:
        raise Refused(400, "validityPeriodInSeconds must be 60 to 172800")
    if len(message.get("statusCallbackUrl", "")) > _LONGEST_URL:
        raise Refused(400, "statusCallbackUrl may have at most 500 characters")
