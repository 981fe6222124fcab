"""What FLOW writes to people about their accounts. Every letter says what to do if it was not they who asked."""

from __future__ import annotations

from flow.operations.mail.types import Action, Letter
from flow.web.i18n import Language, translator_for


def invitation(language: Language, *, restaurant: str, role: str, link: str, days: int) -> Letter:
    """Asks somebody to work in a restaurant; `role` is translated already."""
    words = translator_for(language)
    return Letter(
        subject=words.gettext("Work with %(restaurant)s in FLOW", restaurant=restaurant),
        paragraphs=(
            words.gettext(
                "%(restaurant)s invites you to FLOW, where it follows its orders and figures. Your role: %(role)s.",
                restaurant=restaurant,
                role=role,
            ),
            words.ngettext("The link holds for a day.", "The link holds for %(num)d days.", days),
        ),
        action=Action(words.gettext("Look at the invitation"), link),
        reason=words.gettext(
            "You get this mail because somebody at %(restaurant)s wrote your address. "
            "If you do not know them, do nothing: without you nothing happens.",
            restaurant=restaurant,
        ),
    )


def password_reset(language: Language, *, link: str, minutes: int) -> Letter:
    """The link to a new password."""
    words = translator_for(language)
    return Letter(
        subject=words.gettext("A new password for FLOW"),
        paragraphs=(
            words.gettext("Somebody asked for a new password for the FLOW account with this address."),
            words.gettext("The link holds for %(minutes)s minutes and works once.", minutes=minutes),
        ),
        action=Action(words.gettext("Choose a new password"), link),
        reason=words.gettext("If it was not you, do nothing: your password stays as it is."),
    )


def password_changed(language: Language, *, link: str) -> Letter:
    """Tells the owner of an account that its password is another one."""
    words = translator_for(language)
    return Letter(
        subject=words.gettext("Your password for FLOW was changed"),
        paragraphs=(words.gettext("The password of your FLOW account was changed, and all other log-ins were ended."),),
        action=Action(words.gettext("It was not me: choose a new password"), link),
        reason=words.gettext("You get this mail so that nobody changes your password unnoticed."),
    )


def second_factor_removed(language: Language, *, link: str) -> Letter:
    """Tells the owner of an account that a password is enough again."""
    words = translator_for(language)
    return Letter(
        subject=words.gettext("Your second factor for FLOW was turned off"),
        paragraphs=(words.gettext("Your FLOW account is opened by its password alone again."),),
        action=Action(words.gettext("It was not me: choose a new password"), link),
        reason=words.gettext("You get this mail so that nobody turns your second factor off unnoticed."),
    )
