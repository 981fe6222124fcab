"""What FLOW knows about guests: their row stays without name or contact, for the orders that refer to it."""

from flow.kit.personal import Erasure, PersonalColumn

_GUEST = "guest"

PERSONAL_COLUMNS = (
    PersonalColumn("customers", "user_id", _GUEST, Erasure.SET_NULL),
    PersonalColumn("customers", "name", _GUEST, Erasure.SET_NULL),
    PersonalColumn("customers", "phone", _GUEST, Erasure.SET_NULL),
    PersonalColumn("customers", "email", _GUEST, Erasure.SET_NULL),
)
