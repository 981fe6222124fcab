"""What other systems leave behind, put into the database as the programs would."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import psycopg


class Signs:
    """Rows of logs, inbox and deliveries of one restaurant. Times are moments; durations milliseconds."""

    def __init__(self, url: str, restaurant: UUID) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        self.restaurant = restaurant

    def close(self) -> None:
        self._connection.close()

    def call(
        self, at: datetime, ms: int | None, *, provider: str = "stripe", ok: bool = True, path: str = "/v1/refunds"
    ) -> None:
        self._run(
            "insert into public.api_logs (restaurant_id, id, api_name, endpoint, method, response_status, "
            "response_time_ms, success, timestamp) values (%s, %s, %s, %s, 'POST', %s, %s, %s, %s)",
            provider, path, 200 if ok else 500, ms, ok, at,
        )  # fmt: skip

    def arrival(
        self,
        at: datetime,
        *,
        provider: str = "stripe",
        status: str = "done",
        took_ms: int = 100,
        reason: str | None = None,
    ) -> None:
        done_at = None if status == "received" else at + timedelta(milliseconds=took_ms)
        self._run(
            "insert into public.webhook_inbox (restaurant_id, id, provider, dedupe_key, event_type, status, "
            "received_at, processed_at, next_attempt_at, reason) values (%s, %s, %s, %s, 'paid', %s, %s, %s, %s, %s)",
            provider, str(uuid4()), status, at, done_at, at, reason,
        )  # fmt: skip

    def refusal(self, hour: datetime, deliveries: int, *, provider: str = "stripe") -> None:
        self._connection.execute(
            "insert into public.webhook_refusals (restaurant_id, hour, provider, reason, deliveries) "
            "values (%s, %s, %s, 'bad_signature', %s)",
            [self.restaurant, hour, provider, deliveries],
        )

    def endpoint(self, description: str = "Till", *, status: str = "active") -> UUID:
        return self._run(
            "insert into public.webhook_endpoints (restaurant_id, id, url, description, event_types, status, "
            "secrets_sealed, public_key) values (%s, %s, 'https://till.example/', %s, '{order.created}', %s, '', '')",
            description, status,
        )  # fmt: skip

    def delivery(self, endpoint: UUID, at: datetime, *, status: str = "delivered", took_ms: int = 100) -> UUID:
        ended = None if status == "pending" else at + timedelta(milliseconds=took_ms)
        return self._run(
            "insert into public.webhook_deliveries (restaurant_id, id, endpoint_id, event_id, event_type, object_id, "
            "sequence, body, status, created_at, wanted_at, finished_at) "
            "values (%s, %s, %s, %s, 'order.created', %s, 1, '{}', %s, %s, %s, %s)",
            endpoint, uuid4(), uuid4(), status, at, at, ended,
        )  # fmt: skip

    def attempt(self, endpoint: UUID, at: datetime, ms: int, code: int | None = 200) -> None:
        self._run(
            "insert into public.webhook_attempts (restaurant_id, id, delivery_id, endpoint_id, attempted_at, "
            "duration_ms, status_code) values (%s, %s, %s, %s, %s, %s, %s)",
            uuid4(), endpoint, at, ms, code,
        )  # fmt: skip

    def queued_call(self, due_at: datetime, *, provider: str = "stripe") -> None:
        self._run(
            "insert into public.provider_calls (restaurant_id, id, provider, kind, key, arguments, next_attempt_at) "
            "values (%s, %s, %s, 'capture', %s, '{}', %s)",
            provider, str(uuid4()), due_at,
        )  # fmt: skip

    def connection(self, provider: str, *, heard_at: datetime | None, status: str = "active") -> None:
        self._run(
            "insert into public.integration_configs (restaurant_id, id, integration_type, integration_name, status, "
            "last_sync_at) values (%s, %s, 'payment', %s, %s, %s)",
            provider, status, heard_at,
        )  # fmt: skip

    def _run(self, statement: str, *values: object) -> UUID:
        row = uuid4()
        self._connection.execute(statement, [self.restaurant, row, *values])
        return row


def speak(signs: Signs, now: datetime) -> None:
    """A week of two systems and an endpoint, with what goes wrong now and then."""
    signs.connection("stripe", heard_at=now - timedelta(minutes=4))
    signs.connection("wolt", heard_at=now - timedelta(hours=7))
    till = signs.endpoint("Till at the bar")
    for hours in range(0, 7 * 24, 3):
        at = now - timedelta(hours=hours, minutes=5)
        for number in range(1 + hours % 5):
            signs.call(at, 80 + 37 * number + hours % 11, ok=hours % 13 > 0)
            signs.arrival(at, took_ms=60 + hours, status="parked" if hours % 29 == 1 else "done")
            signs.attempt(till, at, 30 + 4 * number, 500 if hours % 17 == 2 else 200)
            signs.delivery(till, at, took_ms=120 + 9 * hours)
        signs.call(at, 300 + hours, provider="wolt", path="/orders/{id}")
        signs.arrival(at, provider="wolt", took_ms=900)
    signs.queued_call(now - timedelta(minutes=2))
    signs.delivery(till, now - timedelta(seconds=40), status="pending")


def made(url: str, restaurant: UUID) -> Iterator[Signs]:
    signs = Signs(url, restaurant)
    yield signs
    signs.close()
