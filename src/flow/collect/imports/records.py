"""Reads rows as orders and lines, by the mapping; a cell that cannot be taken is a BadValue that names its field."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar, get_args

from flow.business.orders.types import Channel, Fulfillment
from flow.business.payments.types import PaymentMethod
from flow.collect.imports.errors import InvalidMapping
from flow.collect.imports.fields import Record, getter
from flow.collect.imports.mapping import Field, Formats, LineFields, OrderFields, Source
from flow.collect.imports.types import FinalStatus, ReadLine, ReadOrder
from flow.collect.imports.values import BadValue, Cell, MomentReader, amount, cell_text, quantity

__all__ = ["LineReader", "OrderReader", "Reading"]

_LONGEST = 200
Value = TypeVar("Value")
Read = Callable[[Record], Value]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the fields of one file share: how values are written, and which columns there are."""

    formats: Formats
    moments: MomentReader
    columns: Collection[str]

    def field(self, name: str, source: Source, read: Callable[[Cell], Value]) -> Read[Value]:
        """A field by its name in the mapping, such as `order.number`."""
        get = getter(source, self.columns, of=name)
        if isinstance(source, Field) and source.value is not None:
            fixed = _fixed(name, source.value, read)
            return lambda _: fixed
        return _naming(name, lambda record: read(get(record)))

    def optional(self, name: str, source: Source | None, read: Callable[[Cell], Value]) -> Read[Value | None]:
        """A field that the mapping may leave out; an empty cell is None as well."""
        if source is None:
            return lambda _: None
        return self.field(name, source, lambda cell: read(cell) if cell_text(cell) else None)

    def moment(self, fields: OrderFields) -> Read[datetime]:
        """When it was ordered, out of one column or two."""
        if fields.ordered_at is not None:
            return self.field("order.ordered_at", fields.ordered_at, self.moments.moment)
        assert fields.date is not None and fields.time is not None, "the mapping has been checked"
        day = getter(fields.date, self.columns, of="order.date")
        at = getter(fields.time, self.columns, of="order.time")
        return _naming("order.date", lambda record: self.moments.moment_of(day(record), at(record)))

    def money(self, cell: Cell) -> int:
        """Øre, not less than none."""
        ore = self._ore(cell)
        if ore < 0:
            raise BadValue(f"“{cell_text(cell)}” is negative")
        return ore

    def money_off(self, cell: Cell) -> int:
        """Øre of a discount, which some tills write with a minus."""
        return abs(self._ore(cell))

    def pieces(self, cell: Cell) -> int:
        """How many."""
        return quantity(cell, decimal_mark=self.formats.decimal_mark)

    def _ore(self, cell: Cell) -> int:
        return amount(cell, decimal_mark=self.formats.decimal_mark, factor=Decimal(self.formats.factor))


class OrderReader:
    """Reads an order."""

    def __init__(self, fields: OrderFields, reading: Reading) -> None:
        field = reading.field
        self.number = field("order.number", fields.number, _name)
        self._ordered_at = reading.moment(fields)
        self._channel = field("order.channel", fields.channel, _one_of(Channel))
        self._fulfillment = field("order.fulfillment_type", fields.fulfillment_type, _one_of(Fulfillment))
        self._payment = field("order.payment_method", fields.payment_method, _one_of(PaymentMethod))
        self._status = field("order.status", fields.status, _one_of(FinalStatus))
        self._discount = reading.optional("order.discount", fields.discount, reading.money_off)
        self._fee = reading.optional("order.delivery_fee", fields.delivery_fee, reading.money)
        self._total = reading.optional("order.total", fields.total, reading.money)

    def __call__(self, record: Record) -> ReadOrder:
        fee, total = self._fee(record) or 0, self._total(record)
        if total is not None and total < fee:
            raise BadValue("total: it is less than the delivery fee")
        return ReadOrder(
            number=self.number(record),
            ordered_at=self._ordered_at(record),
            channel=self._channel(record),
            fulfillment_type=self._fulfillment(record),
            payment_method=self._payment(record),
            status=self._status(record),
            discount=self._discount(record) or 0,
            delivery_fee=fee,
            total=total,
        )


class LineReader:
    """Reads a line; `number` is the order that it belongs to."""

    def __init__(self, fields: LineFields, order: OrderFields, reading: Reading) -> None:
        field, optional = reading.field, reading.optional
        self.number = field("line.order", fields.order or order.number, _name)
        self._id = optional("line.id", fields.id, _name)
        self._sku = optional("line.product", fields.product, _name)
        self._name = field("line.name", fields.name, _name)
        self._category = field("line.category", fields.category, cell_text)
        self._option = optional("line.option", fields.option.value if fields.option else None, _name)
        self._quantity = field("line.quantity", fields.quantity, reading.pieces)
        self._discount = optional("line.discount", fields.discount, reading.money_off)
        self._has_unit_price = fields.unit_price is not None
        price = fields.unit_price or fields.amount
        assert price is not None, "the mapping has been checked"
        self._price = field("line.unit_price" if self._has_unit_price else "line.amount", price, reading.money)

    def __call__(self, record: Record) -> ReadLine:
        quantity, price = self._quantity(record), self._price(record)
        # What a whole line costs does not always divide: the øre too much become a discount.
        unit_price = price if self._has_unit_price else -(-price // quantity)
        rounding = 0 if self._has_unit_price else unit_price * quantity - price
        discount = (self._discount(record) or 0) + rounding
        if discount > unit_price * quantity:
            raise BadValue("discount: it is more than the line costs")
        return ReadLine(
            number=self.number(record),
            id=self._id(record),
            sku=self._sku(record),
            name=self._name(record),
            category=self._category(record),
            option=self._option(record),
            quantity=quantity,
            unit_price=unit_price,
            discount=discount,
        )


def _naming(name: str, read: Read[Value]) -> Read[Value]:
    field = name.partition(".")[2]

    def named(record: Record) -> Value:
        try:
            return read(record)
        except BadValue as bad:
            raise BadValue(f"{field}: {bad}") from None

    return named


def _fixed(name: str, value: str, read: Callable[[Cell], Value]) -> Value:
    try:
        return read(value)
    except BadValue as bad:
        raise InvalidMapping(f"{name}: {bad}") from None


def _name(cell: Cell) -> str:
    text = cell_text(cell)
    if not text:
        raise BadValue("the cell is empty")
    if len(text) > _LONGEST:
        raise BadValue(f"it has more than {_LONGEST} characters")
    return text


def _one_of(words: object) -> Callable[[Cell], Any]:
    allowed = get_args(words)

    def read(cell: Cell) -> str:
        word = cell_text(cell)
        if word not in allowed:
            raise BadValue(f"“{word}” is none of {', '.join(allowed)}; translate it in the mapping with values")
        return word

    return read
