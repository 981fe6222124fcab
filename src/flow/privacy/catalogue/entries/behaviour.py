"""Behaviour and tracking: visits, events and page views, under ids that change daily unless the visitor agreed."""

from flow.privacy.catalogue.terms import IN_USE, deleted_after, dropped_after
from flow.privacy.catalogue.types import Category, Key, LegalBasis, Sensitivity, SubjectColumn, TableEntry
from flow.web.i18n import N_

_B = Category.BEHAVIOUR
_OF_SESSION = (SubjectColumn("session_id", Key.SESSION),)
_DAYS = 90

BEHAVIOUR = (
    TableEntry(
        table="events",
        category=_B,
        purpose=N_("What visitors did on the pages, to see what works"),
        sensitivity=Sensitivity.LOW,
        legal_basis=LegalBasis.LEGITIMATE_INTEREST,
        retention=dropped_after(years=2, since="t.timestamp", awaits_rollup=True),
        readers=("behaviour.read",),
        subject_columns=_OF_SESSION,
        about_things=("event_name",),
        id_columns=("timestamp", "id"),
    ),
    TableEntry(
        table="page_views",
        category=_B,
        purpose=N_("One row per page seen, with how far and how long"),
        sensitivity=Sensitivity.LOW,
        legal_basis=LegalBasis.LEGITIMATE_INTEREST,
        retention=dropped_after(days=_DAYS, since="t.entered_at", awaits_rollup=True),
        readers=("behaviour.read",),
        subject_columns=_OF_SESSION,
        id_columns=("entered_at", "id"),
    ),
    TableEntry(
        table="heatmap_events",
        category=_B,
        purpose=N_("Where on a page was clicked, without visitor or visit"),
        sensitivity=Sensitivity.NONE,
        legal_basis=LegalBasis.NOT_PERSONAL,
        retention=dropped_after(days=_DAYS, since="t.timestamp"),
        readers=("behaviour.read",),
        id_columns=("page_path", "timestamp", "id"),
    ),
    TableEntry(
        table="sessions",
        category=_B,
        purpose=N_("Visits: where they came from, on what device, and how they went"),
        sensitivity=Sensitivity.MEDIUM,
        legal_basis=LegalBasis.LEGITIMATE_INTEREST,
        retention=deleted_after(days=_DAYS, since="t.started_at", awaits_rollup=True),
        readers=("behaviour.read",),
        subject_columns=(SubjectColumn("visitor_id", Key.VISITOR), *_OF_SESSION),
        gives=_OF_SESSION,
        id_columns=("session_id",),
    ),
    TableEntry(
        table="rejected_events",
        category=_B,
        purpose=N_("Events that were refused, so that they can be mended and replayed"),
        sensitivity=Sensitivity.MEDIUM,
        legal_basis=LegalBasis.LEGITIMATE_INTEREST,
        retention=deleted_after(days=_DAYS, since="t.received_at"),
        readers=("quality.read",),
        subject_columns=(SubjectColumn("raw", Key.TEXT, "text"), SubjectColumn("context", Key.TEXT, "text")),
        about_things=("event_name",),
    ),
    TableEntry(
        table="dropped_events",
        category=_B,
        purpose=N_("How many events robots sent"),
        sensitivity=Sensitivity.NONE,
        legal_basis=LegalBasis.NOT_PERSONAL,
        retention=deleted_after(years=2, since="t.hour"),
        readers=("quality.read",),
        id_columns=("hour", "reason", "detail"),
    ),
    TableEntry(
        table="page_view_aggregates",
        category=_B,
        purpose=N_("A page’s figures of a day, without visitors"),
        sensitivity=Sensitivity.NONE,
        legal_basis=LegalBasis.NOT_PERSONAL,
        retention=IN_USE,
        readers=("analytics.read",),
        id_columns=("date", "page_path"),
    ),
    TableEntry(
        table="site_keys",
        category=_B,
        purpose=N_("Public keys with which pages send events"),
        sensitivity=Sensitivity.NONE,
        legal_basis=LegalBasis.NOT_PERSONAL,
        retention=IN_USE,
        readers=("restaurant.write",),
        id_columns=("key",),
    ),
    TableEntry(
        table="visitor_salts",
        schema="app",
        category=_B,
        purpose=N_("The day’s secret behind the daily visitor ids; without it nobody can trace them"),
        sensitivity=Sensitivity.CRITICAL,
        legal_basis=LegalBasis.LEGITIMATE_INTEREST,
        retention=deleted_after(days=2, since="t.day", job="events.forget_salts"),
        tenant=False,
        id_columns=("day",),
    ),
)
