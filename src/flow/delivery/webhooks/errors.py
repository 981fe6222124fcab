"""What can be wrong with an endpoint."""

from flow.errors import Conflict, InvalidInput


class TooManyEndpoints(Conflict):
    """There are 20 endpoints already. Remove one that is not used."""

    code = "too_many_endpoints"


class NoEventTypes(InvalidInput):
    """Choose at least one event."""

    code = "no_event_types"


class KeyUsedOtherwise(Conflict):
    """This Idempotency-Key has set up another endpoint already; use a new key."""

    code = "idempotency_key_reused"


class NotActive(Conflict):
    """The endpoint is off. Switch it on first."""

    code = "endpoint_not_active"
