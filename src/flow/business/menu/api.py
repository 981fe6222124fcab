"""The menu over HTTP: everyone reads it, those with menu.write change it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from flow.business.fields import Slug
from flow.business.menu import service, store
from flow.business.menu.schemas import MenuAnswer, ProductAnswer, ProductBody, ProductChange, menu_answer
from flow.business.menu.types import Product
from flow.business.restaurants.service import restaurant_of_staff
from flow.business.restaurants.store import find_restaurant_by_slug
from flow.kit.ids import new_id
from flow.web.services import services
from flow.web.transactions import ServiceTransaction, UserTransaction

router = APIRouter(prefix="/api", tags=["menu"])

RestaurantId = Annotated[UUID, Query(description="The restaurant whose product this is.")]


@router.get("/menu")
async def get_menu(
    transaction: ServiceTransaction, restaurant: Annotated[Slug, Query(description="The restaurant's slug.")]
) -> MenuAnswer:
    """A restaurant's menu: public, as it hangs in the window."""
    found = await find_restaurant_by_slug(transaction, restaurant)
    return menu_answer(found, service.by_category(await store.active_menu(transaction, found.id)))


@router.post("/products", status_code=201)
async def add_product(request: Request, transaction: UserTransaction, body: ProductBody) -> ProductAnswer:
    """Puts a product on the menu. Needs menu.write; 409 when another product has the SKU."""
    restaurant = await restaurant_of_staff(transaction, body.restaurant_id, "menu.write")
    now = services(request).clock.now()
    product = Product(**body.model_dump(), id=new_id(), currency=restaurant.currency, created_at=now, updated_at=now)
    await service.add_product(transaction, product, changed_by=_caller_id(transaction))
    return ProductAnswer.model_validate(product)


@router.patch("/products/{product_id}")
async def change_product(
    request: Request, transaction: UserTransaction, product_id: UUID, restaurant_id: RestaurantId, body: ProductChange
) -> ProductAnswer:
    """Changes a product; a new price goes into its history. Needs menu.write."""
    await restaurant_of_staff(transaction, restaurant_id, "menu.write")
    product = await service.change_product(
        transaction,
        restaurant_id,
        product_id,
        body.model_dump(exclude_unset=True),
        clock=services(request).clock,
        changed_by=_caller_id(transaction),
    )
    return ProductAnswer.model_validate(product)


def _caller_id(transaction: UserTransaction) -> UUID | None:
    return transaction.caller.user_id if transaction.caller else None
