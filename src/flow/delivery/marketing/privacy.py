"""What messages and campaigns know about guests, and about the staff who wrote them."""

from flow.kit.personal import Erasure, PersonalColumn

_GUEST = "guest"
_STAFF = "user"

PERSONAL_COLUMNS = (
    PersonalColumn("messages", "contact", _GUEST, Erasure.DELETE_ROW),
    PersonalColumn("messages", "customer_id", _GUEST, Erasure.DELETE_ROW),
    PersonalColumn("messages", "subject", _GUEST, Erasure.DELETE_ROW),
    PersonalColumn("messages", "body", _GUEST, Erasure.DELETE_ROW),
    PersonalColumn("messages", "sent_by", _STAFF, Erasure.SET_NULL),
    PersonalColumn("campaign_keywords", "created_by", _STAFF, Erasure.SET_NULL),
    PersonalColumn("marketing_campaigns", "created_by", _STAFF, Erasure.SET_NULL),
    PersonalColumn("campaign_sends", "customer_id", _GUEST, Erasure.SET_NULL),
    PersonalColumn("campaign_sends", "contact", _GUEST, Erasure.SET_NULL),
)
