"""The matrix of roles, walked: every role, table and operation, against the own restaurant and a foreign one.

`make permission-matrix` walks it by SQL and over HTTP, then opens every policy and every grant by hand, one at a time,
and counts how often the walk notices.
"""
