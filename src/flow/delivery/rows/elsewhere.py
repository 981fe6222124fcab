"""What other systems hold of an order: Wolt, its courier, its invoice; and the button that sends for a courier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse

from flow.business.orders.store import find_order
from flow.business.orders.types import Order
from flow.business.restaurants.service import restaurant_of_staff
from flow.collect.integrations.service import integration_of
from flow.collect.providers.economic.store import credits_of, invoice_of
from flow.collect.providers.economic.types import InvoiceCredit, InvoiceDraft
from flow.collect.providers.wolt.store import order_at_wolt
from flow.collect.providers.wolt.types import Linked
from flow.collect.providers.wolt_drive.requesting import NAME as WOLT_DRIVE
from flow.collect.providers.wolt_drive.requesting import send_for_courier
from flow.collect.providers.wolt_drive.states import ENDED
from flow.collect.providers.wolt_drive.store import deliveries_of
from flow.collect.providers.wolt_drive.types import CourierDelivery
from flow.database.transaction import Transaction
from flow.errors import Conflict
from flow.web.i18n import N_, Translator
from flow.web.once import is_first_time
from flow.web.services import services
from flow.web.transactions import UserTransaction

__all__ = ["Elsewhere", "elsewhere", "router"]

router = APIRouter(include_in_schema=False)

_COURIER: Final = {
    "requested": N_("A courier is being sent for"),
    "received": N_("A courier will come"),
    "pickup_started": N_("The courier is on the way to you"),
    "pickup_arrival": N_("The courier is here"),
    "picked_up": N_("The courier has the order"),
    "dropoff_started": N_("The courier is on the way to the guest"),
    "dropoff_arrival": N_("The courier is at the guest's door"),
    "handshake_delivery": N_("The courier meets the guest"),
    "dropoff_completed": N_("The courier has handed it over"),
    "delivered": N_("The courier has delivered it"),
    "rejected": N_("Wolt sends no courier"),
    "customer_no_show": N_("The courier did not meet the guest"),
    "cancelled": N_("The courier was called off"),
    "failed": N_("No courier could be sent for"),
}
_INVOICE: Final = {
    "claimed": N_("A draft invoice is being made"),
    "created": N_("There is a draft invoice"),
    "differs": N_("The draft invoice does not come to the order's total: do not book it"),
    "booked": N_("The invoice is booked"),
    "paid": N_("The invoice is booked and paid"),
    "refused": N_("The accounting system did not take the invoice"),
}
_CREDIT: Final = {
    "claimed": N_("A draft credit note is being made"),
    "created": N_("There is a draft credit note"),
    "differs": N_("The draft credit note does not come to what was paid back: do not book it"),
    "booked": N_("The credit note is booked"),
    "refused": N_("The accounting system did not take the credit note"),
}
_WOLT: Final = {
    "production": N_("Wolt: accepted"),
    "ready": N_("Wolt: ready"),
    "delivered": N_("Wolt: delivered"),
    "rejected": N_("Wolt: ended"),
}
_NEW_AT_WOLT: Final = N_("Wolt: waits to be accepted")
_SENDABLE: Final = frozenset({"confirmed", "preparing", "ready"})


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What the reader may see of it, with its texts."""

    wolt: Linked | None
    wolt_text: str
    courier: CourierDelivery | None
    courier_text: str
    invoice: InvoiceDraft | None
    invoice_text: str
    credits: tuple[tuple[InvoiceCredit, str], ...]
    may_send: bool

    def __bool__(self) -> bool:
        return self.may_send or any((self.wolt, self.courier, self.invoice))


async def elsewhere(request: Request, transaction: Transaction, order: Order, words: Translator) -> Elsewhere:
    """What is known of the order elsewhere, as far as row level security lets the reader see it."""
    wolt = await order_at_wolt(transaction, order.restaurant_id, order.id)
    couriers = await deliveries_of(transaction, order.restaurant_id, order.id)
    invoice = await invoice_of(transaction, order.restaurant_id, order.id)
    credit_notes = await credits_of(transaction, order.restaurant_id, order.id) if invoice else []
    courier = couriers[0] if couriers else None
    return Elsewhere(
        wolt=wolt,
        wolt_text=words.gettext(_WOLT.get(wolt.wolt_status, _NEW_AT_WOLT)) if wolt else "",
        courier=courier,
        courier_text=words.gettext(_COURIER[courier.status]) if courier else "",
        invoice=invoice,
        invoice_text=words.gettext(_INVOICE[invoice.status]) if invoice else "",
        credits=tuple((credit, words.gettext(_CREDIT[credit.status])) for credit in credit_notes),
        may_send=await _may_send(request, transaction, order, courier),
    )


@router.post("/orders/{order_id}/courier")
async def send(
    request: Request,
    transaction: UserTransaction,
    order_id: UUID,
    restaurant_id: Annotated[UUID, Query(alias="restaurant")],
) -> RedirectResponse:
    """Sends for a courier and shows the order again; needs orders.write."""
    await restaurant_of_staff(transaction, restaurant_id, "orders.write")
    order = await find_order(transaction, restaurant_id, order_id)
    shown = RedirectResponse(f"/orders/{order_id}?{urlencode({'restaurant': restaurant_id})}", status_code=303)
    if not await is_first_time(request, transaction, restaurant_id, "orders.write"):
        return shown
    if order.status not in _SENDABLE or order.fulfillment_type != "delivery":
        raise Conflict("A courier comes for a delivery that is confirmed and not on its way.")
    by = transaction.caller.user_id if transaction.caller else None
    own = services(request)
    async with own.database.as_service() as service:
        if await integration_of(service, restaurant_id, WOLT_DRIVE) is None:
            raise Conflict("Wolt Drive is not connected.")
        await send_for_courier(service, restaurant_id, order_id, by=by, now=own.clock.now())
    return shown


async def _may_send(request: Request, transaction: Transaction, order: Order, courier: CourierDelivery | None) -> bool:
    caller = transaction.caller
    if caller is None or order.restaurant_id not in caller.restaurants_with("orders.write"):
        return False
    if order.status not in _SENDABLE or order.fulfillment_type != "delivery" or order.source != "flow":
        return False
    if courier is not None and courier.status not in ENDED:
        return False
    async with services(request).database.as_service() as service:  # people with orders.write do not see connections
        return await integration_of(service, order.restaurant_id, WOLT_DRIVE) is not None
