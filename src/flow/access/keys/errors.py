"""What can go wrong with API keys."""

from __future__ import annotations

from flow.errors import Conflict, InvalidInput


class NoSuchScope(InvalidInput):
    """Choose at least one scope, and only such as you hold yourself."""

    code = "no_such_scope"


class TooManyKeys(Conflict):
    """There are 50 keys already; revoke one that is not used."""

    code = "too_many_keys"
