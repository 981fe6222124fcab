"""What kinds, states and rules are called; English, marked for translation."""

from __future__ import annotations

from collections.abc import Mapping

from flow.privacy.rights.types import IdentityMethod, Kind, Status
from flow.web.i18n import N_

KINDS: Mapping[Kind, str] = {
    "access": N_("Access"),
    "portability": N_("Portability"),
    "erasure": N_("Erasure"),
    "restriction": N_("Restriction"),
    "objection": N_("Objection"),
    "offboarding": N_("Offboarding"),
}
MEANINGS: Mapping[Kind, str] = {
    "access": N_("A copy of everything that is kept about the person (Art. 15)"),
    "portability": N_("What the person provided, for use elsewhere (Art. 20)"),
    "erasure": N_("Everything that says who it was goes; the books stay (Art. 17)"),
    "restriction": N_("Data are stored and otherwise left alone (Art. 18)"),
    "objection": N_("No more marketing and profiling (Art. 21)"),
    "offboarding": N_("The restaurant leaves FLOW"),
}
STATUSES: Mapping[Status, str] = {
    "received": N_("To be decided"),
    "running": N_("Being carried out"),
    "completed": N_("Completed"),
    "refused": N_("Refused"),
    "held": N_("Held back by a legal hold"),
    "failed": N_("Stopped by a fault"),
}
METHODS: Mapping[IdentityMethod, str] = {
    "logged_in": N_("Was logged in"),
    "code_to_contact": N_("Answered a code sent to the contact"),
    "document": N_("Showed a document"),
    "in_person": N_("Came in person"),
    "known_order": N_("Knew details of an order"),
    "other": N_("Another way, see the note"),
}
RULES: Mapping[str, str] = {
    "rows": N_("The person’s rows"),
    "author": N_("Who wrote or changed it"),
    "text": N_("Mentions in free text"),
    "account": N_("The account"),
    "files": N_("Files and mails"),
    "anonymise": N_("Persons taken out"),
    "delete": N_("Deleted"),
    "restaurant": N_("The restaurant itself"),
}
PROBLEMS: Mapping[str, str] = {
    "no_contact": N_("This is neither a phone number nor an e-mail address."),
    "identity_not_checked": N_("Check first that the person is who they say they are."),
    "request_closed": N_("This request has been decided already."),
    "cannot_extend": N_("A request is extended once, before it is due, by at most 60 days and with a reason."),
    "legal_hold": N_("A legal hold keeps this person’s data. End the hold first, or wait."),
    "sole_administrator": N_("This user is the only administrator of a restaurant. Make somebody else one first."),
    "second_factor_needed": N_(
        "This needs a log-in with a second factor. Set one up under Security, and log in with it."
    ),
    "name_differs": N_("The name that was typed is not the restaurant’s."),
    "invalid_input": N_("The day lies in the future."),
}
