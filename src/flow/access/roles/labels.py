"""Roles and rules in the reader's language."""

from __future__ import annotations

from flow.web.i18n import N_, Translator

_ROLES = {
    "super_admin": N_("Super admin"),
    "admin": N_("Admin"),
    "manager": N_("Manager"),
    "employee": N_("Employee"),
    "customer": N_("Guest"),
    "analytics": N_("Analyst"),
    "support": N_("Support"),
    "compliance": N_("Compliance"),
}
_RULES = {
    "all": N_("every row of the restaurant"),
    "active": N_("orders underway and what belongs to them"),
    "own": N_("their own orders, and what is about them as a guest"),
    "open": N_("rows that are still open to change"),
    "self": N_("what is about them as a user"),
    "platform": N_("what concerns no single restaurant"),
    "everyone": N_("every row, for whoever is logged in"),
}


def role(name: str, words: Translator) -> str:
    """A role by its name."""
    return words.gettext(_ROLES[name])


def rule(name: str, words: Translator) -> str:
    """The rows that a rule means."""
    return words.gettext(_RULES[name])
