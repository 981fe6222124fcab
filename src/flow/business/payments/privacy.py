"""What payments know about people."""

from flow.kit.personal import Erasure, PersonalColumn

_GUEST = "guest"
_STAFF = "user"
_ASKED_BY = "Who asked for a refund is part of its bookkeeping trail."
_BOOKS = "The provider's number proves the payment for as long as the books are kept."

PERSONAL_COLUMNS = (
    PersonalColumn("payments", "provider_response", _GUEST, Erasure.SET_NULL, exported=False),
    PersonalColumn("payments", "card_last_four", _GUEST, Erasure.SET_NULL),
    PersonalColumn("payments", "card_brand", _GUEST, Erasure.SET_NULL),
    PersonalColumn("payments", "refund_reason", _GUEST, Erasure.SET_NULL),
    PersonalColumn("payments", "provider_transaction_id", _GUEST, Erasure.KEEP, keep_reason=_BOOKS),
    PersonalColumn("payments", "checkout_url", _GUEST, Erasure.SET_NULL, exported=False),
    PersonalColumn("payment_refunds", "reason", _GUEST, Erasure.SET_NULL),
    PersonalColumn("payment_refunds", "requested_by", _STAFF, Erasure.KEEP, keep_reason=_ASKED_BY),
)
