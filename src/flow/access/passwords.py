"""Passwords, hashed with Argon2id in a thread of their own: it takes some 20 ms and 19 MiB each time."""

from __future__ import annotations

from functools import cache

import anyio.lowlevel
from anyio import CapacityLimiter, to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from flow.access.errors import WeakPassword

MIN_CHARACTERS = 10
MAX_CHARACTERS = 1_000
# OWASP's password storage cheat sheet: 19 MiB, 2 passes, 1 lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_AT_ONCE = 2  # bounds the memory that a storm of log-ins takes
_limiter: anyio.lowlevel.RunVar[CapacityLimiter] = anyio.lowlevel.RunVar("password hashing")


async def hash_password(password: str) -> str:
    """The hash to keep; WeakPassword for fewer than 10 characters."""
    if not MIN_CHARACTERS <= len(password) <= MAX_CHARACTERS:
        raise WeakPassword
    return await to_thread.run_sync(_HASHER.hash, password, limiter=_hashing())


async def matches(password: str, password_hash: str | None) -> bool:
    """Whether the password belongs to the hash. Without a hash it takes just as long, and is False."""
    held = await to_thread.run_sync(_verify, password, password_hash, limiter=_hashing())
    return held and password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)


def _verify(password: str, password_hash: str | None) -> bool:
    try:
        return _HASHER.verify(password_hash or _decoy(), password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _decoy() -> str:
    return _HASHER.hash("nobody's password")


def _hashing() -> CapacityLimiter:
    # A limiter belongs to the event loop it was made in.
    try:
        return _limiter.get()
    except LookupError:
        limiter = CapacityLimiter(_AT_ONCE)
        _limiter.set(limiter)
        return limiter
