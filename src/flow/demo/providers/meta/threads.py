"""What passes between a customer and a restaurant's account at Meta, and the notifications of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from flow.demo.providers.books import Json
from flow.demo.providers.world import World, identifier

__all__ = ["Threads", "milliseconds"]

_WINDOW, _HUMAN_WINDOW = timedelta(hours=24), timedelta(days=7)


def milliseconds(at: datetime) -> int:
    """A time as Meta writes it."""
    return int(at.timestamp() * 1000)


class Threads:
    """One account's conversations: an Instagram professional account, or a page."""

    def __init__(self, world: World, account: Json) -> None:
        self._world = world
        self._account = account

    def receive(self, items: Sequence[Json]) -> list[str]:
        """Customers do something: each item is {sender, …} with text, attachments, reaction, postback or a flag.

        Answers the ids of the messages; all of it is told in one delivery, as Meta batches.
        """
        entries = [self._entry(item) for item in items]
        for item in items:
            self._last(str(item["sender"]))["at"] = self._world.now().isoformat()
        self._tell("message", entries)
        return [entry["message"]["mid"] for entry in entries if "message" in entry]

    def send(self, recipient: str, message: Json) -> str:
        """The restaurant says something; the id comes back in the echo."""
        mid = identifier("aWdfZAG1faXRlbTox" if self._is_instagram else "m_", 24)
        self._messages[mid] = {
            "account": self._account["number"],
            "provider": self._account["provider"],
            "recipient": recipient,
            "text": message.get("text", ""),
            "at": self._world.now().isoformat(),
        }
        echo = {"mid": mid, "is_echo": True, **message}
        if not self._is_instagram:
            echo["app_id"] = 123456789
        self._tell("echo", [self._between(self._account["number"], recipient, message=echo)])
        return mid

    def may_send(self, recipient: str, *, as_human: bool) -> bool:
        """Whether the customer wrote recently enough."""
        last = self._last(recipient).get("at")
        window = _HUMAN_WINDOW if as_human else _WINDOW
        return last is not None and self._world.now() - datetime.fromisoformat(last) <= window

    def _entry(self, item: Json) -> Json:
        sender = str(item["sender"])
        kinds = ("reaction", "postback", "read", "delivery", "referral", "message_edit")
        for kind in kinds:
            if kind in item:
                return self._between(sender, self._account["number"], **{kind: item[kind]})
        mid = str(item.get("mid") or identifier("aWdfZAG1faXRlbTox" if self._is_instagram else "m_", 24))
        parts = ("text", "attachments", "quick_reply", "reply_to", "is_deleted", "is_unsupported", "referral")
        message = {"mid": mid, **{name: item[name] for name in parts if name in item}}
        self._world.books.table("meta.received")[mid] = {
            "account": self._account["number"],
            "provider": self._account["provider"],
            "sender": sender,
            "text": item.get("text"),
        }
        return self._between(sender, self._account["number"], message=message)

    def _between(self, sender: str, recipient: str, **what: Json) -> Json:
        now = milliseconds(self._world.now())
        return {"sender": {"id": sender}, "recipient": {"id": recipient}, "timestamp": now, **what}

    def _tell(self, event: str, messaging: list[Json]) -> None:
        """Tells of it, if the account is subscribed to such news."""
        field = "message_echoes" if event == "echo" and not self._is_instagram else "messages"
        if field not in self._account.get("subscribed_fields", ()):
            return
        entry = {"id": self._account["number"], "time": milliseconds(self._world.now()), "messaging": messaging}
        told = {"object": "instagram" if self._is_instagram else "page", "entry": [entry]}
        self._world.books.touch()
        # Meta escapes what is not ASCII; who hashes anything but the raw body notices here.
        self._world.post.send(self._account, event, json.dumps(told, separators=(",", ":")).encode())

    def _last(self, customer: str) -> Json:
        return self._world.books.table("meta.windows").setdefault(f"{self._account['number']}:{customer}", {})

    @property
    def _messages(self) -> dict[str, Json]:
        return self._world.books.table("meta.sent")

    @property
    def _is_instagram(self) -> bool:
        return bool(self._account["provider"] == "instagram")
