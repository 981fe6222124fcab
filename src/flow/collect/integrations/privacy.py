"""What integrations may know of guests: bodies are redacted before they are written, so nothing by rule; just in case."""

from flow.kit.personal import Erasure, PersonalColumn

PERSONAL_COLUMNS = (
    PersonalColumn("webhook_logs", "request_body", "guest", Erasure.SET_NULL),
    PersonalColumn("webhook_logs", "response_body", "guest", Erasure.SET_NULL),
)
