"""The sections of the settings: one list, from which every settings page draws the same side navigation.

A settings page is a template that extends `settings.html`, fills the block `section`, and is rendered by
`settings_page`. A module that has one adds its line to SECTIONS.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from fastapi import Request
from starlette.responses import HTMLResponse

from flow.database.transaction import Caller, Transaction
from flow.web.i18n import N_
from flow.web.pages import render, translator
from flow.web.places import places


@dataclass(frozen=True, slots=True)
class Section:
    """A settings page: where it is, its title in English, and what a reader must hold somewhere to see it.

    Without a permission it is about the reader's own account, which everybody has.
    """

    path: str
    title: str
    permission: str | None = None


SECTIONS = (
    Section("/settings/security", N_("Security")),
    Section("/settings/restaurant", N_("Restaurant"), "restaurant.write"),
    Section("/settings/website", N_("Website"), "restaurant.write"),
    Section("/settings/people", N_("People"), "people.read"),
    Section("/settings/keys", N_("API keys"), "keys.read"),
    Section("/settings/integrations", N_("Integrations"), "integrations.read"),
    Section("/settings/payments", N_("Payments"), "payments.read"),
    Section("/settings/webhooks", N_("Webhooks"), "integrations.read"),
    Section("/settings/support", N_("Support access"), "support.read"),
    Section("/settings/access", N_("Who sees what"), "access.read"),
    Section("/settings/data", N_("Data"), "privacy.read"),
    Section("/settings/requests", N_("Privacy requests"), "privacy.read"),
    Section("/settings/audit", N_("Audit log"), "audit.read"),
)


def visible_sections(caller: Caller) -> list[Section]:
    """The sections that this caller may open, in the order of the list."""
    return [
        section for section in SECTIONS if section.permission is None or caller.restaurants_with(section.permission)
    ]


def settings_page(
    request: Request, transaction: Transaction, template: str, *, title: str, status: int = 200, **context: object
) -> HTMLResponse:
    """A settings page within the frame of its sections. `title` is translated already.

    The restaurant that the page is about, or that its address names, is what the other sections and places open with.
    """
    assert transaction.caller is not None
    words = translator(request)
    restaurant = _restaurant(request, context)
    return render(
        request,
        template,
        title=title,
        status=status,
        sections=[
            (each.path, words.gettext(each.title), _query(each, transaction.caller, restaurant))
            for each in visible_sections(transaction.caller)
        ],
        places=places(transaction, str(restaurant) if restaurant else None, words),
        **context,
    )


def _restaurant(request: Request, context: dict[str, object]) -> UUID | None:
    chosen = getattr(context.get("restaurant"), "id", request.query_params.get("restaurant"))
    try:
        return UUID(str(chosen))
    except ValueError:
        return None


def _query(section: Section, caller: Caller, restaurant: UUID | None) -> str:
    """What keeps the restaurant in a section; nothing where the caller may not open the section for it."""
    if restaurant is None or (section.permission and restaurant not in caller.restaurants_with(section.permission)):
        return ""
    return f"?restaurant={restaurant}"
