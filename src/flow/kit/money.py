"""Money: a whole number of the currency's hundredth part (øre, öre, cent), never a float."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, Self, TypeGuard, get_args

__all__ = ["CURRENCIES", "Currency", "CurrencyMismatch", "Money", "is_currency", "parse_decimal"]

Currency = Literal["DKK", "SEK", "EUR", "NOK", "USD", "GBP"]
"""ISO 4217 codes FLOW knows; each has two decimals."""

CURRENCIES: tuple[Currency, ...] = get_args(Currency)

_HUNDREDTH = Decimal("0.01")
_TOO_MUCH = 10**15  # kroner: above any price, and within a PostgreSQL bigint of øre

_POINT = re.compile(r"[+-]?(\d{1,15}|\d{1,3}(,\d{3}){1,4})(\.\d+)?", re.ASCII)
_COMMA = re.compile(r"[+-]?(\d{1,15}|\d{1,3}([. \u00a0\u202f]\d{3}){1,4})(,\d+)?", re.ASCII)


class CurrencyMismatch(ValueError):
    """Two currencies met in one sum; FLOW never converts silently."""


def is_currency(code: str) -> TypeGuard[Currency]:
    """Whether `code` is a currency FLOW knows."""
    return code in CURRENCIES


@dataclass(frozen=True, slots=True)
class Money:
    """`amount` hundredths (øre) of `currency`; negative for a refund or a discount."""

    amount: int
    currency: Currency = "DKK"

    def __post_init__(self) -> None:
        if type(self.amount) is not int:
            raise TypeError(f"an amount is a whole number of øre, not {self.amount!r}")
        if not is_currency(self.currency):
            raise ValueError(f"unknown currency {self.currency!r}")

    @classmethod
    def zero(cls, currency: Currency = "DKK") -> Self:
        return cls(0, currency)

    @classmethod
    def parse(cls, value: str | Decimal | int, currency: Currency, *, decimal_mark: Literal[".", ","] = ".") -> Self:
        """Kroner as `cls`, exactly: `Money.parse("12.50", "DKK")` is 1250 øre.

        With `decimal_mark=","` text is read as Danes and Swedes write it: `1.234,50`, `1 234,50`.
        Raises ValueError for what is not a number, has a fraction of an øre or is absurdly large.
        """
        kroner = parse_decimal(value, decimal_mark) if isinstance(value, str) else value
        if isinstance(kroner, bool) or not isinstance(kroner, int | Decimal):
            raise TypeError(f"money is never made from {type(value).__name__}")
        kroner = Decimal(kroner)
        if not kroner.is_finite() or abs(kroner) >= _TOO_MUCH:
            raise ValueError(f"not an amount: {value}")
        rounded = kroner.quantize(_HUNDREDTH)
        if rounded != kroner:
            raise ValueError(f"{value} has a fraction of an øre")
        return cls(int(rounded * 100), currency)

    def to_decimal(self) -> Decimal:
        """The amount in kroner with two decimals, for files and APIs of others."""
        return Decimal(self.amount).scaleb(-2)

    def share(self, percent: Decimal | int) -> Self:
        """`percent` per cent of the amount, half an øre rounded away from zero (as tills do)."""
        exact = Decimal(self.amount) * percent / 100
        return self._with(int(exact.to_integral_value(rounding=ROUND_HALF_UP)))

    def allocate(self, weights: Sequence[int]) -> list[Self]:
        """Split by `weights` (not negative, not all zero) so that the parts add up exactly.

        Each part is its exact share rounded towards zero; the øre left over go one by one to
        the largest remainders, the earlier part first when they are equal.
        """
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise ValueError(f"weights must not be negative or all zero: {list(weights)}")
        sign = -1 if self.amount < 0 else 1
        shares = [divmod(abs(self.amount) * weight, total) for weight in weights]
        left = abs(self.amount) - sum(whole for whole, _ in shares)
        by_remainder = sorted(range(len(shares)), key=lambda place: -shares[place][1])
        lucky = set(by_remainder[:left])
        return [self._with(sign * (whole + (place in lucky))) for place, (whole, _) in enumerate(shares)]

    def __add__(self, other: Self) -> Self:
        return self._with(self.amount + self._same(other))

    def __sub__(self, other: Self) -> Self:
        return self._with(self.amount - self._same(other))

    def __mul__(self, count: int) -> Self:
        return self._with(self.amount * count)

    __rmul__ = __mul__

    def __neg__(self) -> Self:
        return self._with(-self.amount)

    def __lt__(self, other: Self) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Self) -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: Self) -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: Self) -> bool:
        return self.amount >= self._same(other)

    def __bool__(self) -> bool:
        return self.amount != 0

    def _with(self, amount: int) -> Self:
        return type(self)(amount, self.currency)

    def _same(self, other: Self) -> int:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} cannot be added or compared")
        return other.amount


def parse_decimal(text: str, decimal_mark: Literal[".", ","] = ".") -> Decimal:
    """The number in `text`, of any precision, with or without marks between thousands; ValueError for anything else."""
    text = text.strip().replace("\u2212", "-")
    pattern = _POINT if decimal_mark == "." else _COMMA
    if not pattern.fullmatch(text):
        raise ValueError(f"not an amount: {text[:40]!r}")
    groups = "," if decimal_mark == "." else ". \u00a0\u202f"
    plain = text.translate({ord(mark): None for mark in groups}).replace(",", ".")
    return Decimal(plain)
