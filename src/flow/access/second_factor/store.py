"""One function per statement of queries.sql. All of them take a transaction of the service."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from flow.access.second_factor.types import AttemptTaken, Factor, FactorState
from flow.database.queries import load_queries
from flow.database.transaction import Transaction

_queries = load_queries(__package__)


async def find_factor(service: Transaction, user: UUID) -> Factor | None:
    return await service.one_or_none(_queries.find_factor, Factor, user_id=user)


async def state(service: Transaction, user: UUID) -> FactorState | None:
    return await service.one_or_none(_queries.state, FactorState, user_id=user)


async def propose(service: Transaction, user: UUID, secret_sealed: bytes, *, at: datetime) -> bool:
    """False when one is in force already."""
    return bool(await service.execute(_queries.propose, user_id=user, secret_sealed=secret_sealed, at=at))


async def take_attempt(
    service: Transaction, user: UUID, *, now: datetime, most: int, shortest: timedelta, longest: timedelta
) -> AttemptTaken | None:
    return await service.one_or_none(
        _queries.take_attempt, AttemptTaken, user_id=user, now=now, most=most, shortest=shortest, longest=longest
    )


async def use_step(service: Transaction, user: UUID, step: int) -> bool:
    return bool(await service.execute(_queries.use_step, user_id=user, step=step))


async def enable(service: Transaction, user: UUID, *, at: datetime) -> bool:
    return bool(await service.execute(_queries.enable, user_id=user, at=at))


async def remove(service: Transaction, user: UUID) -> bool:
    """Takes the recovery codes along; False when there was no second factor."""
    await service.execute(_queries.remove_recovery_codes, user_id=user)
    return bool(await service.execute(_queries.remove, user_id=user))


async def replace_recovery_codes(service: Transaction, user: UUID, hashes: Mapping[int, str]) -> None:
    await service.execute(_queries.remove_recovery_codes, user_id=user)
    rows: list[dict[str, object]] = [
        {"user_id": user, "slot": slot, "code_hash": code_hash} for slot, code_hash in hashes.items()
    ]
    await service.execute_many(_queries.add_recovery_code, rows)


async def find_recovery_hash(service: Transaction, user: UUID, slot: int) -> str | None:
    found = await service.value(_queries.find_recovery_hash, user_id=user, slot=slot)
    return str(found) if found is not None else None


async def use_recovery_code(service: Transaction, user: UUID, slot: int, *, at: datetime) -> bool:
    return bool(await service.execute(_queries.use_recovery_code, user_id=user, slot=slot, at=at))


async def forget_failures(service: Transaction, user: UUID) -> None:
    await service.execute(_queries.forget_failures, user_id=user)
