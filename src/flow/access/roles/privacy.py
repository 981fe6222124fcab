"""What the doors of support know about people, kept because it proves who could read whose orders and why."""

from flow.kit.personal import Erasure, PersonalColumn

_PROOF = "Who of support could read a restaurant's orders and when is proof of access to personal data (Art. 5(2) GDPR)."

PERSONAL_COLUMNS = (PersonalColumn("support_accesses", "user_id", "user", Erasure.KEEP, keep_reason=_PROOF),)
