"""What persons asked for by right, and what came of it. It belongs to the system's records."""

from flow.privacy.catalogue.terms import WORKED_OFF, deleted_after
from flow.privacy.catalogue.types import (
    AtEnd,
    Category,
    Key,
    LegalBasis,
    Retention,
    Sensitivity,
    SubjectColumn,
    TableEntry,
)
from flow.web.i18n import N_

_S = Category.SYSTEM
_READERS = ("privacy.read",)
_SUBJECT = SubjectColumn("subject", Key.SUBJECT, "text")
_CASES = Retention(AtEnd.NOTHING, until=N_("As long as it is in force; it holds a pseudonym only"))

REQUESTS = (
    TableEntry(
        table="privacy_requests",
        category=_S,
        purpose=N_("What persons asked for by right, and whether it was done in time"),
        sensitivity=Sensitivity.CRITICAL,
        legal_basis=LegalBasis.LEGAL_OBLIGATION,
        retention=deleted_after(years=5, since="t.completed_at", children=(("privacy_request_steps", "request_id"),)),
        readers=_READERS,
        subject_columns=(
            _SUBJECT,
            SubjectColumn("user_id", Key.USER),
            SubjectColumn("identity_checked_by", Key.USER),
            SubjectColumn("decided_by", Key.USER),
            SubjectColumn("created_by", Key.USER),
        ),
        about_things=("file_name",),
        tenant=False,
    ),
    TableEntry(
        table="privacy_request_steps",
        category=_S,
        purpose=N_("How many rows of each table a request concerned"),
        sensitivity=Sensitivity.NONE,
        legal_basis=LegalBasis.NOT_PERSONAL,
        retention=deleted_after(years=5, since="t.finished_at"),
        tenant=False,
        id_columns=("request_id", "table_name", "rule"),
    ),
    TableEntry(
        table="privacy_request_keys",
        schema="app",
        category=_S,
        purpose=N_("Which rows an erasure has yet to reach"),
        sensitivity=Sensitivity.HIGH,
        legal_basis=LegalBasis.LEGAL_OBLIGATION,
        retention=WORKED_OFF,
        subject_columns=(SubjectColumn("key", Key.TEXT, "text"),),
        tenant=False,
        id_columns=("request_id", "kind", "key"),
    ),
    TableEntry(
        table="privacy_tombstones",
        category=_S,
        purpose=N_("Pseudonyms of the erased, so that no backup or import brings them back"),
        sensitivity=Sensitivity.MEDIUM,
        legal_basis=LegalBasis.LEGAL_OBLIGATION,
        retention=_CASES,
        readers=_READERS,
        subject_columns=(_SUBJECT,),
        tenant=False,
    ),
    TableEntry(
        table="privacy_restrictions",
        category=_S,
        purpose=N_("Persons whose data are stored and otherwise left alone"),
        sensitivity=Sensitivity.MEDIUM,
        legal_basis=LegalBasis.LEGAL_OBLIGATION,
        retention=_CASES,
        readers=_READERS,
        subject_columns=(_SUBJECT,),
        tenant=False,
    ),
)
