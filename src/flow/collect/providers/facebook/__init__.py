"""Facebook Messenger: messages to a page, both ways (graph.facebook.com)."""

from __future__ import annotations

from flow.collect.integrations.types import Field
from flow.collect.providers.meta.calls import Manner
from flow.collect.providers.meta.channel import MetaChannel
from flow.collect.providers.meta.fields import fields
from flow.web.i18n import N_

__all__ = ["PROVIDER"]

PROVIDER = MetaChannel(
    name="facebook",
    channel="facebook_messenger",
    about="page",
    base_url="https://graph.facebook.com",
    manner=Manner(says_type=True, fields=("messages", "messaging_postbacks", "message_echoes")),
    fields=fields(
        Field(
            name="page",
            label=N_("Facebook page"),
            help=N_("The number of the page."),
            is_secret=False,
            is_account=True,
        )
    ),
)
