"""The menu: products with their options, prices and price history."""

from flow.business.menu.types import MenuItem, Option, OptionGroup, Product

__all__ = ["MenuItem", "Option", "OptionGroup", "Product"]
