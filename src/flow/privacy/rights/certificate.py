"""The certificate of a request: what was found and done, by table and rule, without saying who it was."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from flow.privacy.catalogue import CATALOGUE
from flow.privacy.rights import labels
from flow.privacy.rights.index import document
from flow.privacy.rights.types import PrivacyRequest
from flow.web.i18n import Translator

__all__ = ["certificate_facts", "certificate_page", "policy_of", "steps_of"]


def certificate_facts(request: PrivacyRequest) -> dict[str, Any]:
    """The certificate as JSON values."""
    times = ("received_at", "due_at", "identity_checked_at", "decided_at", "completed_at")
    return {
        "request": str(request.id),
        "kind": request.kind,
        "status": request.status,
        "restaurant_id": str(request.restaurant_id) if request.restaurant_id else None,
        "subject": request.subject,
        "identity_method": request.identity_method,
        **{name: _text(getattr(request, name)) for name in times},
        "outcome": dict(request.outcome or {}),
    }


def certificate_page(request: PrivacyRequest, words: Translator, *, restaurant: str | None) -> str:
    """The certificate as a page that is a file."""
    outcome = dict(request.outcome or {})
    return document(
        "certificate.html",
        words,
        request=request,
        kind=words.gettext(labels.KINDS[request.kind]),
        identity=words.gettext(labels.METHODS[request.identity_method]) if request.identity_method else "",
        restaurant=restaurant,
        steps=[_step(step, words) for step in steps_of(request)],
        kept=_list(outcome, "kept"),
        outcome=outcome,
    )


def policy_of(page: str) -> str:
    """The Content-Security-Policy of the page when a site shows it: nothing but the style sheet within it."""
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
    )


def steps_of(request: PrivacyRequest) -> Sequence[Mapping[str, Any]]:
    """What was done, by table and rule."""
    return _list(dict(request.outcome or {}), "steps")


def _step(step: Mapping[str, Any], words: Translator) -> dict[str, Any]:
    entry = CATALOGUE.get(str(step["table"]))
    rule = words.gettext(labels.RULES.get(str(step["rule"]), str(step["rule"])))
    return {**step, "rule": rule, "purpose": words.gettext(entry.purpose) if entry else ""}


def _list(outcome: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    found = outcome.get(name, [])
    return found if isinstance(found, list) else []


def _text(at: Any) -> str | None:
    return at.isoformat() if at is not None else None
