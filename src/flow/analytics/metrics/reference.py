"""The catalogue as a page for people: docs/reference/metrics.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import assert_never

from flow.analytics.metrics.formulas import Formula, Measured, Ratio, Share, Sum, Uncollected
from flow.analytics.metrics.types import Metric, Source, Unit

_INTRO = """# Metrics

Every figure that FLOW shows, once. The dashboard, the API, exports and mails ask the same engine for them, so a figure
shown twice is the same figure. This page is made from the catalogue (`src/flow/analytics/metrics/catalogue.py`).

- A day is the restaurant's **business day**: its time zone, from its cut-off hour (04:00 unless set) to the next.
- **Orders** in the definitions are orders that were not cancelled, in the restaurant's own currency. Money of several
  currencies is never added.
- A **rate** divides sums: a week's rate is not an average of its days' rates.
- A **blank** is not a zero. Before the first day of data there is no figure, a comparison needs data from the first
  day of the other period on, and every blank says why.
- **Known customers** are guests who left a phone number or an e-mail address.

How each is made is written in facts: the sums that are counted from rows (`src/flow/analytics/facts/queries.sql`) and
kept per business day. How other systems do is counted by `src/flow/analytics/health/queries.sql`, from rows.
"""
_SOURCES: dict[Source, str] = {
    "orders": "Orders, money and customers",
    "visits": "Visits, and how far the figures can be trusted",
    "loyalty": "Loyalty",
    "conversations": "Conversations",
    "provider_calls": "Calls to other systems",
    "incoming_webhooks": "Webhooks that come in",
    "outgoing_webhooks": "Webhooks that go out",
    "connections": "Connections at this moment",
}
_ROLLED_UP = "past business days from their roll-ups, the running one from rows"
_FROM: dict[Source, str] = {
    "orders": f"`orders`, `order_items`, `payments` and `channel_attribution`; {_ROLLED_UP}",
    "visits": f"`sessions`, `page_views`, `user_events` and `orders`; {_ROLLED_UP}",
    "loyalty": f"`loyalty_transactions` and `loyalty_members`; {_ROLLED_UP}",
    "conversations": "nothing yet",
    "provider_calls": "`daily_calls` for days that are over, `api_logs` for the rest, kept for 30 days",
    "incoming_webhooks": "`webhook_inbox` and `webhook_refusals`, rows as they are when asked, kept for 30 days",
    "outgoing_webhooks": "`webhook_deliveries` and `webhook_attempts`, rows as they are when asked, kept for 30 days",
    "connections": "`provider_calls`, `webhook_inbox`, `webhook_deliveries` and `integration_configs`, as they are now",
}
_UNITS: dict[Unit, str] = {
    "money": "money, in øre of the restaurant's currency",
    "count": "a count",
    "ratio": "a share, 0.25 is 25 %",
    "seconds": "seconds",
    "milliseconds": "milliseconds",
    "number": "a number",
}


def render(metrics: Iterable[Metric], not_yet: Mapping[str, str]) -> str:
    """Markdown for the metrics, grouped by source, and for those that cannot be answered yet."""
    lines, found = [_INTRO.rstrip(), ""], list(metrics)
    for source, title in _SOURCES.items():
        lines += [f"## {title}", ""]
        for metric in found:
            if metric.source == source:
                lines += _section(metric)
    lines += ["## Not yet", "", "| metric | what it needs |", "|---|---|"]
    lines += [f"| {name} | {need} |" for name, need in not_yet.items()]
    return "\n".join(lines) + "\n"


def _section(metric: Metric) -> Iterator[str]:
    yield from (f"### `{metric.key}`: {metric.title}", "", metric.definition, "")
    yield f"- Unit: {_UNITS[metric.unit]}"
    if metric.better is not None:
        yield f"- Better: {metric.better}"
    yield f"- Made of: {_made_of(metric.formula)}"
    yield f"- From: {_FROM[metric.source]}"
    yield f"- Seen by: `{metric.permission}`"
    if metric.formula.needs:
        yield f"- By: {', '.join(f'`{name}`' for name in sorted(metric.breakdowns))}"
    yield ""


def _made_of(formula: Formula) -> str:
    match formula:
        case Sum(facts):
            return _added(facts)
        case Ratio(over, under, less):
            taken = "".join(f" − `{name}`" for name in less)
            return f"({_added(over)}{taken}) / ({_added(under)})"
        case Share(fact):
            return f"`{fact}` of the row / `{fact}` of the whole"
        case Measured(fact):
            return f"`{fact}`, measured over all rows of what is asked; never an average of parts"
        case Uncollected():
            return "nothing that FLOW collects yet"
        case _:
            assert_never(formula)


def _added(facts: Iterable[str]) -> str:
    return " + ".join(f"`{name}`" for name in facts)
