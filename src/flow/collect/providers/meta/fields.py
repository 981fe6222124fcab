"""What a restaurant fills in for either channel."""

from __future__ import annotations

from flow.collect.integrations.types import Field
from flow.web.i18n import N_

__all__ = ["fields"]


def fields(account: Field) -> tuple[Field, ...]:
    """The fields, with the channel's own one for its account."""
    return (
        account,
        Field(name="access_token", label=N_("Access token"), help=N_("A lasting one that may read and send messages.")),
        Field(name="app_secret", label=N_("App secret"), help=N_("Deliveries are signed with it.")),
        Field(
            name="second_app_secret",
            label=N_("Second app secret"),
            help=N_("An app with Instagram log-in has two; either may sign."),
            is_required=False,
        ),
        Field(
            name="verify_token",
            label=N_("Verify token"),
            help=N_("A word of your own. Write the same one in Meta’s settings of webhooks."),
        ),
    )
