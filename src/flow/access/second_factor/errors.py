"""What can go wrong with a second factor."""

from __future__ import annotations

from flow.errors import Conflict, FlowError


class WrongCode(FlowError):
    """This code is wrong, or was used already. Wait for the next one."""

    code = "wrong_code"
    status = 401


class SecondFactorRequired(FlowError):
    """The password is right; send the code of your second factor too."""

    code = "second_factor_required"
    status = 401


class StepUpRequired(FlowError):
    """Confirm with the code of your second factor first."""

    code = "step_up_required"
    status = 403


class AlreadyInForce(Conflict):
    """There is a second factor in force already."""

    code = "second_factor_in_force"


class NoSecondFactor(Conflict):
    """There is no second factor."""

    code = "no_second_factor"
