"""What can be wrong with the menu."""

from flow.errors import Conflict, NotFound


class ProductNotFound(NotFound):
    """There is no such product that you may change."""

    code = "product_not_found"


class SkuTaken(Conflict):
    """Another product has this SKU."""

    code = "sku_taken"
