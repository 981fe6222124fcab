"""How endpoints do: what a round of attempts says of each, and the notice when one is disabled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from flow.database.transaction import Transaction
from flow.delivery.webhooks import store
from flow.delivery.webhooks.schedule import MAX_RETRY_AFTER
from flow.delivery.webhooks.types import Answer, Disabled, Outcome
from flow.web.i18n import N_

__all__ = ["note_health"]

_TITLE = N_("A webhook endpoint was disabled")
_REASONS = {
    "gone": N_("%(address)s answered 410: it is gone for good."),
    "failing": N_("%(address)s has failed for five days. What waits is kept for 30 days."),
}


async def note_health(service: Transaction, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Notes successes and failures on the endpoints; an endpoint that is disabled by it has its people told."""
    answers: dict[store.Place, list[Answer]] = defaultdict(list)
    for outcome in outcomes:
        answers[outcome.claimed.restaurant_id, outcome.claimed.endpoint_id].append(outcome.answer)
    places = sorted(answers)
    summed = [_summed(answers[place]) for place in places]
    columns: dict[str, list[object]] = {name: [each[name] for each in summed] for name in summed[0]}
    for disabled in await store.note_health(service, places, now, columns=columns):
        await _notify(service, disabled, now)


def _summed(answers: Sequence[Answer]) -> dict[str, object]:
    """The failures since the last success, in the order in which the answers came."""
    successes = [index for index, answer in enumerate(answers) if answer.is_success]
    failures = answers[successes[-1] + 1 :] if successes else answers
    last = failures[-1] if failures else None
    return {
        "failures": len(failures),
        "has_success": bool(successes),
        "is_gone": any(answer.is_gone for answer in answers),
        "retry_after": min(max((answer.retry_after for answer in failures), default=0.0), MAX_RETRY_AFTER),
        "errors": (last.error or f"answered {last.status_code}") if last else None,
    }


async def _notify(service: Transaction, disabled: Disabled, now: datetime) -> None:
    await store.notify_disabled(
        service,
        disabled.restaurant_id,
        title=_TITLE,
        body=_REASONS[disabled.disabled_reason],
        facts={"address": disabled.url},
        link=f"/settings/webhooks/{disabled.id}?restaurant={disabled.restaurant_id}",
        now=now,
    )
