"""What the walk tries to write. Values are SQL; {restaurant}, {user}, {other} and {product} are put in as literals."""

from __future__ import annotations

INSERTS: dict[str, dict[str, str]] = {
    "ai_feedback": {
        "id": "gen_random_uuid()",
        "feedback_type": "'response_quality'",
        "feedback_source": "'staff'",
        "feedback_by": "{user}",
    },
    "builder_configs": {"id": "gen_random_uuid()", "kind": "'app'", "name": "'Another'", "updated_by": "{user}"},
    "consent_texts": {
        "consent_type": "'marketing'",
        "channel": "'sms'",
        "language": "'sv'",
        "version": "2",
        "body": "'Ja tack till nyheter på SMS'",
        "created_by": "{user}",
        "created_at": "now()",
    },
    "legal_holds": {
        "id": "gen_random_uuid()",
        "subject": "repeat('f', 64)",
        "reason": "'Case 2026-18'",
        "created_by": "{user}",
    },
    "marketing_campaigns": {
        "id": "gen_random_uuid()",
        "name": "'Autumn'",
        "channel": "'sms'",
        "status": "'draft'",
        "created_by": "{user}",
    },
    "product_prices": {"product_id": "{product}", "valid_from": "'2030-01-01'", "price": "1", "changed_by": "{user}"},
    "products": {"id": "gen_random_uuid()", "name": "'Another'", "price": "1"},
    "stale_days": {"date": "'2026-02-02'", "reason": "'walk'"},
}
"""Table → the columns of a row that may be added, beside restaurant_id."""

UPDATES: dict[str, str] = {
    "builder_configs": "updated_by = {user}",
    "legal_holds": "ended_at = now(), ended_by = {user}",
    "login_sessions": "ended_at = now()",
    "marketing_campaigns": "updated_at = now()",
    "notifications": "read_at = now()",
    "products": "updated_at = now()",
    "rejected_events": "replayed_at = now()",
    "restaurants": "updated_at = now()",
}
"""Table → a change that is allowed; it reads no column, so that the policy for changes is alone with the row."""

FORGED_INSERTS: dict[str, dict[str, str]] = {
    "ai_feedback": {"feedback_by": "{other}"},
    "builder_configs": {"updated_by": "{other}"},
    "consent_texts": {"created_by": "{other}"},
    "legal_holds": {"created_by": "{other}"},
    "marketing_campaigns": {"created_by": "{other}"},
    "product_prices": {"changed_by": "{other}"},
}
"""Table → what differs in a row that nobody may add: another's signature."""

FORGED_UPDATES: dict[str, str] = {
    "builder_configs": "updated_by = {other}",
    "legal_holds": "ended_at = now(), ended_by = {other}",
    "login_sessions": "ended_at = null",
    "marketing_campaigns": "status = 'sent'",
}
"""Table → a change that nobody may make, though its columns may be changed."""
