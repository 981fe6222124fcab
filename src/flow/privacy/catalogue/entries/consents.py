"""Consents: the evidence, and the contacts that it is about. They belong to users and accounts."""

from flow.privacy.catalogue.terms import IN_USE, WORKED_OFF, deleted_after
from flow.privacy.catalogue.types import (
    OWN,
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

_A = Category.ACCOUNTS
_SUBJECT = SubjectColumn("subject", Key.SUBJECT, "text")
_CONTACT = SubjectColumn("contact", Key.CONTACT, "text")

CONSENTS = (
    TableEntry(
        table="user_consents",
        category=_A,
        purpose=N_("Proof of who agreed to what, and withdrew it; kept until five years after it ended"),
        sensitivity=Sensitivity.CRITICAL,
        legal_basis=LegalBasis.LEGAL_OBLIGATION,
        retention=deleted_after(years=5, since="t.created_at", door="app.expire_consents(:before, :most, :held)"),
        readers=("consents.read", OWN),
        subject_columns=(_SUBJECT, SubjectColumn("user_id", Key.USER), SubjectColumn("recorded_by", Key.USER)),
        tenant=False,
    ),
    TableEntry(
        table="consent_texts",
        category=_A,
        purpose=N_("What guests were asked, every version of it"),
        sensitivity=Sensitivity.LOW,
        legal_basis=LegalBasis.LEGAL_OBLIGATION,
        retention=IN_USE,
        readers=("consents.read",),
        subject_columns=(SubjectColumn("created_by", Key.USER),),
        about_things=("body",),
        id_columns=("consent_type", "channel", "language", "version"),
    ),
    TableEntry(
        table="consent_contacts",
        category=_A,
        purpose=N_("The contact behind a consent, so that it can be shown to the guest"),
        sensitivity=Sensitivity.HIGH,
        legal_basis=LegalBasis.CONSENT,
        retention=Retention(AtEnd.NOTHING, until=N_("Until the guest asks for erasure, or the proof of consent goes")),
        readers=("consents.read",),
        subject_columns=(_CONTACT, _SUBJECT),
        id_columns=("subject",),
    ),
    TableEntry(
        table="consent_confirmations",
        category=_A,
        purpose=N_("Questions to guests whether it was them who agreed, until they are sent"),
        sensitivity=Sensitivity.HIGH,
        legal_basis=LegalBasis.CONSENT,
        retention=WORKED_OFF,
        readers=("consents.read",),
        subject_columns=(_CONTACT, _SUBJECT),
    ),
)
