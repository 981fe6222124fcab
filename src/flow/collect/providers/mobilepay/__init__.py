"""Vipps MobilePay: reserved in the guest's app, taken when the kitchen begins, paid back in parts or whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from flow.collect.integrations.types import Integration
from flow.collect.providers.mobilepay import applying, payload, signature
from flow.collect.providers.mobilepay.calls import MobilePayCalls
from flow.collect.webhooks.errors import Unreadable
from flow.collect.webhooks.types import Applying, Arrival, Item, Outcome, Request

__all__ = ["PROVIDER", "MobilePay"]


class MobilePay(MobilePayCalls):
    """Vipps MobilePay as the inbox and the queue of calls know it."""

    def accounts(self, request: Request) -> Sequence[str]:
        """The number of the sales unit that the body names."""
        try:
            return (payload.read(request.body).msn,)
        except Unreadable:
            return ()

    def verify(self, request: Request, integration: Integration, credentials: Mapping[str, str], now: datetime) -> None:
        """BadSignature unless Vipps MobilePay signed this body for this very address."""
        signature.verify_with_any(request, signature.secrets(credentials, now=now), now=now)

    def read(self, request: Request, integration: Integration) -> Sequence[Arrival]:
        """A delivery is one fact."""
        notice = payload.read(request.body)
        key = payload.dedupe_key(notice)
        return (Arrival(dedupe_key=key, event_type=notice.name[:100] or "unnamed", payload=request.body),)

    async def apply(self, work: Applying, item: Item) -> Outcome:
        """Applies a delivery once."""
        return await applying.apply(work, item)


PROVIDER: Final = MobilePay()
