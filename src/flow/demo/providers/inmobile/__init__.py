"""InMobile: text messages out with their reports, text messages in, reads that happen once, and the blacklist."""

from flow.demo.providers.inmobile.api import inmobile

__all__ = ["inmobile"]
