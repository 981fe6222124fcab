"""What outgoing webhooks know about people: who set an endpoint up. Bodies name guests by a pseudonym alone."""

from flow.kit.personal import Erasure, PersonalColumn

PERSONAL_COLUMNS = (PersonalColumn("webhook_endpoints", "created_by", "user", Erasure.SET_NULL),)
