"""Orders and sales: bookkeeping, the guests who ordered, and the figures of a day."""

from flow.privacy.catalogue.terms import IN_USE, anonymised_after, bookkeeping
from flow.privacy.catalogue.types import OWN, Category, Key, LegalBasis, Sensitivity, SubjectColumn, TableEntry
from flow.web.i18n import N_

_S = Category.SALES
_OF_ORDER = (SubjectColumn("order_id", Key.ORDER),)

SALES = (
    TableEntry(
        table="orders",
        category=_S,
        purpose=N_("What guests ordered, when, and what they paid: to make it, and to keep the books"),
        sensitivity=Sensitivity.MEDIUM,
        legal_basis=LegalBasis.LEGAL_OBLIGATION,
        retention=bookkeeping(since="t.created_at"),
        readers=("orders.read", "active_orders.read", OWN),
        subject_columns=(
            SubjectColumn("customer_phone", Key.PHONE, "text"),
            SubjectColumn("customer_email", Key.EMAIL, "text"),
            SubjectColumn("customer_id", Key.CUSTOMER),
            SubjectColumn("user_id", Key.USER),
            SubjectColumn("visitor_id", Key.VISITOR),
        ),
        gives=(
            SubjectColumn("id", Key.ORDER),
            SubjectColumn("visitor_id", Key.VISITOR),
            SubjectColumn("session_id", Key.SESSION),
        ),
    ),
    TableEntry(
        table="order_items",
        category=_S,
        purpose=N_("The lines of an order"),
        sensitivity=Sensitivity.LOW,
        legal_basis=LegalBasis.LEGAL_OBLIGATION,
        retention=bookkeeping(since="t.created_at"),
        readers=("orders.read", "active_orders.read", OWN),
        subject_columns=_OF_ORDER,
        about_things=("product_name",),
    ),
    TableEntry(
        table="order_status_changes",
        category=_S,
        purpose=N_("Each step of an order, and who took it"),
        sensitivity=Sensitivity.LOW,
        legal_basis=LegalBasis.LEGAL_OBLIGATION,
        retention=bookkeeping(since="t.changed_at"),
        readers=("orders.read", "active_orders.read", OWN),
        subject_columns=(*_OF_ORDER, SubjectColumn("changed_by", Key.USER)),
        id_columns=("order_id", "changed_at", "id"),
    ),
    TableEntry(
        table="payments",
        category=_S,
        purpose=N_("Payments and refunds"),
        sensitivity=Sensitivity.HIGH,
        legal_basis=LegalBasis.LEGAL_OBLIGATION,
        retention=bookkeeping(since="t.created_at"),
        readers=("payments.read", OWN),
        subject_columns=_OF_ORDER,
    ),
    TableEntry(
        table="customers",
        category=_S,
        purpose=N_("Guests known by phone or e-mail, so that an order finds its guest"),
        sensitivity=Sensitivity.HIGH,
        legal_basis=LegalBasis.CONTRACT,
        retention=anonymised_after(
            financial_years=5, since="coalesce(t.last_order_at, t.first_order_at, t.created_at)"
        ),
        readers=("customers.read", OWN),
        subject_columns=(
            SubjectColumn("phone", Key.PHONE, "text"),
            SubjectColumn("email", Key.EMAIL, "text"),
            SubjectColumn("user_id", Key.USER),
            SubjectColumn("id", Key.CUSTOMER),
        ),
        gives=(
            SubjectColumn("id", Key.CUSTOMER),
            SubjectColumn("phone", Key.PHONE, "text"),
            SubjectColumn("email", Key.EMAIL, "text"),
        ),
    ),
    TableEntry(
        table="order_counters",
        category=_S,
        purpose=N_("The last order number given"),
        sensitivity=Sensitivity.NONE,
        legal_basis=LegalBasis.NOT_PERSONAL,
        retention=IN_USE,
        id_columns=(),
    ),
    TableEntry(
        table="daily_metrics",
        category=_S,
        purpose=N_("The figures of a business day, without persons"),
        sensitivity=Sensitivity.NONE,
        legal_basis=LegalBasis.NOT_PERSONAL,
        retention=IN_USE,
        readers=("analytics.read",),
        id_columns=("date",),
    ),
    TableEntry(
        table="daily_breakdowns",
        category=_S,
        purpose=N_("The figures of a business day by channel, hour, device and the like"),
        sensitivity=Sensitivity.NONE,
        legal_basis=LegalBasis.NOT_PERSONAL,
        retention=IN_USE,
        readers=("analytics.read",),
        id_columns=("dimension", "date", "value"),
    ),
    TableEntry(
        table="daily_restatements",
        category=_S,
        purpose=N_("Why a figure that was already shown has changed"),
        sensitivity=Sensitivity.NONE,
        legal_basis=LegalBasis.NOT_PERSONAL,
        retention=IN_USE,
        readers=("analytics.read",),
        id_columns=("date", "restated_at", "metric"),
    ),
    TableEntry(
        table="stale_days",
        category=_S,
        purpose=N_("Business days whose figures must be made anew"),
        sensitivity=Sensitivity.NONE,
        legal_basis=LegalBasis.NOT_PERSONAL,
        retention=IN_USE,
        readers=("analytics.read",),
        id_columns=("date", "id"),
    ),
)
