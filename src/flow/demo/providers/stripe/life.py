"""What can happen to a payment at Stripe, and the events that tell of it."""

from __future__ import annotations

import json

from flow.demo.providers.books import Json
from flow.demo.providers.stripe import objects
from flow.demo.providers.stripe.errors import StripeError, invalid, missing, unexpected_state
from flow.demo.providers.world import World, identifier

__all__ = ["Life"]

_CANCELLABLE = ("requires_payment_method", "requires_confirmation", "requires_action", "processing", "requires_capture")
_PAYABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
_NO_REQUEST: Json = {"id": None, "idempotency_key": None}


class Life:
    """One account's payments. `request` is told in events: the call that caused them, if one did."""

    def __init__(self, world: World, account: Json, request: Json | None = None) -> None:
        self._world = world
        self.account = account
        self._request = request or _NO_REQUEST

    def find(self, kind: str, number: str) -> Json:
        """An object of this account; `kind` is as Stripe names it in errors."""
        found = self._world.books.table(f"stripe.{kind}").get(number)
        if found is None or found["_account"] != self.account["number"]:
            raise missing(kind, number)
        return found

    def of_kind(self, kind: str) -> list[Json]:
        """All of this account, the newest first, as Stripe lists them."""
        things = self._world.books.table(f"stripe.{kind}").values()
        return [thing for thing in reversed(things) if thing["_account"] == self.account["number"]]

    def create_intent(self, amount: int, currency: str, parameters: Json) -> Json:
        """A payment intent; with `confirm` it waits for the guest on the hosted page."""
        made = objects.intent(
            self.account["number"], amount=amount, currency=currency, now=self._world.now(), parameters=parameters
        )
        self._keep("payment_intent", made)
        self._tell("payment_intent.created", made)
        return made

    def send_to_page(self, intent: Json, return_url: str) -> Json:
        """Confirms the intent: the guest is to go to a page, and comes back to `return_url`."""
        if intent["status"] not in _PAYABLE:
            raise unexpected_state(intent["id"], intent["status"], "confirmed")
        page = f"{self._world.address}/pay/stripe/{intent['id']}"
        intent["_return_url"] = return_url
        intent["status"] = "requires_action"
        intent["next_action"] = {
            "type": "redirect_to_url",
            "redirect_to_url": {"url": page, "return_url": return_url},
        }
        self._tell("payment_intent.requires_action", intent)
        return intent

    def pay(self, intent: Json) -> Json:
        """The guest's card takes it: reserved, or captured at once by the intent's capture method."""
        if intent["status"] not in _PAYABLE:
            raise unexpected_state(intent["id"], intent["status"], "confirmed")
        charge = objects.charge(intent, self._world.now())
        self._keep("charge", charge)
        intent.update(
            latest_charge=charge["id"],
            payment_method=identifier("pm_"),
            next_action=None,
            last_payment_error=None,
            status="requires_capture",
            amount_capturable=intent["amount"],
        )
        if intent["capture_method"] == "manual":
            self._tell("charge.succeeded", charge)
            self._tell("payment_intent.amount_capturable_updated", intent)
            return intent
        return self._captured(intent, charge, intent["amount"], "charge.succeeded")

    def decline(self, intent: Json, decline_code: str = "insufficient_funds") -> Json:
        """The card is refused; the intent waits for another try."""
        if intent["status"] not in _PAYABLE:
            raise unexpected_state(intent["id"], intent["status"], "confirmed")
        charge = objects.charge(intent, self._world.now())
        charge.update(paid=False, status="failed", failure_code="card_declined", failure_message="Declined.")
        self._keep("charge", charge)
        intent.update(
            status="requires_payment_method",
            next_action=None,
            latest_charge=charge["id"],
            last_payment_error={
                "type": "card_error",
                "code": "card_declined",
                "decline_code": decline_code,
                "message": "Your card has insufficient funds.",
                "charge": charge["id"],
                "payment_method": {"id": identifier("pm_"), "object": "payment_method", "type": "card"},
            },
        )
        self._tell("charge.failed", charge)
        self._tell("payment_intent.payment_failed", intent)
        return intent

    def capture(self, intent: Json, amount: int | None) -> Json:
        """Takes what was reserved, or less; the rest is let go."""
        if intent["status"] != "requires_capture":
            raise unexpected_state(intent["id"], intent["status"], "captured")
        amount = intent["amount_capturable"] if amount is None else amount
        if amount > intent["amount_capturable"]:
            raise StripeError(
                400,
                "invalid_request_error",
                "The amount to capture is more than what is capturable.",
                code="amount_too_large",
                param="amount_to_capture",
            )
        return self._captured(intent, self.find("charge", intent["latest_charge"]), amount, "charge.captured")

    def cancel(self, intent: Json, reason: str | None) -> Json:
        """Gives it up; what was reserved is let go."""
        if intent["status"] not in _CANCELLABLE:
            raise unexpected_state(intent["id"], intent["status"], "canceled")
        if intent["status"] == "requires_capture":
            charge = self.find("charge", intent["latest_charge"])
            charge.update(amount_refunded=charge["amount"], refunded=True)
            self._tell("charge.refunded", charge)
        intent.update(
            status="canceled",
            next_action=None,
            amount_capturable=0,
            canceled_at=int(self._world.now().timestamp()),
            cancellation_reason=reason,
        )
        self._tell("payment_intent.canceled", intent)
        return intent

    def refund(self, charge: Json, amount: int | None, parameters: Json) -> Json:
        """Gives money back, in part or what is left."""
        left = charge["amount_captured"] - charge["amount_refunded"]
        if charge["refunded"] or not charge["captured"]:
            raise invalid(f"Charge {charge['id']} cannot be refunded.", code="charge_already_refunded")
        amount = left if amount is None else amount
        if amount > left:
            raise invalid("Refund amount is greater than unrefunded amount on charge.", param="amount")
        made = objects.refund(charge, amount, now=self._world.now(), parameters=parameters)
        self._keep("refund", made)
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
        self._tell("charge.refunded", charge)
        self._tell("refund.created", made)
        return made

    def fail_refund(self, refund: Json) -> Json:
        """The bank cannot take the money: it is with the restaurant again."""
        if refund["status"] != "succeeded":
            raise invalid("This refund cannot fail any more.")
        charge = self.find("charge", refund["charge"])
        refund.update(status="failed", failure_reason="expired_or_canceled_card")
        charge["amount_refunded"] -= refund["amount"]
        charge["refunded"] = False
        self._tell("refund.failed", refund)
        self._tell("charge.refund.updated", refund)
        return refund

    def dispute(self, charge: Json) -> Json:
        """The guest's bank takes the money back and asks for evidence."""
        made = objects.dispute(charge, self._world.now())
        self._keep("dispute", made)
        charge["disputed"] = True
        self._tell("charge.dispute.created", made)
        return made

    def close_dispute(self, dispute: Json, status: str) -> Json:
        """The bank has decided: `won` or `lost` by the restaurant."""
        if dispute["status"] in ("won", "lost") or status not in ("won", "lost"):
            raise invalid("This dispute cannot be closed so.")
        dispute["status"] = status
        self._tell("charge.dispute.closed", dispute)
        return dispute

    def create_session(self, amount: int, currency: str, parameters: Json) -> Json:
        """A checkout session with its page."""
        made = objects.session(
            self.account["number"], amount=amount, currency=currency, now=self._world.now(), parameters=parameters
        )
        made["url"] = f"{self._world.address}/pay/stripe/{made['id']}"
        return self._keep("checkout.session", made)

    def intent_of(self, session: Json) -> Json:
        """The session's payment intent, made when the guest first pays."""
        if session["payment_intent"] is None:
            made = self.create_intent(session["amount_total"], session["currency"], session["_intent"])
            session["payment_intent"] = made["id"]
        return self.find("payment_intent", session["payment_intent"])

    def complete_session(self, session: Json) -> Json:
        """The guest has paid on the session's page."""
        intent = self.intent_of(session)
        paid = "paid" if intent["status"] == "succeeded" else "unpaid"
        session.update(status="complete", payment_status=paid, url=None)
        self._tell("checkout.session.completed", session)
        return session

    def expire_session(self, session: Json) -> Json:
        """Nobody can pay on it any more."""
        if session["status"] != "open":
            raise invalid('Only Checkout Sessions with a status in ["open"] can be expired.')
        session.update(status="expired", url=None)
        if session["payment_intent"] is not None:
            self.cancel(self.find("payment_intent", session["payment_intent"]), "abandoned")
        self._tell("checkout.session.expired", session)
        return session

    def _captured(self, intent: Json, charge: Json, amount: int, event: str) -> Json:
        charge.update(captured=True, amount_captured=amount, balance_transaction=identifier("txn_"))
        intent.update(status="succeeded", amount_received=amount, amount_capturable=0)
        self._tell(event, charge)
        self._tell("payment_intent.succeeded", intent)
        return intent

    def _keep(self, kind: str, thing: Json) -> Json:
        self._world.books.table(f"stripe.{kind}")[thing["id"]] = thing
        self._world.books.touch()
        return thing

    def _tell(self, kind: str, thing: Json) -> None:
        told = objects.event(kind, thing, now=self._world.now(), request=self._request)
        # Stripe writes its events over several lines; who hashes anything but the raw body notices here.
        body = json.dumps(told, indent=2, ensure_ascii=False).encode()
        self._world.books.touch()
        self._world.post.send(self.account, kind, body)
