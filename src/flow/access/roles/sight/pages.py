"""The settings page that says who sees a row, and why."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from flow.access.choosing import choose_workplace
from flow.access.person import logged_in
from flow.access.roles import labels
from flow.access.roles.matrix import matrix
from flow.access.roles.sight.service import who_sees
from flow.access.roles.sight.types import Seen, Sight
from flow.errors import FlowError, InvalidInput, NotFound
from flow.kit.ids import parse_id
from flow.web.pages import translator
from flow.web.sections import settings_page
from flow.web.services import services
from flow.web.transactions import UserTransaction

router = APIRouter(include_in_schema=False, dependencies=[Depends(logged_in)])
PAGE = "/settings/access"
PERMISSION = "access.read"


@router.get(PAGE)
async def access_page(
    request: Request,
    transaction: UserTransaction,
    restaurant: Annotated[str, Query(max_length=36)] = "",
    table: Annotated[str, Query(max_length=63)] = "",
    row: Annotated[str, Query(max_length=400)] = "",
) -> Response:
    """A form for a table and a row of a restaurant; and who sees it."""
    choice = await choose_workplace(transaction, PERMISSION, parse_id(restaurant) if restaurant else None)
    found: Seen | None = None
    sights: list[Sight] = []
    problem: FlowError | None = None
    if table and row:
        within = frozenset([choice.chosen.id])
        try:
            found, sights = await who_sees(
                services(request).database, table, row.strip(), restaurant=choice.chosen.id, within=within
            )
        except (NotFound, InvalidInput) as error:
            problem = error
    words = translator(request)
    return settings_page(
        request,
        transaction,
        "access.html",
        title=words.gettext("Who sees what"),
        status=problem.status if problem else 200,
        restaurant=choice.chosen,
        choices=choice.all,
        tables=sorted(matrix().tables),
        table=table,
        row=row,
        found=found,
        sights=sights,
        problem=problem,
        role_names={role: labels.role(role, words) for role in matrix().roles},
        rule_texts={rule: labels.rule(rule, words) for rule in matrix().rules},
    )
