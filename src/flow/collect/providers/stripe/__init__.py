"""Stripe: cards. Money is reserved when the guest pays, taken when the kitchen begins, paid back in parts or whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from flow.collect.integrations.types import Integration
from flow.collect.providers.stripe import applying, payload, signature
from flow.collect.providers.stripe.calls import StripeCalls
from flow.collect.webhooks.errors import Unreadable
from flow.collect.webhooks.types import Applying, Arrival, Item, Outcome, Request

__all__ = ["PROVIDER", "Stripe"]

_LIVE: Final = ("sk_live_", "rk_live_")
_TEST: Final = ("sk_test_", "rk_test_")


class Stripe(StripeCalls):
    """Stripe as the inbox and the queue of calls know it."""

    def accounts(self, request: Request) -> Sequence[str]:
        """The connected account, which only events of a platform name."""
        try:
            account = payload.read(request.body).account
        except Unreadable:
            return ()
        return () if account is None else (account,)

    def verify(self, request: Request, integration: Integration, credentials: Mapping[str, str], now: datetime) -> None:
        """BadSignature unless Stripe signed it; Unreadable for an event of the other environment, live or test."""
        header, secret = request.headers.get("stripe-signature", ""), credentials.get("webhook_secret", "")
        signature.verify(header, request.body, secret, now=now)
        key = credentials.get("secret_key", "")
        if key.startswith(_LIVE + _TEST) and payload.read(request.body).livemode != key.startswith(_LIVE):
            raise Unreadable("This event is of Stripe's other environment: live and test do not mix.")

    def read(self, request: Request, integration: Integration) -> Sequence[Arrival]:
        """An event is one fact, known by its id."""
        event = payload.read(request.body)
        return (Arrival(dedupe_key=event.id, event_type=event.type[:100], payload=request.body),)

    async def apply(self, work: Applying, item: Item) -> Outcome:
        """Applies an event once."""
        return await applying.apply(work, item)


PROVIDER: Final = Stripe()
