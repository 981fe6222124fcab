"""What a second factor consists of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Factor:
    """A user's second factor: waiting for its first code until `enabled_at`."""

    user_id: UUID
    secret_sealed: bytes
    enabled_at: datetime | None
    locked_until: datetime | None


@dataclass(frozen=True, slots=True)
class FactorState:
    """What its owner sees of it."""

    enabled_at: datetime | None
    recovery_codes_left: int


@dataclass(frozen=True, slots=True)
class AttemptTaken:
    """An attempt that was counted before the code is looked at; `failed` includes it."""

    secret_sealed: bytes
    failed: int
    locked_until: datetime | None


@dataclass(frozen=True, slots=True)
class Setup:
    """What an app needs: the secret in base 32, to type, and an otpauth address, to scan; `picture` is its QR code."""

    secret: str
    address: str
    picture: str
