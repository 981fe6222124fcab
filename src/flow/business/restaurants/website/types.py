"""Site keys, as their settings page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key in force; pages of `allowed_origins` may use it, of any origin when there are none."""

    key: str
    name: str
    allowed_origins: list[str]
    created_at: datetime
