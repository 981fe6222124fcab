"""What the menu knows about the people who keep it."""

from flow.kit.personal import Erasure, PersonalColumn

PERSONAL_COLUMNS = (PersonalColumn("product_prices", "changed_by", "user", Erasure.SET_NULL),)
