"""What can be wrong with a payment."""

from flow.errors import Conflict


class NothingToRefund(Conflict):
    """More cannot be refunded than was paid."""

    code = "nothing_to_refund"
