"""What the system's logs know about the people who use FLOW: who, from where, for as long as a fault may need it."""

from flow.kit.personal import Erasure, PersonalColumn

_USER = "user"

PERSONAL_COLUMNS = (
    PersonalColumn("system_logs", "user_id", _USER, Erasure.SET_NULL),
    PersonalColumn("system_logs", "ip_address", _USER, Erasure.SET_NULL),
    PersonalColumn("system_logs", "user_agent", _USER, Erasure.SET_NULL),
    PersonalColumn("system_logs", "details", _USER, Erasure.REPLACE, replacement="{}"),
    PersonalColumn("error_logs", "user_id", _USER, Erasure.SET_NULL),
    PersonalColumn("error_logs", "resolved_by", _USER, Erasure.SET_NULL),
    PersonalColumn("error_logs", "resolution_notes", _USER, Erasure.SET_NULL),
)
