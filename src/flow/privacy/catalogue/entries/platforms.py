"""Delivery platforms and accounting: what other systems hold of orders that were made, carried or invoiced there."""

from flow.privacy.catalogue.terms import BOOKKEEPING_YEARS, deleted_after
from flow.privacy.catalogue.types import Category, Key, LegalBasis, Sensitivity, SubjectColumn, TableEntry
from flow.web.i18n import N_

_I = Category.INTEGRATIONS
_OF_ORDER = (SubjectColumn("order_id", Key.ORDER),)

PLATFORMS = (
    TableEntry(
        table="wolt_orders",
        category=_I,
        purpose=N_("How far an order made at Wolt has come there, so that both sides say the same"),
        sensitivity=Sensitivity.LOW,
        legal_basis=LegalBasis.CONTRACT,
        retention=deleted_after(days=90, since="t.created_at"),
        readers=("orders.read",),
        subject_columns=_OF_ORDER,
        id_columns=("order_id",),
    ),
    TableEntry(
        table="courier_deliveries",
        category=_I,
        purpose=N_("The courier who carries an order to its guest, where he is and what he costs"),
        sensitivity=Sensitivity.MEDIUM,
        legal_basis=LegalBasis.CONTRACT,
        retention=deleted_after(years=1, since="t.created_at"),
        readers=("orders.read",),
        subject_columns=(*_OF_ORDER, SubjectColumn("requested_by", Key.USER)),
    ),
    TableEntry(
        table="invoice_drafts",
        category=_I,
        purpose=N_("Which invoice in the accounting system belongs to an order"),
        sensitivity=Sensitivity.LOW,
        legal_basis=LegalBasis.LEGAL_OBLIGATION,
        retention=deleted_after(financial_years=BOOKKEEPING_YEARS, since="t.created_at"),
        readers=("payments.read",),
        subject_columns=_OF_ORDER,
        id_columns=("order_id",),
    ),
    TableEntry(
        table="invoice_credits",
        category=_I,
        purpose=N_("Which credit notes in the accounting system belong to an order that was paid back"),
        sensitivity=Sensitivity.LOW,
        legal_basis=LegalBasis.LEGAL_OBLIGATION,
        retention=deleted_after(financial_years=BOOKKEEPING_YEARS, since="t.created_at"),
        readers=("payments.read",),
        subject_columns=_OF_ORDER,
        id_columns=("order_id",),
    ),
    TableEntry(
        table="invoice_customers",
        category=_I,
        purpose=N_("The number of a guest who pays by invoice in the accounting system"),
        sensitivity=Sensitivity.LOW,
        legal_basis=LegalBasis.CONTRACT,
        retention=deleted_after(financial_years=BOOKKEEPING_YEARS, since="t.created_at"),
        readers=("customers.read",),
        subject_columns=(SubjectColumn("customer_id", Key.CUSTOMER),),
        id_columns=("customer_id",),
    ),
)
