"""The figures about other systems, computed by hand beside them. It is Friday 19 June 2026, 18:30 in Copenhagen."""

from __future__ import annotations

from datetime import timedelta

from tests.analytics.conftest import NOW, Ask
from tests.analytics.health.signs import Signs

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
CALLS = ("provider_calls", "provider_call_success_rate", "provider_call_p50", "provider_call_p95")


async def test_calls_their_success_and_times(asking: Ask, signs: Signs) -> None:
    for ms in range(1, 21):  # 20 calls of 10, 20, … 200 ms, one of them refused
        signs.call(NOW - HOUR, ms * 10, ok=ms != 20)
    signs.call(NOW - DAY, 5_000)  # yesterday

    answer = await asking(*CALLS)

    assert {
        "provider_calls": 20,
        "provider_call_success_rate": 0.95,
        "provider_call_p50": 100,
        "provider_call_p95": 190,
    } == answer.totals


async def test_times_of_several_days_are_measured_over_all_calls_and_not_averaged(asking: Ask, signs: Signs) -> None:
    for _ in range(9):
        signs.call(NOW - HOUR, 10)
    signs.call(NOW - DAY, 1_000)

    answer = await asking("provider_call_p50", "provider_calls", period="2026-06-18..2026-06-19", breakdown="day")

    assert 10 == answer.totals["provider_call_p50"]
    assert [1_000, 10] == [row.values["provider_call_p50"] for row in answer.rows]
    assert [1, 9] == [row.values["provider_calls"] for row in answer.rows]


async def test_a_call_after_midnight_belongs_to_the_evening_before(asking: Ask, signs: Signs) -> None:
    signs.call(NOW.replace(hour=0, minute=30), 10)  # 02:30 in Copenhagen, before the cut-off hour

    answer = await asking("provider_calls", period="2026-06-18..2026-06-19", breakdown="day")

    assert [1, 0] == [row.values["provider_calls"] for row in answer.rows]


async def test_calls_by_provider_and_by_address(asking: Ask, signs: Signs) -> None:
    signs.call(NOW - HOUR, 10, path="/v1/refunds")
    signs.call(NOW - HOUR, 30, path="/v1/intents", ok=False)
    signs.call(NOW - HOUR, 50, provider="wolt", path="/orders")

    by_provider = await asking(*CALLS, breakdown="provider")
    by_address = await asking("provider_calls", "provider_call_success_rate", breakdown="provider_endpoint")

    assert {"stripe": (2, 0.5, 10, 30), "wolt": (1, 1.0, 50, 50)} == {
        row.key: tuple(row.values[key] for key in CALLS) for row in by_provider.rows
    }
    assert {"stripe POST /v1/refunds": (1, 1), "stripe POST /v1/intents": (1, 0), "wolt POST /orders": (1, 1)} == {
        row.key: tuple(row.values.values()) for row in by_address.rows
    }


async def test_without_any_call_there_is_a_blank_that_says_why(asking: Ask, signs: Signs) -> None:
    answer = await asking(*CALLS)

    assert dict.fromkeys(CALLS) == answer.totals
    assert dict.fromkeys(CALLS, "no_data_then") == answer.blanks


async def test_a_quiet_day_is_zero_calls_and_no_rate(asking: Ask, signs: Signs) -> None:
    signs.call(NOW - 3 * DAY, 10)

    answer = await asking(*CALLS)

    assert {**dict.fromkeys(CALLS), "provider_calls": 0} == answer.totals
    assert {} == answer.blanks


async def test_a_comparison_needs_calls_from_the_first_day_on(asking: Ask, signs: Signs) -> None:
    signs.call(NOW - HOUR, 10)

    answer = await asking("provider_calls", comparison="previous_period")

    assert answer.comparison is not None
    assert {"provider_calls": "no_data_then"} == answer.comparison.blanks


async def test_what_came_in_and_what_became_of_it(asking: Ask, signs: Signs) -> None:
    for status in ("done", "done", "ignored", "parked", "received"):
        signs.arrival(NOW - HOUR, status=status, took_ms=400)
    signs.arrival(NOW - HOUR, provider="wolt", took_ms=2_000)
    keys = ("incoming_webhooks", "incoming_applied_rate", "incoming_parked", "incoming_parked_rate", "incoming_p95")

    answer = await asking(*keys, breakdown="provider")

    assert (6, 0.8, 1, 0.2, 2_000) == tuple(answer.totals[key] for key in keys)
    assert {"stripe": (5, 0.75, 1, 0.25, 400), "wolt": (1, 1.0, 0, 0.0, 2_000)} == {
        row.key: tuple(row.values[key] for key in keys) for row in answer.rows
    }


async def test_what_was_refused_is_counted_beside_what_came_in(asking: Ask, signs: Signs) -> None:
    signs.arrival(NOW - HOUR)
    signs.refusal(NOW - HOUR, 40)
    signs.refusal(NOW - 2 * HOUR, 2, provider="wolt")
    keys = ("incoming_webhooks", "incoming_refused", "incoming_p95")

    answer = await asking(*keys, breakdown="provider")

    assert (1, 42, 100) == tuple(answer.totals[key] for key in keys)
    assert {"stripe": (1, 40, 100), "wolt": (0, 2, None)} == {
        row.key: tuple(row.values[key] for key in keys) for row in answer.rows
    }


