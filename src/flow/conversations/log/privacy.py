"""What conversations know about guests: the talk stays to learn from, without who it was or what they said."""

from flow.kit.personal import Erasure, PersonalColumn

_GUEST = "guest"

PERSONAL_COLUMNS = (
    PersonalColumn("ai_conversations", "channel_user_id", _GUEST, Erasure.SET_NULL),
    PersonalColumn("ai_conversations", "visitor_id", _GUEST, Erasure.SET_NULL),
    PersonalColumn("ai_conversations", "customer_id", _GUEST, Erasure.SET_NULL),
    PersonalColumn("ai_conversations", "customer_phone", _GUEST, Erasure.SET_NULL),
    PersonalColumn("ai_conversations", "customer_name", _GUEST, Erasure.SET_NULL),
    PersonalColumn("ai_conversations", "customer_feedback", _GUEST, Erasure.SET_NULL),
    PersonalColumn("ai_messages", "content", _GUEST, Erasure.REPLACE, replacement=""),
    PersonalColumn("ai_messages", "entities", _GUEST, Erasure.REPLACE, replacement="[]"),
    PersonalColumn("ai_feedback", "original_value", _GUEST, Erasure.SET_NULL),
    PersonalColumn("ai_feedback", "correct_value", _GUEST, Erasure.SET_NULL),
    PersonalColumn("ai_feedback", "feedback_notes", _GUEST, Erasure.SET_NULL),
    PersonalColumn("ai_feedback", "feedback_by", "user", Erasure.SET_NULL),
)
