"""Meta's signature and handshake, by the computed vectors M1 and M2."""

from __future__ import annotations

import pytest

from flow.collect.providers.meta.signature import greet, signature_of, verify
from flow.collect.webhooks.errors import BadSignature
from tests.collect.providers.requests import request

SECRET = "flow_meta_app_secret_0123456789abcdef"
_BEFORE = (
    '{"object":"instagram","entry":[{"id":"17841400000000001","time":1767225600123,"messaging":[{"sender":'
    '{"id":"900000000000001"},"recipient":{"id":"17841400000000001"},"timestamp":1767225599456,"message":'
    '{"mid":"aWdfZAG1faXRlbTox_flow_test_0001","text":"'
)
M1 = (_BEFORE + 'Har I rød grød med fløde?"}}]}]}').encode()
M2 = (_BEFORE + "Har I r\\u00f8d gr\\u00f8d med fl\\u00f8de?" + '"}}]}]}').encode()
SIGNED = {
    M1: "sha256=4341022fb322df18f0bf882d3d9b8386c1092b5c036567b8c8a55c21f7c6936a",
    M2: "sha256=d886178587b9609f24bc8591e7fa62bbf28e4e7aa52235a2db53f4e70e98bce5",
}
CREDENTIALS = {"app_secret": SECRET, "verify_token": "agreed"}


def _verify(body: bytes, header: str, credentials: dict[str, str] = CREDENTIALS) -> None:
    verify(request(body, x_hub_signature_256=header), credentials)


@pytest.mark.parametrize(("body", "length"), [(M1, 286), (M2, 298)])
def test_the_vectors_hold(body: bytes, length: int) -> None:
    assert (length, SIGNED[body]) == (len(body), signature_of(body, SECRET))
    _verify(body, SIGNED[body])


def test_the_bytes_count_and_not_what_they_mean() -> None:
    for body, other in ((M1, M2), (M2, M1)):
        with pytest.raises(BadSignature):
            _verify(body, SIGNED[other])


@pytest.mark.parametrize("body", [M1, M2])
def test_every_byte_counts(body: bytes) -> None:
    for index in range(len(body)):
        changed = body[:index] + bytes([body[index] ^ 1]) + body[index + 1 :]
        with pytest.raises(BadSignature):
            _verify(changed, SIGNED[body])


def test_every_character_of_the_header_counts() -> None:
    for index, character in enumerate(SIGNED[M1]):
        changed = SIGNED[M1][:index] + ("0" if character != "0" else "1") + SIGNED[M1][index + 1 :]
        with pytest.raises(BadSignature):
            _verify(M1, changed)


@pytest.mark.parametrize("header", ["", SIGNED[M1].upper(), SIGNED[M1][7:], SIGNED[M1] + "é", "sha1=00", "sha256="])
def test_other_headers_are_refused(header: str) -> None:
    with pytest.raises(BadSignature):
        _verify(M1, header)


def test_either_of_two_secrets_may_sign() -> None:
    _verify(M1, SIGNED[M1], {"app_secret": "another", "second_app_secret": SECRET})


@pytest.mark.parametrize("credentials", [{}, {"app_secret": ""}, {"app_secret": "another"}])
def test_without_the_right_secret_nothing_is_let_in(credentials: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        _verify(M1, signature_of(M1, ""), credentials)
    with pytest.raises(BadSignature):
        _verify(M1, SIGNED[M1], credentials)


def _greet(query: str, credentials: dict[str, str] = CREDENTIALS) -> bytes | None:
    return greet(request(target=f"/api/webhooks/instagram/token?{query}"), credentials)


def test_the_handshake_is_answered_with_the_challenge() -> None:
    assert b"1158201444" == _greet("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=agreed")


@pytest.mark.parametrize(
    "query",
    [
        "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=wrong",
        "hub.mode=subscribe&hub.challenge=1158201444",
        "hub.mode=subscribe&hub.verify_token=agreed",
        "hub.mode=unsubscribe&hub.challenge=1158201444&hub.verify_token=agreed",
        "hub.challenge=1158201444&hub.verify_token=agreed",
        "hub.mode=subscribe&hub.challenge=%3Cscript%3E&hub.verify_token=agreed",
        f"hub.mode=subscribe&hub.challenge={'1' * 129}&hub.verify_token=agreed",
    ],
)
def test_any_other_handshake_is_refused(query: str) -> None:
    assert None is _greet(query)


def test_no_handshake_without_a_word_that_was_agreed_on() -> None:
    assert None is _greet("hub.mode=subscribe&hub.challenge=1&hub.verify_token=", {"app_secret": SECRET})
