"""What payments know about people."""

from flow.kit.personal import Erasure, PersonalColumn

_GUEST = "guest"

PERSONAL_COLUMNS = (
    PersonalColumn("payments", "provider_response", _GUEST, Erasure.SET_NULL, exported=False),
    PersonalColumn("payments", "card_last_four", _GUEST, Erasure.SET_NULL),
    PersonalColumn("payments", "card_brand", _GUEST, Erasure.SET_NULL),
)
