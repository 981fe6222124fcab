"""What integrations may know of guests: by rule nothing, for bodies are redacted before they are written.

And of users: who connected which.
"""

from flow.kit.personal import Erasure, PersonalColumn

PERSONAL_COLUMNS = (
    PersonalColumn("integration_configs", "connected_by", "user", Erasure.SET_NULL),
    PersonalColumn("webhook_logs", "request_body", "guest", Erasure.SET_NULL),
    PersonalColumn("webhook_logs", "response_body", "guest", Erasure.SET_NULL),
)
