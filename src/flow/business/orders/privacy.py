"""What orders know about people. The order itself is bookkeeping and stays; who it was for goes."""

from flow.kit.personal import Erasure, PersonalColumn

_GUEST = "guest"
_STAFF = "user"
_MOVED_BY = "Who moved an order is part of its bookkeeping trail."

PERSONAL_COLUMNS = (
    PersonalColumn("orders", "customer_id", _GUEST, Erasure.SET_NULL),
    PersonalColumn("orders", "user_id", _GUEST, Erasure.SET_NULL),
    PersonalColumn("orders", "customer_name", _GUEST, Erasure.SET_NULL),
    PersonalColumn("orders", "customer_phone", _GUEST, Erasure.SET_NULL),
    PersonalColumn("orders", "customer_email", _GUEST, Erasure.SET_NULL),
    PersonalColumn("orders", "delivery_address", _GUEST, Erasure.SET_NULL),
    PersonalColumn("orders", "delivery_postal_code", _GUEST, Erasure.SET_NULL),
    PersonalColumn("orders", "delivery_city", _GUEST, Erasure.SET_NULL),
    PersonalColumn("orders", "notes", _GUEST, Erasure.SET_NULL),
    PersonalColumn("orders", "visitor_id", _GUEST, Erasure.SET_NULL),
    PersonalColumn("orders", "session_id", _GUEST, Erasure.SET_NULL),
    PersonalColumn("orders", "idempotency_key", _GUEST, Erasure.SET_NULL, exported=False),
    PersonalColumn("orders", "request_hash", _GUEST, Erasure.SET_NULL, exported=False),
    PersonalColumn("orders", "cancel_reason", _GUEST, Erasure.SET_NULL),
    PersonalColumn("order_items", "notes", _GUEST, Erasure.SET_NULL),
    PersonalColumn("order_status_changes", "reason", _GUEST, Erasure.SET_NULL),
    PersonalColumn("order_status_changes", "changed_by", _STAFF, Erasure.KEEP, keep_reason=_MOVED_BY),
    PersonalColumn("channel_attribution", "touchpoint_path", _GUEST, Erasure.REPLACE, replacement="[]"),
)
