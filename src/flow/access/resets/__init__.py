"""A new password for who forgot theirs, by a link in a mail.

Asking only writes the wish down, sealed. A job finds out whose address it is: so the page answers the same, and as
fast, for an address with an account and for one without.
"""
