"""Marketing and channels: messages, campaigns, loyalty, and what led to an order."""

from flow.privacy.catalogue.terms import IN_USE, anonymised_after, deleted_after
from flow.privacy.catalogue.types import OWN, Category, Key, LegalBasis, Sensitivity, SubjectColumn, TableEntry
from flow.web.i18n import N_

_M = Category.MARKETING
_GUEST = SubjectColumn("customer_id", Key.CUSTOMER)
_ORDER = SubjectColumn("order_id", Key.ORDER)
_CONTACT = SubjectColumn("contact", Key.CONTACT, "text")

MARKETING = (
    TableEntry(
        table="campaign_sends",
        category=_M,
        purpose=N_("Whom a campaign was sent to, and by which consent"),
        sensitivity=Sensitivity.HIGH,
        legal_basis=LegalBasis.CONSENT,
        retention=deleted_after(years=2, since="t.created_at"),
        readers=("marketing.read",),
        subject_columns=(_CONTACT, _GUEST, _ORDER),
    ),
    TableEntry(
        table="messages",
        category=_M,
        purpose=N_("SMS, mails and direct messages, both ways"),
        sensitivity=Sensitivity.HIGH,
        legal_basis=LegalBasis.CONTRACT,
        retention=deleted_after(years=2, since="t.created_at", children=(("campaign_sends", "message_id"),)),
        readers=("messages.read",),
        subject_columns=(_CONTACT, _GUEST, _ORDER, SubjectColumn("sent_by", Key.USER)),
    ),
    TableEntry(
        table="campaign_keywords",
        category=_M,
        purpose=N_("Words that guests may send to a restaurant, and what is answered"),
        sensitivity=Sensitivity.LOW,
        legal_basis=LegalBasis.LEGITIMATE_INTEREST,
        retention=IN_USE,
        readers=("messages.read",),
        subject_columns=(SubjectColumn("created_by", Key.USER),),
        id_columns=("keyword",),
    ),
    TableEntry(
        table="marketing_campaigns",
        category=_M,
        purpose=N_("What is sent to whom and when"),
        sensitivity=Sensitivity.MEDIUM,
        legal_basis=LegalBasis.CONSENT,
        retention=deleted_after(years=2, since="t.created_at", children=(("campaign_sends", "campaign_id"),)),
        readers=("marketing.read",),
        subject_columns=(SubjectColumn("created_by", Key.USER),),
        about_things=("name", "subject", "body"),
    ),
    TableEntry(
        table="channel_attribution",
        category=_M,
        purpose=N_("The visits that led to an order, to see which channel pays"),
        sensitivity=Sensitivity.LOW,
        legal_basis=LegalBasis.CONSENT,
        retention=anonymised_after(years=2, since="t.created_at"),
        readers=("behaviour.read",),
        subject_columns=(_ORDER,),
        id_columns=("order_id",),
    ),
    TableEntry(
        table="loyalty_points",
        category=_M,
        purpose=N_("A member’s balance of points"),
        sensitivity=Sensitivity.MEDIUM,
        legal_basis=LegalBasis.CONTRACT,
        retention=deleted_after(financial_years=5, since="t.updated_at"),
        readers=("customers.read", OWN),
        subject_columns=(_GUEST,),
        id_columns=("customer_id",),
    ),
    TableEntry(
        table="loyalty_transactions",
        category=_M,
        purpose=N_("Every change of a member’s balance"),
        sensitivity=Sensitivity.MEDIUM,
        legal_basis=LegalBasis.CONTRACT,
        retention=deleted_after(financial_years=5, since="t.created_at"),
        readers=("customers.read", OWN),
        subject_columns=(_GUEST, _ORDER),
    ),
    TableEntry(
        table="builder_configs",
        category=_M,
        purpose=N_("How a restaurant’s site, app or widget is made up"),
        sensitivity=Sensitivity.LOW,
        legal_basis=LegalBasis.LEGITIMATE_INTEREST,
        retention=IN_USE,
        readers=("builder.read",),
        subject_columns=(SubjectColumn("updated_by", Key.USER),),
        about_things=("name",),
    ),
)
