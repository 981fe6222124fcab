"""Why a whole batch is refused, and what a quarantined one was refused for."""

from __future__ import annotations

from typing import Literal

from flow.collect.events.payload import Reason
from flow.errors import FlowError, NotAllowed, NotAuthenticated, TooManyRequests, Unavailable

__all__ = [
    "BodyTooLarge",
    "IngestUnavailable",
    "MalformedBatch",
    "OriginNotAllowed",
    "RateLimited",
    "RejectionCode",
    "Status",
    "TooManyEvents",
    "UnknownSiteKey",
    "UnsupportedType",
]


Status = Literal["accepted", "duplicate", "rejected"]
"""What became of an event."""

RejectionCode = (
    Reason
    | Literal[
        "malformed_batch",
        "invalid_event",
        "invalid_id",
        "invalid_timestamp",
        "timestamp_out_of_range",
        "refused_by_database",
    ]
)
"""Why an event lies in the quarantine; a closed set."""


class MalformedBatch(FlowError):
    """The body is not a batch of events."""

    code = "malformed_batch"
    status = 400


class TooManyEvents(MalformedBatch):
    """A batch has at most 500 events; send several."""


class UnknownSiteKey(NotAuthenticated):
    """This restaurant has no such site key, or it was revoked."""

    code = "unknown_site_key"


class OriginNotAllowed(NotAllowed):
    """The site key is not for pages of this origin; add it to the key's allowed origins."""

    code = "origin_not_allowed"


class BodyTooLarge(FlowError):
    """A body has at most 512 KiB; send several batches."""

    code = "too_large"
    status = 413


class UnsupportedType(FlowError):
    """Send JSON as application/json or text/plain."""

    code = "unsupported_media_type"
    status = 415


class RateLimited(TooManyRequests):
    """More events than allowed for now; send these again later."""


class IngestUnavailable(Unavailable):
    """Events cannot be stored now; send these again shortly."""
