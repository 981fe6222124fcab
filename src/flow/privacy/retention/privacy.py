"""What legal holds know about people: a pseudonym, and who began and ended the hold."""

from flow.kit.personal import Erasure, PersonalColumn

_CASE = "The hold is the reason why the person's data are still there (Art. 17(3)(e) GDPR)."
_WHO = "Who ordered a hold must be known for as long as the hold itself."

PERSONAL_COLUMNS = (
    PersonalColumn("legal_holds", "subject", "guest", Erasure.KEEP, keep_reason=_CASE),
    PersonalColumn("legal_holds", "reason", "guest", Erasure.KEEP, keep_reason=_CASE),
    PersonalColumn("legal_holds", "created_by", "user", Erasure.KEEP, keep_reason=_WHO),
    PersonalColumn("legal_holds", "ended_by", "user", Erasure.KEEP, keep_reason=_WHO),
)
