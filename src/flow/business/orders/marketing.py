"""The box at the checkout: "may we send you news?", and the evidence that it was ticked."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flow.business.orders.types import Order
from flow.database.installation import Installation
from flow.database.transaction import Transaction
from flow.privacy.consents import service, store
from flow.privacy.consents.texts import find_text, present_text
from flow.privacy.consents.types import Channel, Collection, ConsentText, Language, Question

__all__ = ["marketing_text", "record_marketing"]


async def marketing_text(transaction: Transaction, restaurant_id: UUID, language: Language) -> ConsentText:
    """What stands beside the box, for SMS and e-mail together."""
    controller = await store.find_controller(transaction, restaurant_id)
    text = await present_text(transaction, controller, "marketing", "any", language=language)
    assert text is not None, "FLOW has a text for marketing in each of its languages"
    return text


async def record_marketing(
    transaction: Transaction,
    installation: Installation,
    order: Order,
    version: str,
    *,
    collection: Collection,
    at: datetime,
) -> int:
    """Records a consent for every contact of the order, in the order's transaction; how many.

    They wait until the contact confirms them. None is recorded when nobody can tell which text was shown: an order is
    not lost for it.
    """
    controller = await store.find_controller(transaction, order.restaurant_id)
    text = await find_text(transaction, controller, "marketing", version)
    if text is None:
        return 0
    contacts: tuple[tuple[Channel, str | None], ...] = (("sms", order.customer_phone), ("email", order.customer_email))
    known = [(channel, contact) for channel, contact in contacts if contact]
    for channel, contact in known:
        question = Question(restaurant_id=order.restaurant_id, consent_type="marketing", channel=channel)
        person = service.guest(installation, contact)
        await service.record(transaction, person, question, granted=True, text=text, collection=collection, at=at)
    return len(known)
