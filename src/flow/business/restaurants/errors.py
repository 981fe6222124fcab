"""What can be wrong with a restaurant."""

from flow.errors import Conflict, NotFound


class RestaurantNotFound(NotFound):
    """There is no such restaurant that you may see."""

    code = "restaurant_not_found"


class RestaurantClosed(Conflict):
    """The restaurant does not take orders at the moment."""

    code = "restaurant_closed"
