"""What can go wrong with a reset."""

from __future__ import annotations

from flow.errors import NotFound


class LinkOver(NotFound):
    """This link was used, or has run out. Ask for a new one."""

    code = "link_over"
