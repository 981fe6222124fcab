"""What couriers' deliveries know about people: a link that shows where the courier is, and who sent for one."""

from flow.kit.personal import Erasure, PersonalColumn

PERSONAL_COLUMNS = (
    PersonalColumn("courier_deliveries", "tracking_url", "guest", Erasure.SET_NULL),
    PersonalColumn("courier_deliveries", "requested_by", "user", Erasure.SET_NULL),
)
