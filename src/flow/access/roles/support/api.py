"""The door of support over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from flow.access.person import logged_in
from flow.access.roles.support import service, store
from flow.access.roles.support.types import SupportAccess
from flow.web.transactions import UserTransaction

router = APIRouter(prefix="/api/support/accesses", tags=["Support"], dependencies=[Depends(logged_in)])


class Wish(BaseModel):
    """Which door, why and for how long. Write the case, and no names of guests."""

    model_config = ConfigDict(extra="forbid")
    restaurant_id: UUID
    reason: Annotated[str, Field(min_length=service.SHORTEST_REASON, max_length=service.LONGEST_REASON)]
    minutes: Annotated[int, Field(ge=1, le=service.MOST_MINUTES)] = 60


class AccessAnswer(BaseModel):
    """An access; `ended_at` is null while it is open, or ran out a moment ago."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID
    restaurant_id: UUID
    user_id: UUID
    reason: str
    granted_at: datetime
    expires_at: datetime
    ended_at: datetime | None


@router.post("", status_code=201)
async def open_access(transaction: UserTransaction, wish: Wish) -> AccessAnswer:
    """Lets the caller read a restaurant's orders and conversations for a while, on the record. Needs support.open."""
    access = await service.open_door(transaction, wish.restaurant_id, reason=wish.reason, minutes=wish.minutes)
    return _told(access)


@router.get("")
async def list_accesses(transaction: UserTransaction, restaurant_id: UUID | None = None) -> list[AccessAnswer]:
    """The latest hundred: one's own, and those to restaurants where one holds people.read."""
    return [_told(access) for access in await store.accesses(transaction, restaurant_id=restaurant_id)]


@router.post("/{access_id}/end", status_code=204)
async def end_access(transaction: UserTransaction, access_id: UUID) -> Response:
    """Closes an access: one's own, or any to a restaurant where one holds people.write."""
    await service.close_door(transaction, access_id)
    return Response(status_code=204)


def _told(access: SupportAccess) -> AccessAnswer:
    return AccessAnswer.model_validate(access)
