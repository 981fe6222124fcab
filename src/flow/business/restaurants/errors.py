"""What can be wrong with a restaurant."""

from flow.errors import Conflict, InvalidInput, NotFound
from flow.web.i18n import N_


class RestaurantNotFound(NotFound):
    """There is no such restaurant that you may see."""

    code = "restaurant_not_found"


class RestaurantClosed(Conflict):
    __doc__ = N_("The restaurant does not take orders at the moment.")

    code = "restaurant_closed"


class SlugTaken(Conflict):
    """Another restaurant has this slug already."""

    code = "slug_taken"


class InvalidRestaurant(InvalidInput):
    """A restaurant cannot be like this."""

    code = "invalid_restaurant"
