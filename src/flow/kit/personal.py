"""How a module's privacy.py declares its personal columns: what they are, and what becomes of them."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Erasure", "PersonalColumn"]


class Erasure(StrEnum):
    """What happens to a personal column when its person is erased."""

    DELETE_ROW = "delete_row"
    SET_NULL = "set_null"
    REPLACE = "replace"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class PersonalColumn:
    """One column that says something about a person.

    `replacement` is what stands there afterwards, as text that its type reads (`[]` for a list in JSON); required where
    the column is replaced. `keep_reason` is required where it is kept.
    """

    table: str
    column: str
    is_about: str
    erasure: Erasure
    exported: bool = True
    keep_reason: str | None = None
    replacement: str | None = None

    def __post_init__(self) -> None:
        if (self.erasure is Erasure.KEEP) != (self.keep_reason is not None):
            raise ValueError(f"{self.table}.{self.column}: a kept column needs a reason, another needs none")
        if (self.erasure is Erasure.REPLACE) != (self.replacement is not None):
            raise ValueError(f"{self.table}.{self.column}: a replaced column needs a replacement, another needs none")
