"""What a restaurant's own log and messages know about its people."""

from flow.kit.personal import Erasure, PersonalColumn

_STAFF = "user"

PERSONAL_COLUMNS = (
    PersonalColumn("activities", "user_id", _STAFF, Erasure.SET_NULL),
    PersonalColumn("activities", "details", _STAFF, Erasure.REPLACE, replacement="{}"),
    PersonalColumn("notifications", "user_id", _STAFF, Erasure.DELETE_ROW),
    PersonalColumn("notifications", "body", _STAFF, Erasure.DELETE_ROW),
)
