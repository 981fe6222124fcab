"""The token in a webhook's address says whose it is, and nobody else can write one."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.collect.webhooks.address import Address, Addresses

SECRET, OLD = b"the present secret, of 32 bytes or more", b"a former secret, of 32 bytes or more too"
ADDRESS = Address(UUID("22222222-2222-4222-8222-222222222222"), UUID("11111111-1111-4111-8111-111111111111"))


def test_an_address_reads_what_it_wrote() -> None:
    addresses = Addresses([SECRET])

    token = addresses.token(ADDRESS)

    assert ADDRESS == addresses.read(token)
    assert 64 == len(token)
    assert f"/api/webhooks/stripe/{token}" == addresses.path("stripe", ADDRESS)


def test_an_address_of_a_former_secret_holds_while_that_secret_is_kept() -> None:
    token = Addresses([OLD]).token(ADDRESS)

    assert ADDRESS == Addresses([SECRET, OLD]).read(token)
    assert None is Addresses([SECRET]).read(token)


@given(position=st.integers(0, 63), letter=st.sampled_from("ABCabc019-_"))
def test_a_token_with_another_letter_leads_nowhere(position: int, letter: str) -> None:
    addresses = Addresses([SECRET])
    token = addresses.token(ADDRESS)
    changed = token[:position] + letter + token[position + 1 :]

    assert (ADDRESS if changed == token else None) == addresses.read(changed)


@pytest.mark.parametrize(
    "text", ["", "x", "æ" * 64, "=" * 64, "A" * 63, "A" * 64, "A" * 65, "../" * 21 + "A", " " * 64]
)
def test_what_is_no_token_leads_nowhere(text: str) -> None:
    assert None is Addresses([SECRET]).read(text)
