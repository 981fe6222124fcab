"""Meta: Instagram messaging and Messenger, their windows, echoes and the greeting of a webhook."""

from flow.demo.providers.meta.api import facebook, instagram

__all__ = ["facebook", "instagram"]
