"""Restaurants: the tenants, and what of them every order and menu needs to know."""

from flow.business.restaurants.errors import RestaurantClosed, RestaurantNotFound
from flow.business.restaurants.types import Restaurant

__all__ = ["Restaurant", "RestaurantClosed", "RestaurantNotFound"]
