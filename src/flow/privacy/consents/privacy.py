"""What consents know about people: pseudonyms, kept as the proof; contacts, which go when their person asks."""

from flow.kit.personal import Erasure, PersonalColumn

_PROOF = (
    "The controller has to show that consent was given and withdrawn (Art. 7(1) and 17(3)(e) GDPR); "
    "without the contact it is a pseudonym."
)
_AUTHOR = "Says which colleague recorded it, by an id that leads nowhere once the user is gone."

PERSONAL_COLUMNS = (
    PersonalColumn("user_consents", "user_id", "user", Erasure.KEEP, keep_reason=_PROOF),
    PersonalColumn("user_consents", "subject", "guest", Erasure.KEEP, keep_reason=_PROOF),
    PersonalColumn("user_consents", "ip_address", "guest", Erasure.KEEP, keep_reason=_PROOF),
    PersonalColumn("user_consents", "user_agent", "guest", Erasure.KEEP, keep_reason=_PROOF),
    PersonalColumn("user_consents", "recorded_by", "user", Erasure.KEEP, keep_reason=_AUTHOR),
    PersonalColumn("consent_texts", "created_by", "user", Erasure.KEEP, keep_reason=_AUTHOR),
    PersonalColumn("consent_contacts", "subject", "guest", Erasure.DELETE_ROW),
    PersonalColumn("consent_contacts", "contact", "guest", Erasure.DELETE_ROW),
    PersonalColumn("consent_confirmations", "subject", "guest", Erasure.DELETE_ROW),
    PersonalColumn("consent_confirmations", "contact", "guest", Erasure.DELETE_ROW),
)
