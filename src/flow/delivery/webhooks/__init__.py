"""Outgoing webhooks: other systems are told what happens, signed by the Standard Webhooks convention, until they answer."""
