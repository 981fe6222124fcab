"""docs/reference/webhooks.md: every event with its fields, made from the catalogue."""

from __future__ import annotations

from flow.business.outbox.catalogue import EVENT_TYPES, SCHEMA, EventType
from flow.delivery.webhooks.schedule import DELAYS, GIVES_UP_AFTER

__all__ = ["reference_markdown"]

_INTRODUCTION = f"""# Outgoing webhooks

FLOW sends `POST` requests as [Standard Webhooks 1.0.0](https://www.standardwebhooks.com) says; how to receive them is
in [the guide](../guides/webhooks.md). Schema version {SCHEMA}: within it fields may be added, none changed or removed.

The body is JSON: `type`, `timestamp` (when it happened, ISO 8601, UTC), `schema` (the version) and `data`. Amounts are
whole hundredths of the currency (øre). An endpoint with the thin payload gets, of the fields below, `restaurant_id`,
`version`, `customer`, the ids, `status`, `previous_status` and `created_at`; so does, with `"shortened": true`, one
whose full body would be larger than 20 kB.

| header | content |
|---|---|
| `webhook-id` | The event's id, the same in every try: what you have seen with it, answer with 200 and pass over. |
| `webhook-timestamp` | Unix seconds of this try. Refuse what is more than five minutes off. |
| `webhook-signature` | Separated by spaces: `v1,…` (HMAC-SHA256), `v1a,…` (ed25519). One that fits is enough. |
"""
_RETRIES = """Only a 2xx answer within 15 s counts. A try that fails is repeated after {waits}: {tries} tries
over {hours} hours, each wait up to a tenth longer by chance, or as long as `Retry-After` asks, up to a day. After three
failures in a row an endpoint is tried with growing pauses of up to five minutes, one message at a time. 410 disables
it at once, five days of failures do as well; its restaurant is told. Redirects are not followed.

Events of one object (an order, a payment) arrive in their order; those of different objects in any order.
"""


def reference_markdown() -> str:
    """The page."""
    return "\n".join([_INTRODUCTION, _retries(), *map(_section, EVENT_TYPES.values())])


def _retries() -> str:
    hours = int(GIVES_UP_AFTER.total_seconds() // 3600)
    return _RETRIES.format(waits=", ".join(map(_words, DELAYS)), tries=len(DELAYS) + 1, hours=hours)


def _section(kind: EventType) -> str:
    rows = [f"| `{field.name}` | {field.kind} | {field.meaning} |" for field in kind.fields]
    return "\n".join(
        [f"## `{kind.name}`", "", f"{kind.title}.", "", "| field | type | meaning |", "|---|---|---|", *rows, ""]
    )


def _words(seconds: float) -> str:
    for unit, size in (("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:g} {unit}"
    return f"{seconds:g} s"
