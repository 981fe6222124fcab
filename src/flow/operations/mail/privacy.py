"""What mails on their way hold: sealed, and wiped when they are sent."""

from flow.kit.personal import Erasure, PersonalColumn

PERSONAL_COLUMNS = (PersonalColumn("mails", "sealed", "user", Erasure.DELETE_ROW, exported=False),)
