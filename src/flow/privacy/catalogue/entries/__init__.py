"""The entries, a file per category or a part of one. A new table gets its entry in the file of its category."""

from flow.privacy.catalogue.entries.accounts import ACCOUNTS
from flow.privacy.catalogue.entries.behaviour import BEHAVIOUR
from flow.privacy.catalogue.entries.consents import CONSENTS
from flow.privacy.catalogue.entries.conversations import CONVERSATIONS
from flow.privacy.catalogue.entries.integrations import INTEGRATIONS
from flow.privacy.catalogue.entries.marketing import MARKETING
from flow.privacy.catalogue.entries.platforms import PLATFORMS
from flow.privacy.catalogue.entries.products import PRODUCTS
from flow.privacy.catalogue.entries.requests import REQUESTS
from flow.privacy.catalogue.entries.sales import SALES
from flow.privacy.catalogue.entries.system import SYSTEM

ENTRIES = (
    *ACCOUNTS,
    *CONSENTS,
    *SALES,
    *PRODUCTS,
    *BEHAVIOUR,
    *MARKETING,
    *CONVERSATIONS,
    *SYSTEM,
    *REQUESTS,
    *INTEGRATIONS,
    *PLATFORMS,
)
