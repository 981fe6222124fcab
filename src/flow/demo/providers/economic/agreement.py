"""A restaurant's agreement at e-conomic: its numbers are its own, and none of them is the usual 1."""

from __future__ import annotations

import json

from flow.demo.providers.books import Json
from flow.demo.providers.economic.errors import Refused
from flow.demo.providers.world import World

__all__ = ["Agreement"]

_KEYS = {
    "customers": "customerNumber",
    "products": "productNumber",
    "invoices/drafts": "draftInvoiceNumber",
    "invoices/booked": "bookedInvoiceNumber",
    "vat-zones": "vatZoneNumber",
    "payment-terms": "paymentTermsNumber",
    "layouts": "layoutNumber",
    "customer-groups": "customerGroupNumber",
    "product-groups": "productGroupNumber",
    "units": "unitNumber",
}
_GIVEN: dict[str, list[Json]] = {
    "vat-zones": [
        {"vatZoneNumber": 1, "name": "Domestic"},
        {"vatZoneNumber": 2, "name": "EU"},
        {"vatZoneNumber": 3, "name": "Abroad"},
    ],
    "payment-terms": [
        {"paymentTermsNumber": 5, "name": "Kontant", "paymentTermsType": "net", "daysOfCredit": 0},
        {"paymentTermsNumber": 8, "name": "Netto 8 dage", "paymentTermsType": "net", "daysOfCredit": 8},
    ],
    "layouts": [{"layoutNumber": 19, "name": "Dansk std. m. bankoplysninger 1.8", "deleted": False}],
    "customer-groups": [{"customerGroupNumber": 3, "name": "Danske debitorer"}],
    "product-groups": [
        {"productGroupNumber": 2, "name": "Varer m/moms", "_vat_percent": 25},
        {"productGroupNumber": 6, "name": "Varer u/moms", "_vat_percent": 0},
    ],
    "units": [{"unitNumber": 1, "name": "stk."}],
    "products": [
        {"productNumber": "FLOW-PRODUCT", "name": "Mad og drikke", "productGroup": {"productGroupNumber": 2}},
        {"productNumber": "FLOW-DELIVERY", "name": "Levering", "productGroup": {"productGroupNumber": 2}},
        {"productNumber": "FLOW-ROUNDING", "name": "Øreafrunding", "productGroup": {"productGroupNumber": 6}},
    ],
    "customers": [
        {
            "customerNumber": 101,
            "name": "Kontantkunde",
            "currency": "DKK",
            "customerGroup": {"customerGroupNumber": 3},
            "paymentTerms": {"paymentTermsNumber": 5},
            "vatZone": {"vatZoneNumber": 1},
            "layout": {"layoutNumber": 19},
        }
    ],
}


class Agreement:
    """Collections by their path: `customers`, `invoices/drafts`, …"""

    def __init__(self, world: World, account: Json) -> None:
        self.world = world
        self.account = account
        for name, given in _GIVEN.items():
            if not self._table(name):
                for thing in given:
                    self.add(name, dict(thing))

    def all(self, collection: str) -> list[Json]:
        """Every member, in the order of their making."""
        return list(self._table(collection).values())

    def find(self, collection: str, number: object) -> Json | None:
        """A member by its number."""
        return self._table(collection).get(str(number))

    def get(self, collection: str, number: object) -> Json:
        """A member by its number; Refused with 404."""
        found = self.find(collection, number)
        if found is None:
            raise Refused(404, f"{collection} {number} not found.", code="E00320")
        return found

    def add(self, collection: str, thing: Json) -> Json:
        """Takes a new member in; one without a number gets the next."""
        key, table = _KEYS[collection], self._table(collection)
        thing = json.loads(json.dumps(thing, default=float))
        if key not in thing:
            thing[key] = self._next(collection)
        thing["self"] = f"{self.world.address}/economic/{collection}/{thing[key]}"
        thing["_at"] = self.world.now().isoformat()
        table[str(thing[key])] = thing
        self.world.books.touch()
        return dict(thing)

    def remove(self, collection: str, number: object) -> Json:
        """Lets a member go."""
        thing = self.get(collection, number)
        del self._table(collection)[str(number)]
        self.world.books.touch()
        return thing

    def _next(self, collection: str) -> int:
        # A number that was used is not used again, even if its draft is gone.
        counter = self.world.books.table("economic.numbers").setdefault(f"{self.account['number']}:{collection}", {})
        counter["last"] = int(counter.get("last", 10_000)) + 1
        return int(counter["last"])

    def _table(self, collection: str) -> dict[str, Json]:
        return self.world.books.table(f"economic.{collection}:{self.account['number']}")
