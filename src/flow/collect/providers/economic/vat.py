"""Prices with VAT as invoice lines without: net amounts in kroner whose invoice comes to the øre of what was paid.

An invoice's VAT is its rate of the net sum, half an øre rounded up. So not every total can be reached: with 25 %, no
net sum gives a total of 2, 7, 12 … øre. For those a line without VAT makes up the one øre.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from flow.kit.money import Money

__all__ = ["InvoiceLine", "Sold", "gross_of", "invoice_lines", "net_of"]

_LONGEST: Final = 2_500


@dataclass(frozen=True, slots=True)
class Sold:
    """What the guest paid for some pieces of one thing: `gross` øre, VAT included, discounts taken off."""

    product: str
    description: str
    quantity: int
    gross: int


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """A line as accounting wants it. `unit_net` is kroner with two decimals, without VAT."""

    product: str
    description: str
    quantity: int
    unit_net: Decimal

    @property
    def net(self) -> Decimal:
        """Kroner of the line."""
        return self.unit_net * self.quantity


def invoice_lines(sold: Sequence[Sold], *, vat_percent: Decimal, rounding_product: str) -> list[InvoiceLine]:
    """Lines whose invoice comes to exactly what was paid for all of `sold`, which must be more than nothing.

    A line keeps its pieces where its net amount divides by them; else it is one piece that names them.
    """
    total = sum(each.gross for each in sold)
    net = net_of(total, vat_percent)
    shares = Money(net).allocate([each.gross for each in sold])
    lines = [_line(each, share.amount) for each, share in zip(sold, shares, strict=True)]
    missing = total - gross_of(net, vat_percent)
    if missing:
        lines.append(InvoiceLine(rounding_product, "Øreafrunding", 1, Money(missing).to_decimal()))
    return lines


def net_of(gross: int, vat_percent: Decimal) -> int:
    """The net øre whose invoice comes nearest to `gross` øre: to it exactly, where any net amount does."""
    exact = Decimal(gross) * 100 / (100 + vat_percent)
    near = _rounded(exact)
    return min((near, near - 1, near + 1), key=lambda net: abs(gross_of(net, vat_percent) - gross))


def gross_of(net: int, vat_percent: Decimal) -> int:
    """Øre with VAT of an invoice over `net` øre."""
    return net + _rounded(Decimal(net) * vat_percent / 100)


def _rounded(ore: Decimal) -> int:
    return int(ore.to_integral_value(rounding=ROUND_HALF_UP))


def _line(sold: Sold, net: int) -> InvoiceLine:
    unit, left = divmod(net, sold.quantity)
    if left == 0:
        return InvoiceLine(sold.product, sold.description[:_LONGEST], sold.quantity, Money(unit).to_decimal())
    description = f"{sold.quantity} × {sold.description}"[:_LONGEST]
    return InvoiceLine(sold.product, description, 1, Money(net).to_decimal())
