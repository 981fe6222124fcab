"""The part of the catalogue that is about other systems: calls, webhooks in and out, what waits, who is silent."""

from __future__ import annotations

from dataclasses import dataclass

from flow.analytics.metrics.formulas import Formula, Measured, Ratio, Sum
from flow.analytics.metrics.types import Better, Source, Unit
from flow.web.i18n import N_

__all__ = ["CONNECTIONS", "Entry"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A metric as it is written down; the catalogue works out its breakdowns."""

    key: str
    unit: Unit
    source: Source
    formula: Formula
    title: str
    definition: str
    better: Better | None


CONNECTIONS = (
    # --- calls to other systems ---
    Entry(
        "provider_calls",
        "count",
        "provider_calls",
        Sum(("calls",)),
        N_("Calls to other systems"),
        N_("Calls that FLOW made to payment, message, delivery and bookkeeping systems, each try counted."),
        None,
    ),
    Entry(
        "provider_call_success_rate",
        "ratio",
        "provider_calls",
        Ratio(("calls_answered",), ("calls",)),
        N_("Calls answered"),
        N_("Share of calls to other systems that were answered with success."),
        "up",
    ),
    Entry(
        "provider_call_p50",
        "milliseconds",
        "provider_calls",
        Measured("call_p50_ms"),
        N_("Typical answer time"),
        N_("Half of the calls to other systems were over within this time, failed ones and time-outs included."),
        "down",
    ),
    Entry(
        "provider_call_p95",
        "milliseconds",
        "provider_calls",
        Measured("call_p95_ms"),
        N_("Slow answer time"),
        N_("19 of 20 calls to other systems were over within this time, failed ones and time-outs included."),
        "down",
    ),
    # --- webhooks that come in ---
    Entry(
        "incoming_webhooks",
        "count",
        "incoming_webhooks",
        Sum(("incoming",)),
        N_("Webhooks received"),
        N_("What other systems told FLOW, each fact once however often it was sent, by when it came."),
        None,
    ),
    Entry(
        "incoming_applied_rate",
        "ratio",
        "incoming_webhooks",
        Ratio(("incoming_applied",), ("incoming_settled",)),
        N_("Webhooks applied"),
        N_("Share of the webhooks received that took effect or needed none; those that still wait are left out."),
        "up",
    ),
    Entry(
        "incoming_parked",
        "count",
        "incoming_webhooks",
        Sum(("incoming_parked",)),
        N_("Webhooks parked"),
        N_("Webhooks received in the period that could not be applied and wait for a person."),
        "down",
    ),
    Entry(
        "incoming_parked_rate",
        "ratio",
        "incoming_webhooks",
        Ratio(("incoming_parked",), ("incoming_settled",)),
        N_("Share parked"),
        N_("Share of the webhooks received that could not be applied; those that wait are left out."),
        "down",
    ),
    Entry(
        "incoming_refused",
        "count",
        "incoming_webhooks",
        Sum(("incoming_refused",)),
        N_("Webhooks refused"),
        N_(
            "Requests in the name of a connected system that were refused, as their signature was not made with its "
            "secret, counted by the hour. They are not among the webhooks received."
        ),
        "down",
    ),
    Entry(
        "incoming_p50",
        "milliseconds",
        "incoming_webhooks",
        Measured("incoming_p50_ms"),
        N_("Typical time to effect"),
        N_("Half of the webhooks received were worked through within this time after they came."),
        "down",
    ),
    Entry(
        "incoming_p95",
        "milliseconds",
        "incoming_webhooks",
        Measured("incoming_p95_ms"),
        N_("Slow time to effect"),
        N_("19 of 20 webhooks received were worked through within this time after they came."),
        "down",
    ),
    # --- webhooks that go out ---
    Entry(
        "outgoing_webhooks",
        "count",
        "outgoing_webhooks",
        Sum(("outgoing",)),
        N_("Webhooks to send"),
        N_("Events that endpoints were to be told of, once per endpoint, by when they were put on their way."),
        None,
    ),
    Entry(
        "outgoing_delivery_rate",
        "ratio",
        "outgoing_webhooks",
        Ratio(("outgoing_delivered",), ("outgoing",)),
        N_("Webhooks delivered"),
        N_("Share of the webhooks to send that have arrived by now; what still waits and what was given up has not."),
        "up",
    ),
    Entry(
        "outgoing_p50",
        "milliseconds",
        "outgoing_webhooks",
        Measured("outgoing_p50_ms"),
        N_("Typical time to deliver"),
        N_("Half of the webhooks delivered had arrived within this time after the event."),
        "down",
    ),
    Entry(
        "outgoing_p95",
        "milliseconds",
        "outgoing_webhooks",
        Measured("outgoing_p95_ms"),
        N_("Slow time to deliver"),
        N_("19 of 20 webhooks delivered had arrived within this time after the event."),
        "down",
    ),
    Entry(
        "webhook_tries",
        "count",
        "outgoing_webhooks",
        Sum(("tries",)),
        N_("Tries to deliver"),
        N_("Requests that FLOW sent to endpoints, repeated ones included."),
        None,
    ),
    Entry(
        "webhook_try_success_rate",
        "ratio",
        "outgoing_webhooks",
        Ratio(("tries_answered",), ("tries",)),
        N_("Tries answered well"),
        N_("Share of the tries to deliver that the endpoint answered with 2xx."),
        "up",
    ),
    Entry(
        "webhook_answer_p50",
        "milliseconds",
        "outgoing_webhooks",
        Measured("try_p50_ms"),
        N_("Typical answer time of endpoints"),
        N_("Half of the tries that were answered were so within this time."),
        "down",
    ),
    Entry(
        "webhook_answer_p95",
        "milliseconds",
        "outgoing_webhooks",
        Measured("try_p95_ms"),
        N_("Slow answer time of endpoints"),
        N_("19 of 20 tries that were answered were so within this time."),
        "down",
    ),
    # --- at this moment ---
    Entry(
        "queue_waiting",
        "count",
        "connections",
        Sum(("queue_waiting",)),
        N_("Waiting now"),
        N_(
            "Calls to make, webhooks to apply and webhooks to send that are not done at this moment, whatever period "
            "is chosen. What waits for an endpoint that is off is left out."
        ),
        "down",
    ),
    Entry(
        "queue_lag",
        "seconds",
        "connections",
        Measured("queue_lag_seconds"),
        N_("Longest wait"),
        N_("For how long the oldest of what waits at this moment has been due; 0 when nothing is."),
        "down",
    ),
    Entry(
        "system_silence",
        "seconds",
        "connections",
        Measured("silence_seconds"),
        N_("Silence"),
        N_(
            "Time since a connected system was last heard, by a webhook or an answered call; of several systems that "
            "of the most silent one."
        ),
        "down",
    ),
    Entry(
        "recent_deliveries",
        "count",
        "connections",
        Sum(("recent_deliveries",)),
        N_("Webhooks in the last three hours"),
        N_("Webhooks received from connected systems within the last three hours, whatever period is chosen."),
        None,
    ),
    Entry(
        "usual_deliveries",
        "count",
        "connections",
        Sum(("usual_deliveries",)),
        N_("Webhooks usual at this hour"),
        N_(
            "What can be counted on at this time of the week: of each connected system the fewest webhooks that came "
            "in the same three hours of any of the last three weeks."
        ),
        None,
    ),
    Entry(
        "quiet_systems",
        "count",
        "connections",
        Sum(("quiet_systems",)),
        N_("Gone quiet"),
        N_(
            "Connected systems from which nothing came in the last three hours, although at least three webhooks came "
            "in the same three hours of each of the last three weeks."
        ),
        "down",
    ),
)
