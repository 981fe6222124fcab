"""System and faults: logs, notices to staff, the audit log, and the holds that stop retention."""

from flow.privacy.catalogue.terms import FOR_EVER, deleted_after
from flow.privacy.catalogue.types import Category, Key, LegalBasis, Sensitivity, SubjectColumn, TableEntry
from flow.web.i18n import N_

_S = Category.SYSTEM
_USER = SubjectColumn("user_id", Key.USER)

SYSTEM = (
    TableEntry(
        table="system_logs",
        category=_S,
        purpose=N_("What the system did, to find faults and break-ins"),
        sensitivity=Sensitivity.LOW,
        legal_basis=LegalBasis.LEGITIMATE_INTEREST,
        retention=deleted_after(days=90, since="t.timestamp"),
        readers=("logs.read",),
        subject_columns=(_USER,),
        about_things=("function_name",),
        tenant=False,
    ),
    TableEntry(
        table="error_logs",
        category=_S,
        purpose=N_("Errors and how often each was seen"),
        sensitivity=Sensitivity.MEDIUM,
        legal_basis=LegalBasis.LEGITIMATE_INTEREST,
        retention=deleted_after(years=1, since="t.last_seen_at"),
        readers=("logs.read",),
        subject_columns=(_USER, SubjectColumn("resolved_by", Key.USER)),
        tenant=False,
    ),
    TableEntry(
        table="spent_forms",
        category=_S,
        purpose=N_("Which forms were sent, so that a double click has one effect"),
        sensitivity=Sensitivity.NONE,
        legal_basis=LegalBasis.NOT_PERSONAL,
        retention=deleted_after(days=7, since="t.spent_at"),
        id_columns=("form",),
    ),
    TableEntry(
        table="activities",
        category=_S,
        purpose=N_("What people and FLOW did in a restaurant, in words"),
        sensitivity=Sensitivity.LOW,
        legal_basis=LegalBasis.LEGITIMATE_INTEREST,
        retention=deleted_after(years=2, since="t.created_at"),
        readers=("activities.read",),
        subject_columns=(_USER,),
    ),
    TableEntry(
        table="notifications",
        category=_S,
        purpose=N_("Messages to the restaurant’s people"),
        sensitivity=Sensitivity.LOW,
        legal_basis=LegalBasis.LEGITIMATE_INTEREST,
        retention=deleted_after(days=90, since="t.created_at"),
        readers=("notifications.read",),
        subject_columns=(_USER,),
    ),
    TableEntry(
        table="gdpr_audit_log",
        category=_S,
        purpose=N_("Who did what to whose data, and why"),
        sensitivity=Sensitivity.CRITICAL,
        legal_basis=LegalBasis.LEGAL_OBLIGATION,
        retention=deleted_after(years=7, since="t.created_at", job="audit.expire"),
        readers=("audit.read",),
        subject_columns=(SubjectColumn("subject", Key.SUBJECT, "text"), SubjectColumn("performed_by", Key.USER)),
        tenant=False,
    ),
    TableEntry(
        table="legal_holds",
        category=_S,
        purpose=N_("Persons whose data must not be deleted while a case is open"),
        sensitivity=Sensitivity.HIGH,
        legal_basis=LegalBasis.LEGITIMATE_INTEREST,
        retention=deleted_after(years=5, since="t.ended_at"),
        readers=("audit.read",),
        subject_columns=(
            SubjectColumn("subject", Key.SUBJECT, "text"),
            SubjectColumn("created_by", Key.USER),
            SubjectColumn("ended_by", Key.USER),
        ),
    ),
    TableEntry(
        table="retention_tallies",
        schema="app",
        category=_S,
        purpose=N_("How much the running retention has done so far"),
        sensitivity=Sensitivity.NONE,
        legal_basis=LegalBasis.NOT_PERSONAL,
        retention=deleted_after(days=90, since="t.began_at"),
        about_things=("table_name",),
        tenant=False,
        id_columns=("table_name", "restaurant_id"),
    ),
    *(
        TableEntry(
            table=table,
            schema="app",
            category=_S,
            purpose=N_("Proves that no entry of the audit log was changed or taken out"),
            sensitivity=Sensitivity.NONE,
            legal_basis=LegalBasis.NOT_PERSONAL,
            retention=deleted_after(years=7, since="t.recorded_at", job="audit.expire"),
            tenant=False,
            id_columns=ids,
        )
        for table, ids in (("audit_chain", ("seq",)), ("audit_checkpoints", ("seq", "key_id")))
    ),
    *(
        TableEntry(
            table=table,
            schema="app",
            category=_S,
            purpose=N_("Where the audit log’s chain begins and ends"),
            sensitivity=Sensitivity.NONE,
            legal_basis=LegalBasis.NOT_PERSONAL,
            retention=FOR_EVER,
            tenant=False,
            id_columns=ids,
        )
        for table, ids in (("audit_head", ("is_only",)), ("audit_expiries", ("through_seq",)))
    ),
    TableEntry(
        table="mails",
        schema="app",
        category=_S,
        purpose=N_("Mails on their way out, sealed until they are sent and then wiped"),
        sensitivity=Sensitivity.HIGH,
        legal_basis=LegalBasis.CONTRACT,
        retention=deleted_after(days=30, since="t.sent_at", job="mail.forget"),
        subject_columns=(SubjectColumn("sealed", Key.TEXT, "bytea"),),
        tenant=False,
    ),
)
