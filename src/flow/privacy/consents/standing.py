"""How a person's questions stand, out of the evidence: the rule of app.consent_in_force, for all questions at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flow.privacy.consents.types import Consent, Question, Standing

__all__ = ["standings"]


def standings(evidence: Iterable[Consent], *, at: datetime) -> list[Standing]:
    """Every question that the evidence knows, in a steady order.

    The latest decision holds; what is pending is no decision, and stops waiting once there is a later one.
    """
    decisions: dict[Question, Consent] = {}
    waiting: dict[Question, Consent] = {}
    for row in sorted(evidence, key=lambda row: row.number):
        if row.status == "pending":
            waiting[row.question] = row
        else:
            decisions[row.question] = row
            waiting.pop(row.question, None)
    questions = sorted({*decisions, *waiting}, key=_order)
    return [_standing(question, decisions.get(question), waiting.get(question), at) for question in questions]


def _standing(question: Question, decision: Consent | None, waiting: Consent | None, at: datetime) -> Standing:
    is_on = decision is not None and decision.granted and (decision.expires_at is None or decision.expires_at > at)
    return Standing(question=question, decision=decision, waiting=None if is_on else waiting, is_on=is_on)


def _order(question: Question) -> tuple[str, str, str]:
    return (str(question.restaurant_id or ""), question.consent_type, question.channel)
