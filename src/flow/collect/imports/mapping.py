"""The mapping file: which file has what role, and which column is what.

docs/guides/import.md explains it with examples; the classes here are its keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from flow.collect.imports.errors import InvalidMapping

__all__ = ["Field", "FileSpec", "Formats", "LineFields", "Mapping", "OrderFields", "Source", "load_mapping"]


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A field said in full: a `column`, a `template` of columns, or for every row the same `value`.

    `values` translates what is found; `otherwise` stands for what it does not name, and for an empty cell.
    """

    column: str | None = None
    template: str | None = None
    value: str | None = None
    values: dict[str, str] = {}
    otherwise: str | None = None


Source = str | Field
"""Where a field comes from: a column's name, a template such as "{date}-{receipt}", or a Field."""


class FileSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of file. `match` is a pattern of its name; `join` names the list in which a column is looked up."""

    role: Literal["orders", "lines", "list"]
    match: str = "*"
    key: str | None = None
    join: dict[str, str] = {}
    encoding: str | None = None
    delimiter: Annotated[str, msgspec.Meta(min_length=1, max_length=1)] | None = None
    sheet: str | None = None


class Formats(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How values are written. Dates and times are ISO 8601 unless a strptime format says otherwise.

    `factor` is what an amount is multiplied with to give kroner: "0.01" for a file in øre.
    """

    decimal_mark: Literal[".", ","] = "."
    factor: str = "1"
    date: str | None = None
    time: str | None = None
    datetime: str | None = None
    time_zone: str | None = None


class OrderFields(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An order: its number in the till, when (`ordered_at`, or `date` and `time`), and what else is known."""

    number: Source
    ordered_at: Source | None = None
    date: Source | None = None
    time: Source | None = None
    channel: Source = Field(value="pos")
    fulfillment_type: Source = Field(value="dine_in")
    payment_method: Source = Field(value="external")
    status: Source = Field(value="completed")
    discount: Source | None = None
    delivery_fee: Source | None = None
    total: Source | None = None


class OptionFields(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The choice that makes a product's variant, such as its size."""

    name: str
    value: Source


class LineFields(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of an order: `unit_price`, or `amount` for the whole line. `product` is the till's article number.

    `order` is the number of its order, where the column is not called as in [order] number.
    """

    name: Source
    order: Source | None = None
    id: Source | None = None
    product: Source | None = None
    category: Source = Field(value="")
    quantity: Source = Field(value="1")
    unit_price: Source | None = None
    amount: Source | None = None
    discount: Source | None = None
    option: OptionFields | None = None


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file. `source` and the order's number make an import repeatable: choose it once per till."""

    source: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
    files: dict[str, FileSpec]
    order: OrderFields
    line: LineFields | None = None
    formats: Formats = Formats()
    currency: str | None = None

    @property
    def is_flat(self) -> bool:
        """Whether the order's fields stand on each of its lines."""
        return not any(spec.role == "orders" for spec in self.files.values())


def load_mapping(name: str) -> Mapping:
    """The mapping in the TOML file `name`, or the built-in one of that name; InvalidMapping says what is wrong."""
    text = _text(name)
    try:
        mapping = msgspec.toml.decode(text, type=Mapping)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise InvalidMapping(f"{name}: {error}") from None
    faults = list(_faults(mapping))
    if faults:
        raise InvalidMapping(f"{name}: " + "; ".join(faults))
    return mapping


def built_in_mappings() -> dict[str, str]:
    """Name and text of each mapping that comes with FLOW."""
    folder = resources.files(__package__).joinpath("mappings")
    files = sorted(folder.iterdir(), key=lambda file: file.name)
    return {file.name.removesuffix(".toml"): file.read_text("utf-8") for file in files if file.name.endswith(".toml")}


def _text(name: str) -> str:
    built_in = built_in_mappings()
    if name in built_in:
        return built_in[name]
    try:
        return Path(name).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        known = ", ".join(built_in)
        raise InvalidMapping(f"cannot read the mapping {name} ({error}); the built-in ones are: {known}") from None


def _faults(mapping: Mapping) -> Iterator[str]:
    order, line, roles = mapping.order, mapping.line, [spec.role for spec in mapping.files.values()]
    if (order.ordered_at is None) == (order.date is None):
        yield "[order] needs either ordered_at, or date and time"
    if order.date is not None and order.time is None:
        yield '[order] has a date and no time; for a file without times say time = { value = "12:00" }'
    if ("lines" in roles) != (line is not None):
        yield "a file with the role lines and the part [line] belong together"
    if line is not None and (line.unit_price is None) == (line.amount is None):
        yield "[line] needs either unit_price or amount"
    if line is None and order.total is None:
        yield "without lines, [order] needs total"
    if not {"orders", "lines"} & set(roles):
        yield "no file has the role orders or lines"
    if not _is_number(mapping.formats.factor):
        yield "[formats] factor is a number above 0, in quotation marks"
    yield from _join_faults(mapping)


def _is_number(text: str) -> bool:
    try:
        return 0 < Decimal(text) < Decimal("Infinity")
    except InvalidOperation:
        return False


def _join_faults(mapping: Mapping) -> Iterator[str]:
    lists = {name for name, spec in mapping.files.items() if spec.role == "list"}
    for name, spec in mapping.files.items():
        if spec.role == "list" and spec.key is None:
            yield f"[files.{name}] is a list and needs the key by which it is looked up"
        for target in spec.join.values():
            if target not in lists:
                yield f"[files.{name}] joins {target!r}, which is no list"
            elif _joins(mapping, target, name):
                yield f"[files.{name}] and [files.{target}] join each other"


def _joins(mapping: Mapping, start: str, goal: str, seen: frozenset[str] = frozenset()) -> bool:
    if start == goal:
        return True
    further = mapping.files[start].join.values() if start in mapping.files else ()
    return start not in seen and any(_joins(mapping, each, goal, seen | {start}) for each in further)
