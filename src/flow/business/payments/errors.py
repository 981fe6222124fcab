"""What can be wrong with a payment."""

from flow.errors import Conflict


class NothingToRefund(Conflict):
    """More cannot be refunded than was paid."""

    code = "nothing_to_refund"


class NothingToPay(Conflict):
    """This order is not waiting to be paid online."""

    code = "nothing_to_pay"
