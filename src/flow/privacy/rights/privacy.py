"""What requests know about persons: pseudonyms, and the contact sealed for as long as a request is open."""

from flow.kit.personal import Erasure, PersonalColumn

_GUEST = "guest"
_STAFF = "user"
_PROOF = "That a request was answered is proven for five years (Art. 5(2) GDPR); it names a pseudonym only."
_GRAVE = "Without the pseudonym of who was erased, an old backup would bring them back."

PERSONAL_COLUMNS = (
    PersonalColumn("privacy_requests", "subject", _GUEST, Erasure.KEEP, keep_reason=_PROOF),
    PersonalColumn("privacy_requests", "subject_hint", _GUEST, Erasure.SET_NULL),
    PersonalColumn("privacy_requests", "user_id", _GUEST, Erasure.SET_NULL),
    PersonalColumn("privacy_requests", "identity_note", _GUEST, Erasure.SET_NULL),
    PersonalColumn("privacy_requests", "created_by", _STAFF, Erasure.KEEP, keep_reason=_PROOF),
    PersonalColumn("privacy_requests", "identity_checked_by", _STAFF, Erasure.KEEP, keep_reason=_PROOF),
    PersonalColumn("privacy_requests", "decided_by", _STAFF, Erasure.KEEP, keep_reason=_PROOF),
    PersonalColumn("privacy_tombstones", "subject", _GUEST, Erasure.KEEP, keep_reason=_GRAVE),
    PersonalColumn("privacy_restrictions", "subject", _GUEST, Erasure.KEEP, keep_reason=_PROOF),
)
