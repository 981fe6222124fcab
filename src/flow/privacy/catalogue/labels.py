"""The catalogue's terms in words, for the page in the reader's language and for the reference in English."""

from __future__ import annotations

from flow.kit.personal import Erasure, PersonalColumn
from flow.privacy.catalogue.types import EVERYBODY, OWN, AtEnd, Category, LegalBasis, Retention, Sensitivity, TableEntry
from flow.web.i18n import N_, Translator

__all__ = ["at_end", "basis", "category", "erasure", "kept", "readers", "sensitivity"]

_CATEGORIES = {
    Category.ACCOUNTS: N_("Users and accounts"),
    Category.SALES: N_("Orders and sales"),
    Category.PRODUCTS: N_("Products"),
    Category.BEHAVIOUR: N_("Behaviour and tracking"),
    Category.MARKETING: N_("Marketing and channels"),
    Category.CONVERSATIONS: N_("Conversations with agents"),
    Category.SYSTEM: N_("System and faults"),
    Category.INTEGRATIONS: N_("Integrations"),
}
_SENSITIVITIES = {
    Sensitivity.NONE: N_("No personal data"),
    Sensitivity.LOW: N_("Low"),
    Sensitivity.MEDIUM: N_("Medium"),
    Sensitivity.HIGH: N_("High"),
    Sensitivity.CRITICAL: N_("Critical"),
}
_BASES = {
    LegalBasis.CONSENT: N_("Consent"),
    LegalBasis.CONTRACT: N_("Contract"),
    LegalBasis.LEGAL_OBLIGATION: N_("Legal obligation"),
    LegalBasis.LEGITIMATE_INTEREST: N_("Legitimate interest"),
}
_ENDS = {
    AtEnd.DELETE: N_("Deleted"),
    AtEnd.DROP_PARTITIONS: N_("Deleted by the month"),
    AtEnd.ANONYMISE: N_("Anonymised"),
}
_ERASURES = {
    Erasure.DELETE_ROW: N_("The row is deleted"),
    Erasure.SET_NULL: N_("Emptied"),
    Erasure.REPLACE: N_("Replaced"),
}


def category(which: Category, words: Translator) -> str:
    return words.gettext(_CATEGORIES[which])


def sensitivity(which: Sensitivity, words: Translator) -> str:
    return words.gettext(_SENSITIVITIES[which])


def basis(which: LegalBasis, words: Translator) -> str:
    """With the letter of the law; nothing for what is not personal."""
    return f"{words.gettext(_BASES[which])}, Art. 6(1)({which})" if which in _BASES else ""


def kept(retention: Retention, words: Translator) -> str:
    """For how long."""
    if retention.until:
        return words.gettext(retention.until)
    if retention.days:
        return words.ngettext("%(num)d day", "%(num)d days", retention.days)
    if retention.years:
        return words.ngettext("%(num)d year", "%(num)d years", retention.years)
    return words.ngettext(
        "Until %(num)d year after the end of its financial year",
        "Until %(num)d years after the end of its financial year",
        retention.financial_years,
    )


def at_end(retention: Retention, words: Translator) -> str:
    """What happens then; nothing where nothing ends by itself."""
    return words.gettext(_ENDS[retention.at_end]) if retention.at_end in _ENDS else ""


def readers(entry: TableEntry, words: Translator) -> list[str]:
    """Permissions, and in words those that are none."""
    named = {OWN: words.gettext("each his own"), EVERYBODY: words.gettext("everyone logged in")}
    return [named.get(reader, reader) for reader in entry.readers] or [words.gettext("FLOW alone")]


def erasure(column: PersonalColumn, words: Translator) -> str:
    """What erasure does to a column. Why one is kept is said in English, as the law's article is its core."""
    if column.keep_reason is not None:
        return words.gettext("Kept: %(reason)s", reason=column.keep_reason)
    return words.gettext(_ERASURES[column.erasure])
