"""What the loyalty programme knows about its members."""

from flow.kit.personal import Erasure, PersonalColumn

_GUEST = "guest"

PERSONAL_COLUMNS = (
    PersonalColumn("loyalty_points", "customer_id", _GUEST, Erasure.DELETE_ROW),
    PersonalColumn("loyalty_transactions", "customer_id", _GUEST, Erasure.DELETE_ROW),
)
