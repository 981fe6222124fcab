"""What can be wrong with a question."""

from __future__ import annotations

from flow.errors import InvalidInput, NotAllowed, NotFound


class UnknownMetric(InvalidInput):
    """There is no such metric."""

    code = "unknown_metric"


class InvalidQuestion(InvalidInput):
    """The question cannot be answered as it is."""

    code = "invalid_question"


class BreakdownNotPossible(InvalidQuestion):
    """A metric cannot be broken down that way."""

    code = "breakdown_not_possible"


class MixedCurrencies(InvalidQuestion):
    """Money of several currencies does not add up; ask by restaurant."""

    code = "mixed_currencies"


class RestaurantNotFound(NotFound):
    """There is no such restaurant that you may see."""

    code = "restaurant_not_found"


class FiguresNotAllowed(NotAllowed):
    """Your role does not allow seeing this restaurant's figures."""

    code = "figures_not_allowed"
