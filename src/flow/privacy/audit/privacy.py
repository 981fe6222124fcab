"""What the audit log knows about people: pseudonyms, kept because the log is the proof."""

from flow.kit.personal import Erasure, PersonalColumn

_PROOF = "The log proves who did what for seven years (Art. 5(2) GDPR); it holds ids and pseudonyms only."

PERSONAL_COLUMNS = (
    PersonalColumn("gdpr_audit_log", "performed_by", "user", Erasure.KEEP, keep_reason=_PROOF),
    PersonalColumn("gdpr_audit_log", "subject", "guest", Erasure.KEEP, keep_reason=_PROOF),
    PersonalColumn("gdpr_audit_log", "before", "guest", Erasure.KEEP, keep_reason=_PROOF),
    PersonalColumn("gdpr_audit_log", "after", "guest", Erasure.KEEP, keep_reason=_PROOF),
)
