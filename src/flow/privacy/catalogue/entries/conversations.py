"""Conversations with agents: kept for a year, and then without whose they were or what was said."""

from flow.privacy.catalogue.terms import FOR_EVER, anonymised_after
from flow.privacy.catalogue.types import EVERYBODY, Category, Key, LegalBasis, Sensitivity, SubjectColumn, TableEntry
from flow.web.i18n import N_

_C = Category.CONVERSATIONS
_READERS = ("conversations.read",)
_OF_CONVERSATION = SubjectColumn("conversation_id", Key.CONVERSATION, "text")

CONVERSATIONS = (
    TableEntry(
        table="ai_conversations",
        category=_C,
        purpose=N_("Guests’ conversations with an agent, to serve them and to learn from"),
        sensitivity=Sensitivity.MEDIUM,
        legal_basis=LegalBasis.LEGITIMATE_INTEREST,
        retention=anonymised_after(years=1, since="t.started_at", marks="anonymised_at"),
        readers=_READERS,
        subject_columns=(
            SubjectColumn("customer_phone", Key.PHONE, "text"),
            SubjectColumn("customer_id", Key.CUSTOMER),
            SubjectColumn("visitor_id", Key.VISITOR),
            SubjectColumn("order_id", Key.ORDER),
        ),
        gives=(_OF_CONVERSATION,),
    ),
    TableEntry(
        table="ai_messages",
        category=_C,
        purpose=N_("What was said in a conversation"),
        sensitivity=Sensitivity.MEDIUM,
        legal_basis=LegalBasis.LEGITIMATE_INTEREST,
        retention=anonymised_after(years=1, since="t.timestamp"),
        readers=_READERS,
        subject_columns=(_OF_CONVERSATION,),
        gives=(SubjectColumn("id", Key.MESSAGE),),
    ),
    TableEntry(
        table="ai_feedback",
        category=_C,
        purpose=N_("What guests and staff thought of an agent’s answers"),
        sensitivity=Sensitivity.MEDIUM,
        legal_basis=LegalBasis.LEGITIMATE_INTEREST,
        retention=anonymised_after(years=1, since="t.created_at"),
        readers=_READERS,
        subject_columns=(
            _OF_CONVERSATION,
            SubjectColumn("message_id", Key.MESSAGE),
            SubjectColumn("feedback_by", Key.USER),
        ),
    ),
    TableEntry(
        table="interactions",
        category=_C,
        purpose=N_("Questions to the parental-leave adviser, with what was told of the family"),
        sensitivity=Sensitivity.HIGH,
        legal_basis=LegalBasis.CONSENT,
        retention=anonymised_after(years=1, since="t.timestamp", marks="anonymised_at"),
        readers=_READERS,
        subject_columns=(
            SubjectColumn("user_id", Key.VISITOR, "text"),
            SubjectColumn("session_id", Key.SESSION, "text"),
        ),
    ),
    TableEntry(
        table="ai_intents",
        category=_C,
        purpose=N_("What guests may want, with phrases that name nobody"),
        sensitivity=Sensitivity.NONE,
        legal_basis=LegalBasis.NOT_PERSONAL,
        retention=FOR_EVER,
        readers=(EVERYBODY,),
        tenant=False,
    ),
)
