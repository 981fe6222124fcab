"""What events tell of visitors, under ids that change daily or, after consent, under a lasting one.

Rows go with their visitor; what is left of them are counts by day that name nobody.
"""

from flow.kit.personal import Erasure, PersonalColumn

_VISITOR = "visitor"


def _goes(table: str, *columns: str) -> tuple[PersonalColumn, ...]:
    return tuple(PersonalColumn(table, column, _VISITOR, Erasure.DELETE_ROW) for column in columns)


PERSONAL_COLUMNS = (
    *_goes("sessions", "visitor_id", "session_id", "referrer", "landing_page", "exit_page"),
    *_goes("events", "session_id", "page_url", "page_title", "element_text", "event_data"),
    *_goes("page_views", "session_id", "page_url", "page_title"),
    *_goes("rejected_events", "raw", "context"),
)
