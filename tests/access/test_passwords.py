"""Passwords and their hashes."""

from __future__ import annotations

import time

import pytest
from argon2 import PasswordHasher

from flow.access.errors import WeakPassword
from flow.access.passwords import hash_password, is_outdated, matches


async def test_a_password_matches_its_own_hash_alone() -> None:
    kept = await hash_password("correct horse battery")

    assert (True, False) == (await matches("correct horse battery", kept), await matches("correct horse", kept))


async def test_a_hash_is_argon2id_with_a_salt_of_its_own() -> None:
    first, second = await hash_password("correct horse battery"), await hash_password("correct horse battery")

    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second


@pytest.mark.parametrize("password", ["", "123456789", "æøåæøåæøå", "x" * 1_001])
async def test_a_password_of_the_wrong_length_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        await hash_password(password)


async def test_ten_characters_of_any_script_are_enough() -> None:
    assert await matches("æøåæøåæøå🙂", await hash_password("æøåæøåæøå🙂"))


@pytest.mark.parametrize("kept", ["", "x", "$argon2id$", "$2b$12$abcdefghijklmnopqrstuv"])
async def test_a_hash_that_is_none_matches_nothing(kept: str) -> None:
    assert not await matches("correct horse battery", kept)


async def test_without_a_hash_nothing_matches_and_it_takes_as_long() -> None:
    kept = await hash_password("correct horse battery")
    await matches("warm up", None)
    fastest = [min([await _seconds(each) for _ in range(5)]) for each in (kept, None)]

    assert 0.5 < fastest[1] / fastest[0] < 2
    assert not await matches("nobody's password", None)


async def test_a_hash_of_other_parameters_is_outdated() -> None:
    assert (True, False) == (
        is_outdated(PasswordHasher(time_cost=1, memory_cost=8_192).hash("correct horse battery")),
        is_outdated(await hash_password("correct horse battery")),
    )


async def _seconds(kept: str | None) -> float:
    """The processor's time that a wrong password takes: the clock's tells what else runs here, too."""
    began = time.process_time()
    assert not await matches("nobody's passwort", kept)
    return time.process_time() - began
