"""What integrations may know of guests: by rule nothing, for bodies are redacted before they are written."""

from flow.kit.personal import Erasure, PersonalColumn

PERSONAL_COLUMNS = (
    PersonalColumn("webhook_logs", "request_body", "guest", Erasure.SET_NULL),
    PersonalColumn("webhook_logs", "response_body", "guest", Erasure.SET_NULL),
)
