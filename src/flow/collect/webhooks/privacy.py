"""What the inbox knows of guests: the provider's own words, sealed, until they were applied and a month after.

A row goes with its person. What it said is in messages, orders and payments by then, which are answered for themselves.
"""

from flow.kit.personal import Erasure, PersonalColumn

PERSONAL_COLUMNS = (
    PersonalColumn("webhook_inbox", "payload_sealed", "guest", Erasure.DELETE_ROW, exported=False),
    PersonalColumn("webhook_inbox", "subject", "guest", Erasure.DELETE_ROW, exported=False),
)
