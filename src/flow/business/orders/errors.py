"""What can be wrong with an order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flow.errors import Conflict, FlowError, InvalidInput, NotFound
from flow.kit.money import Money
from flow.web.i18n import N_, Translator, translator_for

PROBLEMS = {
    "no_items": N_("An order needs at least one item."),
    "too_many_items": N_("An order has at most %(most)d lines."),
    "unknown_product": N_("Line %(line)d is not on the menu."),
    "sold_out": N_("%(item)s is sold out."),
    "wrong_quantity": N_("%(item)s: the quantity is 1 to %(most)d."),
    "unknown_option": N_("%(item)s: one of the options does not belong to it."),
    "option_sold_out": N_("%(item)s: %(option)s is sold out."),
    "option_twice": N_("%(item)s: %(option)s is chosen twice."),
    "too_few_options": N_("%(item)s: choose at least %(least)d of “%(group)s”."),
    "too_many_options": N_("%(item)s: choose at most %(most)d of “%(group)s”."),
    "other_currency": N_("%(item)s is priced in another currency than the restaurant's."),
    "invalid_phone": N_("This phone number cannot exist."),
    "invalid_email": N_("This e-mail address cannot exist."),
    "address_missing": N_("A delivery needs an address."),
    "contact_missing": N_("A delivery needs a phone number or an e-mail address."),
    "payment_unavailable": N_("The restaurant cannot take this payment here."),
    "below_minimum": N_("Deliveries begin at %(minimum)s."),
    "unknown_discount": N_("This discount code is not known."),
    "discount_not_valid": N_("This discount code is not valid now."),
    "discount_minimum": N_("This discount code needs an order of %(minimum)s."),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where (`items.0.options`), which of PROBLEMS, and what it speaks of."""

    at: str
    code: str
    variables: dict[str, object] = field(default_factory=dict)

    def problem(self, translator: Translator) -> str:
        """The problem in words."""
        shown = {
            name: translator.money(value) if isinstance(value, Money) else value
            for name, value in self.variables.items()
        }
        return translator.gettext(PROBLEMS[self.code], **shown)


class InvalidOrder(InvalidInput):
    """The order cannot be taken as it is."""

    code = "invalid_order"

    def __init__(self, faults: Sequence[Fault], translator: Translator | None = None) -> None:
        translator = translator or translator_for("en")
        self.faults = tuple(faults)
        told = [
            {
                "at": fault.at,
                "code": fault.code,
                "item": fault.variables.get("item"),
                "problem": fault.problem(translator),
            }
            for fault in faults
        ]
        super().__init__(" ".join(str(fault["problem"]) for fault in told), details={"faults": told})

    def told_in(self, translator: Translator) -> InvalidOrder:
        """The same error in the guest's language."""
        return InvalidOrder(self.faults, translator)


class PriceChanged(Conflict):
    __doc__ = N_("The price is no longer what you were shown. Look at the order once more.")

    code = "price_changed"


class IdempotencyKeyMissing(FlowError):
    """Send a header Idempotency-Key, new for each order and the same for each try."""

    code = "idempotency_key_missing"
    status = 400


class IdempotencyConflict(Conflict):
    """This idempotency key was used for another order."""

    code = "idempotency_conflict"


class OrderNotFound(NotFound):
    """There is no such order that you may see."""

    code = "order_not_found"


class IllegalMove(Conflict):
    """The order cannot go there from where it is."""

    code = "illegal_move"
