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
