"""Instagram: direct messages both ways, with Instagram log-in (graph.instagram.com)."""

from __future__ import annotations

from flow.collect.integrations.types import Field
from flow.collect.providers.meta.calls import Manner
from flow.collect.providers.meta.channel import MetaChannel
from flow.collect.providers.meta.fields import fields
from flow.web.i18n import N_

__all__ = ["PROVIDER"]

PROVIDER = MetaChannel(
    name="instagram",
    channel="instagram_dm",
    about="instagram",
    base_url="https://graph.instagram.com",
    manner=Manner(says_type=False, fields=("messages", "messaging_postbacks")),
    fields=fields(
        Field(
            name="account",
            label=N_("Instagram account"),
            help=N_("The number of the professional account, such as 17841400000000001."),
            is_secret=False,
            is_account=True,
        )
    ),
)
