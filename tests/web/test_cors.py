"""Pages of other origins: welcome where guests order, and nowhere else."""

from __future__ import annotations

import httpx
import pytest

ELSEWHERE = {"Origin": "https://napoli.example"}


@pytest.mark.parametrize("path", ["/api/menu", "/api/quotes", "/api/orders"])
async def test_a_restaurants_own_page_may_ask_before_it_orders(http: httpx.AsyncClient, path: str) -> None:
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type,idempotency-key"}
    answer = await http.options(path, headers=ELSEWHERE | asks)

    assert (200, "*") == (answer.status_code, answer.headers["Access-Control-Allow-Origin"])
    assert "access-control-allow-credentials" not in answer.headers


async def test_a_refusal_can_be_read_by_the_page(http: httpx.AsyncClient) -> None:
    answer = await http.post("/api/orders", json={}, headers=ELSEWHERE)

    assert (422, "*") == (answer.status_code, answer.headers["Access-Control-Allow-Origin"])


@pytest.mark.parametrize(
    "path", ["/api/products", "/api/orders/0190a3f2-0000-7000-8000-000000000000", "/auth/v1/token"]
)
async def test_other_addresses_are_closed_to_other_origins(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.post(path, json={}, headers=ELSEWHERE)

    assert "access-control-allow-origin" not in answer.headers
