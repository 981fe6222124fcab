"""A guest's own orders and profile over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from flow.business.orders.api import told
from flow.business.orders.errors import OrderNotFound
from flow.business.orders.schemas import OrderDetail, OrderSummary, summary
from flow.business.orders.store import find_order
from flow.business.own import store
from flow.web.cursor import cursor_after, read_cursor
from flow.web.transactions import UserTransaction

router = APIRouter(prefix="/api/me", tags=["My own"])


class OwnOrder(OrderSummary):
    """An own order, and where it was placed."""

    restaurant_name: str


class OwnOrderDetail(OrderDetail):
    """An own order with its items, payments and steps."""

    restaurant_name: str


class OwnOrderPage(BaseModel):
    """Own orders, newest first; `next` is the cursor of the following page, null on the last."""

    orders: list[OwnOrder]
    next: str | None


class Profile(BaseModel):
    """What a restaurant knows of its guest; `points` is null for who is no member."""

    model_config = ConfigDict(from_attributes=True)
    restaurant_id: UUID
    restaurant_name: str
    name: str | None
    phone: str | None
    email: str | None
    first_order_at: datetime | None
    last_order_at: datetime | None
    points: int | None


@router.get("/orders")
async def own_orders(
    transaction: UserTransaction,
    cursor: Annotated[str | None, Query(max_length=200, description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> OwnOrderPage:
    """The caller's own orders in every restaurant, newest first."""
    keys = await store.own_orders(transaction, after=read_cursor(cursor), limit=limit + 1)
    names = await store.place_names(transaction)
    orders = [await find_order(transaction, key.restaurant_id, key.id) for key in keys[:limit]]
    return OwnOrderPage(
        orders=[
            OwnOrder(**dict(summary(order)), restaurant_name=names.get(order.restaurant_id, "")) for order in orders
        ],
        next=cursor_after(orders[-1].created_at, orders[-1].id) if len(keys) > limit else None,
    )


@router.get("/orders/{order_id}")
async def own_order(transaction: UserTransaction, order_id: UUID) -> OwnOrderDetail:
    """An own order with items, payments and steps; 404 for anybody else's, whatever the caller may see otherwise."""
    keys = await store.own_orders(transaction, order_id=order_id, limit=1)
    if not keys:
        raise OrderNotFound
    order = await find_order(transaction, keys[0].restaurant_id, order_id)
    names = await store.place_names(transaction)
    shown = await told(transaction, order, with_payments=True)
    return OwnOrderDetail(**dict(shown), restaurant_name=names.get(order.restaurant_id, ""))


@router.get("/profile")
async def own_profile(transaction: UserTransaction) -> list[Profile]:
    """What each restaurant knows of the caller as its guest."""
    return [Profile.model_validate(profile) for profile in await store.profiles(transaction)]
