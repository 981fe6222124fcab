"""What the builder knows about the people who use it."""

from flow.kit.personal import Erasure, PersonalColumn

PERSONAL_COLUMNS = (PersonalColumn("builder_configs", "updated_by", "user", Erasure.SET_NULL),)
