"""Forms that cost money or send a message take effect once, however often their button is pressed.

A form carries a number that is drawn when the page is made: `{{ once() }}`. Number and contents are spent in the
transaction that does the work, so what failed can be sent again, and so can another text.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode
from uuid import UUID, uuid4, uuid5

from fastapi import Request
from markupsafe import Markup

from flow.database.queries import load_queries
from flow.database.transaction import Transaction
from flow.web.services import services

__all__ = ["FIELD", "hidden_field", "is_first_time"]

FIELD: Final = "once"
_FORMS: Final = UUID("0194a0c8-8f1e-7c55-9d3e-2f5a7b1c6d48")
_queries = load_queries(__package__)


def hidden_field() -> Markup:
    """The field of a form that is to take effect once."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, uuid4())


async def is_first_time(request: Request, transaction: Transaction, restaurant_id: UUID, permission: str) -> bool:
    """Whether the request's form is sent for the first time; waits for another try that is underway just now.

    Ask after `permission` was checked. A form without a number is always sent for the first time.
    """
    form = await request.form()
    if not form.get(FIELD):
        return True
    fields = sorted((name, value) for name, value in form.multi_items() if isinstance(value, str))
    return bool(
        await transaction.value(
            _queries.spend_form,
            restaurant_id=restaurant_id,
            form=uuid5(_FORMS, f"{request.url.path}?{urlencode(fields)}"),
            permission=permission,
            now=services(request).clock.now(),
        )
    )
