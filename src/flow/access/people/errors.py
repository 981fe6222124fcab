"""What can go wrong with people and invitations."""

from __future__ import annotations

from flow.errors import Conflict, FlowError, InvalidInput, NotAllowed, NotFound


class LastAdmin(Conflict):
    """A restaurant keeps at least one admin. Make somebody else admin first."""

    code = "last_admin"


class AlreadyMember(Conflict):
    """This address belongs to somebody who works here already."""

    code = "already_member"


class NoSuchRole(InvalidInput):
    """Choose one of the roles."""

    code = "no_such_role"


class InvitationOver(NotFound):
    """This invitation was used, withdrawn, or has run out. Ask for a new one."""

    code = "invitation_over"


class InvitationOfAnother(NotAllowed):
    """This invitation is for another address than the one you are logged in with."""

    code = "invitation_of_another"


class LogInFirst(FlowError):
    """There is an account with this address: log in to accept."""

    code = "log_in_first"
    status = 401
