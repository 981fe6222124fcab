"""What the outbox knows about people: whose order it was, until the person is erased."""

from flow.kit.personal import Erasure, PersonalColumn

PERSONAL_COLUMNS = (PersonalColumn("outbox_events", "customer_id", "guest", Erasure.SET_NULL),)
