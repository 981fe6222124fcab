"""Who may deliver for InMobile: whoever knows the address, from known networks."""

from __future__ import annotations

import pytest

from flow.collect.providers.inmobile.signature import verify
from flow.collect.webhooks.errors import BadSignature
from tests.collect.providers.requests import integration, request

WITH_TOKEN = "/api/webhooks/inmobile/AbC-_123"


@pytest.mark.parametrize("address", ["46.36.205.81", "46.36.205.94", "185.221.37.97", "::ffff:46.36.205.81"])
def test_the_published_networks_are_let_in(address: str) -> None:
    verify(request(b"{}", target=WITH_TOKEN, address=address), integration("inmobile", "sms"))


@pytest.mark.parametrize("address", ["46.36.205.96", "127.0.0.1", "2001:db8::1", "", "46.36.205.81, 1.1.1.1"])
def test_others_are_not(address: str) -> None:
    with pytest.raises(BadSignature):
        verify(request(b"{}", target=WITH_TOKEN, address=address), integration("inmobile", "sms"))


@pytest.mark.parametrize(
    "target", ["/api/webhooks/inmobile", "/api/webhooks/inmobile/", "/api/webhooks/inmobile?rid=x"]
)
def test_the_common_address_takes_nothing(target: str) -> None:
    with pytest.raises(BadSignature):
        verify(request(b"{}", target=target), integration("inmobile", "sms"))


@pytest.mark.parametrize("networks", ["any", "192.0.2.0/24, 198.51.100.0/24"])
def test_a_restaurant_may_name_other_networks(networks: str) -> None:
    own = integration("inmobile", "sms", networks=networks)

    verify(request(b"{}", target=WITH_TOKEN, address="198.51.100.7"), own)


def test_a_network_that_is_none_lets_nobody_in() -> None:
    with pytest.raises(BadSignature):
        verify(request(b"{}", target=WITH_TOKEN), integration("inmobile", "sms", networks="nonsense"))
