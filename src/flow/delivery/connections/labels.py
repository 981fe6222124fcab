"""The words of the lists: what became of a call or a webhook."""

from __future__ import annotations

from typing import Final

from flow.delivery.connections.types import Behind
from flow.web.i18n import N_

__all__ = ["OUTCOMES", "TITLES"]

TITLES: Final[dict[Behind, str]] = {
    "calls": N_("Calls to other systems"),
    "incoming": N_("Webhooks received"),
    "outgoing": N_("Webhooks sent"),
}
OUTCOMES: Final[dict[Behind, dict[str, str]]] = {
    "calls": {"answered": N_("Answered"), "refused": N_("Refused or not answered")},
    "incoming": {
        "received": N_("Waiting"),
        "done": N_("Applied"),
        "ignored": N_("Nothing to do"),
        "parked": N_("Parked"),
    },
    "outgoing": {"pending": N_("Waiting"), "delivered": N_("Delivered"), "failed": N_("Given up")},
}
