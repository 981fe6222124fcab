"""Orders: placed with the server's prices, moved through their states, attributed to the visits that led to them."""

from flow.business.orders.moves import move, refund
from flow.business.orders.service import place, quote
from flow.business.orders.types import Address, Order, OrderItem, OrderLine, Placed, PlaceOrder

__all__ = ["Address", "Order", "OrderItem", "OrderLine", "PlaceOrder", "Placed", "move", "place", "quote", "refund"]
