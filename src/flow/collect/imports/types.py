"""What is read out of files, and what an import has done. Amounts are øre; times are UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from flow.business.orders.types import Channel, Fulfillment
from flow.business.payments.types import PaymentMethod

FinalStatus = Literal["completed", "cancelled", "refunded"]
ImportStatus = Literal["running", "completed", "failed", "undone"]


@dataclass(frozen=True, slots=True)
class ReadOrder:
    """An order as its row says; `total` is what the till says it came to, if it says so."""

    number: str
    ordered_at: datetime
    channel: Channel
    fulfillment_type: Fulfillment
    payment_method: PaymentMethod
    status: FinalStatus
    discount: int
    delivery_fee: int
    total: int | None


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line of an order; `id` is its number in the till, `sku` the article's, `option` the variant chosen."""

    number: str
    id: str | None
    sku: str | None
    name: str
    category: str
    option: str | None
    quantity: int
    unit_price: int
    discount: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands, and what it says."""

    file: str
    line: int
    raw: str


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was not taken, and why."""

    file: str
    line: int
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class WholeOrder:
    """An order with its lines, ready to be written."""

    order: ReadOrder
    lines: tuple[ReadLine, ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """A product of the files as it was last sold, in one of its variants."""

    sku: str | None
    name: str
    category: str
    option: str | None
    unit_price: int


@dataclass(frozen=True, slots=True)
class KnownProduct:
    """A product of the restaurant's menu. `is_undone`: an import that has been undone had added it."""

    id: UUID
    sku: str | None
    name: str
    is_undone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProduct:
    """A product that the menu does not have yet; `now` is when it comes onto it."""

    restaurant_id: UUID
    id: UUID
    name: str
    category: str
    sku: str | None
    price: int
    currency: str
    position: int
    import_id: UUID
    now: datetime


@dataclass(frozen=True, slots=True)
class SoldProduct:
    """A product as the orders name it; `price` is that of its cheapest variant."""

    id: UUID
    price: int


@dataclass(frozen=True, slots=True)
class ImportedOrder:
    """An order that an import has made."""

    id: UUID
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Import:
    """A row of `imports`; days are business days."""

    restaurant_id: UUID
    id: UUID
    restaurant_slug: str
    mapping_name: str
    status: ImportStatus
    rows_read: int
    rows_rejected: int
    orders_created: int
    orders_known: int
    first_day: date | None
    last_day: date | None
    message: str | None
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of reading. `orders` is how many whole orders the files hold, `bad_rows` the first of `rows_rejected`.

    `written` is the import, unless nothing was to be written.
    """

    orders: int
    rows_read: int
    rows_rejected: int
    bad_rows: tuple[BadRow, ...]
    written: Import | None


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an import is: `fraction` (0 to 1) of this step, `rows` so far."""

    step: str
    fraction: float
    rows: int
