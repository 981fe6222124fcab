"""What can happen to a payment at Vipps MobilePay, and the webhooks that tell of it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from flow.demo.providers.books import Json
from flow.demo.providers.mobilepay.errors import Problem
from flow.demo.providers.world import World, identifier

__all__ = ["Life", "money"]

_APPROVAL = timedelta(minutes=10)


def money(payment: Json, value: int) -> Json:
    """An amount in the payment's currency."""
    return {"currency": payment["amount"]["currency"], "value": value}


class Life:
    """One sales unit's payments. `key` is the idempotency key of the call that caused what is told."""

    def __init__(self, world: World, account: Json, key: str | None = None) -> None:
        self._world = world
        self.account = account
        self._key = key

    def find(self, reference: str) -> Json:
        """A payment of this sales unit; one that nobody approved in time has expired."""
        payment = self._payments.get(self._name(reference))
        if payment is None:
            raise Problem(404, "payment-not-found", "There is no payment with this reference.")
        made = datetime.fromisoformat(payment["created_at"])
        if payment["state"] == "CREATED" and self._world.now() > made + _APPROVAL:
            self.end(payment, "EXPIRED")
        return payment

    def create(self, body: Json) -> Json:
        """A payment that waits for the guest's approval."""
        if self._name(body["reference"]) in self._payments:
            raise Problem(409, "reference-in-use", "The reference has been used before.", reference="is not unique")
        payment = {
            "msn": self.account["number"],
            "reference": body["reference"],
            "pspReference": identifier("", 20),
            "amount": body["amount"],
            "state": "CREATED",
            "paymentMethod": body["paymentMethod"],
            "metadata": body.get("metadata", {}),
            "description": body.get("paymentDescription", ""),
            "return_url": body.get("returnUrl"),
            "user_flow": body["userFlow"],
            "created_at": self._world.now().isoformat(),
            "authorized": 0,
            "cancelled": 0,
            "captured": 0,
            "refunded": 0,
            "events": [],
        }
        self._payments[self._name(body["reference"])] = payment
        self._tell(payment, "CREATED", payment["amount"]["value"])
        return payment

    def page_of(self, payment: Json) -> str:
        """Where the guest approves."""
        return f"{self._world.address}/pay/mobilepay/{payment['msn']}/{payment['reference']}"

    def approve(self, payment: Json) -> None:
        """The guest swipes: the money is reserved."""
        self._require(payment, payment["state"] == "CREATED", "The payment cannot be approved any more.")
        payment["state"] = "AUTHORIZED"
        payment["authorized"] = payment["amount"]["value"]
        self._tell(payment, "AUTHORIZED", payment["authorized"])

    def end(self, payment: Json, state: str) -> None:
        """It came to nothing: ABORTED by the guest, EXPIRED by itself, TERMINATED by the merchant."""
        self._require(payment, payment["state"] == "CREATED", f"The payment cannot be {state.lower()} any more.")
        payment["state"] = state
        self._tell(payment, state, payment["amount"]["value"])

    def capture(self, payment: Json, value: int) -> None:
        """Takes of what is reserved."""
        left = payment["authorized"] - payment["captured"] - payment["cancelled"]
        self._require(payment, 0 < value <= left, "The amount is more than what is reserved.")
        payment["captured"] += value
        self._tell(payment, "CAPTURED", value)

    def fail_capture(self, payment: Json) -> None:
        """Tells of a capture that came to nothing."""
        left = payment["authorized"] - payment["captured"] - payment["cancelled"]
        self._tell(payment, "CAPTURED", left, success=False)

    def refund(self, payment: Json, value: int) -> None:
        """Gives back of what was captured."""
        left = payment["captured"] - payment["refunded"]
        self._require(payment, 0 < value <= left, "The amount is more than what was captured.")
        payment["refunded"] += value
        self._tell(payment, "REFUNDED", value)

    def cancel(self, payment: Json) -> None:
        """Lets go what is reserved and not captured; before the approval it ends the payment."""
        if payment["state"] == "CREATED":
            self.end(payment, "TERMINATED")
            return
        left = payment["authorized"] - payment["captured"] - payment["cancelled"]
        self._require(payment, left > 0, "Nothing is reserved any more.")
        payment["cancelled"] += left
        self._tell(payment, "CANCELLED", left)

    def _require(self, payment: Json, holds: bool, detail: str) -> None:
        if not holds:
            raise Problem(409, "invalid-state", detail, state=payment["state"])

    def _tell(self, payment: Json, name: str, value: int, *, success: bool = True) -> None:
        told = {
            "msn": payment["msn"],
            "reference": payment["reference"],
            "pspReference": payment["pspReference"] if name == "CREATED" else identifier("", 20),
            "name": name,
            "amount": money(payment, value),
            "timestamp": self._world.now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "idempotencyKey": self._key,
            "success": success,
        }
        payment["events"].append(told)
        self._world.books.touch()
        body = json.dumps(told, separators=(",", ":"), ensure_ascii=False).encode()
        turn = f"mobilepay:{payment['msn']}:{payment['reference']}"
        if self.account["webhook_url"] and name != "CREATED":
            self._world.post.send(self.account, name, body, turn=turn)
        for hook in self._world.books.table("mobilepay.webhooks").values():
            if hook["msn"] == payment["msn"] and f"epayments.payment.{name.lower()}.v1" in hook["events"]:
                self._world.post.send(
                    self.account, name, body, url=hook["url"], secret=hook["secret"], turn=f"{turn}:{hook['id']}"
                )

    def _name(self, reference: str) -> str:
        return f"{self.account['number']}:{reference}"

    @property
    def _payments(self) -> dict[str, Json]:
        return self._world.books.table("mobilepay.payment")
