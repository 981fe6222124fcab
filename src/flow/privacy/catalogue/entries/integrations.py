"""Integrations: connections to other systems, what passed over them, and what was imported."""

from flow.privacy.catalogue.terms import FOR_EVER, IN_USE, deleted_after
from flow.privacy.catalogue.types import EVERYBODY, Category, Key, LegalBasis, Sensitivity, SubjectColumn, TableEntry
from flow.web.i18n import N_

_I = Category.INTEGRATIONS

INTEGRATIONS = (
    TableEntry(
        table="integration_configs",
        category=_I,
        purpose=N_("Connections to other systems; their credentials are sealed"),
        sensitivity=Sensitivity.CRITICAL,
        legal_basis=LegalBasis.CONTRACT,
        retention=IN_USE,
        readers=("integrations.read",),
        about_things=("integration_name",),
    ),
    TableEntry(
        table="webhook_logs",
        category=_I,
        purpose=N_("Webhooks in and out, without names, contacts or secrets, to find faults"),
        sensitivity=Sensitivity.LOW,
        legal_basis=LegalBasis.LEGITIMATE_INTEREST,
        retention=deleted_after(days=30, since="t.received_at"),
        readers=("integrations.read",),
        subject_columns=(
            SubjectColumn("request_body", Key.TEXT, "text"),
            SubjectColumn("response_body", Key.TEXT, "text"),
        ),
        about_things=("webhook_name",),
    ),
    TableEntry(
        table="api_logs",
        category=_I,
        purpose=N_("Calls to other systems, without their contents, to find faults"),
        sensitivity=Sensitivity.LOW,
        legal_basis=LegalBasis.LEGITIMATE_INTEREST,
        retention=deleted_after(days=30, since="t.timestamp"),
        readers=("integrations.read",),
        about_things=("api_name",),
    ),
    TableEntry(
        table="imports",
        category=_I,
        purpose=N_("Which orders came in by which file"),
        sensitivity=Sensitivity.NONE,
        legal_basis=LegalBasis.NOT_PERSONAL,
        retention=IN_USE,
        readers=("quality.read",),
    ),
    TableEntry(
        table="import_errors",
        category=_I,
        purpose=N_("Rows that an import could not take, so that they can be mended"),
        sensitivity=Sensitivity.MEDIUM,
        legal_basis=LegalBasis.CONTRACT,
        retention=deleted_after(years=1, since="t.created_at"),
        readers=("quality.read",),
        subject_columns=(SubjectColumn("raw", Key.TEXT, "text"),),
        about_things=("file",),
        id_columns=("import_id", "file", "line"),
    ),
    TableEntry(
        table="benchmark_aggregates",
        category=_I,
        purpose=N_("Figures of at least ten restaurants together"),
        sensitivity=Sensitivity.NONE,
        legal_basis=LegalBasis.NOT_PERSONAL,
        retention=FOR_EVER,
        readers=(EVERYBODY,),
        tenant=False,
    ),
)