async def test_a_webhook_that_waits_has_taken_no_time_yet(asking: Ask, signs: Signs) -> None:
    signs.arrival(NOW - HOUR, took_ms=400)
    for _ in range(3):
        signs.arrival(NOW - HOUR, status="received")

    answer = await asking("incoming_webhooks", "incoming_p50")

    assert {"incoming_webhooks": 4, "incoming_p50": 400} == answer.totals


async def test_what_went_out_to_each_endpoint(asking: Ask, signs: Signs) -> None:
    till, book = signs.endpoint("Till"), signs.endpoint("")
    for ms in (100, 200, 300):
        signs.delivery(till, NOW - HOUR, took_ms=ms)
    signs.delivery(till, NOW - HOUR, status="pending")
    signs.delivery(book, NOW - HOUR, status="failed")
    signs.attempt(till, NOW - HOUR, 20)
    signs.attempt(till, NOW - HOUR, 40, 500)
    signs.attempt(till, NOW - HOUR, 15_000, None)
    keys = (
        *("outgoing_webhooks", "outgoing_delivery_rate", "outgoing_p50", "outgoing_p95"),
        *("webhook_tries", "webhook_try_success_rate", "webhook_answer_p95"),
    )

    answer = await asking(*keys, breakdown="webhook_endpoint")

    assert (5, 0.6, 200, 300, 3, 1 / 3, 40) == tuple(answer.totals[key] for key in keys)
    assert {
        (str(till), "Till"): (4, 0.75, 200, 300, 3, 1 / 3, 40),
        (str(book), "https://till.example/"): (1, 0.0, None, None, 0, None, None),
    } == {(row.key, row.label): tuple(row.values[key] for key in keys) for row in answer.rows}


async def test_the_queue_is_as_long_as_its_oldest_has_waited(asking: Ask, signs: Signs) -> None:
    till, off = signs.endpoint("Till"), signs.endpoint("Off", status="paused")
    signs.queued_call(NOW - timedelta(seconds=30))
    signs.queued_call(NOW + HOUR)  # not due yet
    signs.arrival(NOW - timedelta(seconds=90), provider="wolt", status="received")
    signs.delivery(till, NOW - timedelta(seconds=45), status="pending")
    signs.delivery(off, NOW - 10 * HOUR, status="pending")

    answer = await asking("queue_waiting", "queue_lag")
    by_provider = await asking("queue_waiting", "queue_lag", breakdown="provider")
    by_endpoint = await asking("queue_waiting", "queue_lag", breakdown="webhook_endpoint")

    assert {"queue_waiting": 4, "queue_lag": 90} == answer.totals
    assert {"stripe": (2, 30), "wolt": (1, 90)} == {row.key: tuple(row.values.values()) for row in by_provider.rows}
    assert {"Till": (1, 45)} == {row.label: tuple(row.values.values()) for row in by_endpoint.rows}


async def test_nothing_waiting_is_no_wait(asking: Ask, signs: Signs) -> None:
    answer = await asking("queue_waiting", "queue_lag")

    assert {"queue_waiting": 0, "queue_lag": 0} == answer.totals


async def test_silence_against_what_is_usual_at_this_hour(asking: Ask, signs: Signs) -> None:
    signs.connection("stripe", heard_at=NOW - 5 * HOUR)
    signs.connection("wolt", heard_at=NOW - timedelta(minutes=10))
    for week, deliveries in ((1, 4), (2, 3), (3, 5)):
        for number in range(deliveries):
            signs.arrival(NOW - week * 7 * DAY - timedelta(minutes=10 * number + 1))
            signs.arrival(NOW - week * 7 * DAY - timedelta(minutes=10 * number + 1), provider="wolt")
    signs.arrival(NOW - timedelta(minutes=10), provider="wolt")
    keys = ("system_silence", "recent_deliveries", "usual_deliveries", "quiet_systems")

    answer = await asking(*keys, breakdown="provider")

    assert (5 * 3_600, 1, 6, 1) == tuple(answer.totals[key] for key in keys)
    assert {"stripe": (5 * 3_600, 0, 3, 1), "wolt": (600, 1, 3, 0)} == {
        row.key: tuple(row.values[key] for key in keys) for row in answer.rows
    }


async def test_a_system_that_was_never_heard_has_no_silence(asking: Ask, signs: Signs) -> None:
    signs.connection("stripe", heard_at=None)

    answer = await asking("system_silence", "quiet_systems")

    assert {"system_silence": None, "quiet_systems": 0} == answer.totals


async def test_the_rest_of_a_ranking_adds_calls_but_no_quantiles(asking: Ask, signs: Signs) -> None:
    for provider in ("stripe", "wolt", "inmobile"):
        signs.call(NOW - HOUR, 10, provider=provider)

    answer = await asking("provider_calls", "provider_call_p95", breakdown="provider", limit=1)

    assert 2 == answer.omitted
    assert {"provider_calls": 2, "provider_call_p95": None} == answer.rest
