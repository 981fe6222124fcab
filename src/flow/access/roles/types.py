"""What the matrix's pages work with."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Named:
    """A user or a restaurant by name."""

    id: UUID
    name: str
