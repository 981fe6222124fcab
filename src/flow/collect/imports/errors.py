"""What can be wrong with an import as a whole; a bad row is no error, it is told and left out."""

from __future__ import annotations

from flow.collect.imports.types import Outcome
from flow.errors import Conflict, InvalidInput, NotFound


class InvalidMapping(InvalidInput):
    """The mapping file is not right."""

    code = "invalid_mapping"


class UnreadableFile(InvalidInput):
    """A file cannot be read."""

    code = "unreadable_file"


class BadRows(InvalidInput):
    """There are bad rows, and the import was told to be strict."""

    code = "bad_rows"

    def __init__(self, message: str, outcome: Outcome) -> None:
        super().__init__(message, details={"rows_rejected": outcome.rows_rejected})
        self.outcome = outcome


class ImportNotFound(NotFound):
    """There is no such import."""

    code = "import_not_found"


class ImportRunning(Conflict):
    """Another import into this restaurant is running; wait until it has ended."""

    code = "import_running"
