"""What can be wrong with a site key."""

from flow.errors import Conflict, InvalidInput
from flow.web.i18n import N_


class NoSuchOrigin(InvalidInput):
    __doc__ = N_("Write one address a line, such as https://www.example.com, without a path.")

    code = "no_such_origin"


class TooManySiteKeys(Conflict):
    __doc__ = N_("There are 20 site keys already. Revoke one that is not used.")

    code = "too_many_site_keys"
