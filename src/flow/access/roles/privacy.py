"""What the doors of support know about people, kept because it proves who could read whose orders and why."""

from flow.kit.personal import Erasure, PersonalColumn

_PROOF = "It proves who of support could read whose orders, when and why (Art. 5(2) GDPR)."

PERSONAL_COLUMNS = (PersonalColumn("support_accesses", "user_id", "user", Erasure.KEEP, keep_reason=_PROOF),)
