"""Outgoing webhooks: other systems are told what happens, signed as Standard Webhooks says, until they answer."""
