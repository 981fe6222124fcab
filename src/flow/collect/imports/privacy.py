"""What imports know of persons: whatever a row that could not be taken may hold."""

from flow.kit.personal import Erasure, PersonalColumn

PERSONAL_COLUMNS = (PersonalColumn("import_errors", "raw", "guest", Erasure.REPLACE, replacement=""),)
