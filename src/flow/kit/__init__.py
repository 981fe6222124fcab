"""The small pure parts every floor stands on: clock, ids, money, business days and contacts.

Nothing here reads the network, the disk (but for time-zone data) or any other part of FLOW.
"""
