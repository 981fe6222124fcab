"""What people call the roles, and what each may do, in a sentence."""

from __future__ import annotations

from flow.web.i18n import N_, Translator

_NAMES = {
    "admin": N_("Admin"),
    "manager": N_("Manager"),
    "employee": N_("Employee"),
    "analytics": N_("Analyst"),
    "compliance": N_("Compliance"),
    "support": N_("Support"),
}
_MAY = {
    "admin": N_("Everything, people and keys too"),
    "manager": N_("Orders, menu, payments, guests and figures"),
    "employee": N_("Orders that are under way, and the menu"),
    "analytics": N_("Figures alone, no orders and no guests"),
    "compliance": N_("The audit log and requests about personal data"),
}


def role_name(role: str, words: Translator) -> str:
    """The role in the reader's language."""
    return words.gettext(_NAMES[role])


def what_it_may(role: str, words: Translator) -> str:
    """What the role may do."""
    return words.gettext(_MAY[role])
