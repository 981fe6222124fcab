"""What payments know about people."""

from flow.kit.personal import Erasure, PersonalColumn

_GUEST = "guest"
_BOOKS = "The provider's number proves the payment for as long as the books are kept."

PERSONAL_COLUMNS = (
    PersonalColumn("payments", "provider_response", _GUEST, Erasure.SET_NULL, exported=False),
    PersonalColumn("payments", "card_last_four", _GUEST, Erasure.SET_NULL),
    PersonalColumn("payments", "card_brand", _GUEST, Erasure.SET_NULL),
    PersonalColumn("payments", "refund_reason", _GUEST, Erasure.SET_NULL),
    PersonalColumn("payments", "provider_transaction_id", _GUEST, Erasure.KEEP, keep_reason=_BOOKS),
)
