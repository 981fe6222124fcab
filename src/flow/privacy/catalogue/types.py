"""What the catalogue says of a table: whose data, why, by which right, for how long, and who may read them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from flow.kit.personal import PersonalColumn

__all__ = [
    "EVERYBODY",
    "OWN",
    "AtEnd",
    "Category",
    "Key",
    "LegalBasis",
    "Retention",
    "Sensitivity",
    "SubjectColumn",
    "TableEntry",
]

OWN: Final = "own"
EVERYBODY: Final = "everybody"
"""Readers that are no permission: each user his own rows; everyone who is logged in."""


class Category(StrEnum):
    """The categories of the platform's specification, section 1.1."""

    ACCOUNTS = "accounts"
    SALES = "sales"
    PRODUCTS = "products"
    BEHAVIOUR = "behaviour"
    MARKETING = "marketing"
    CONVERSATIONS = "conversations"
    SYSTEM = "system"
    INTEGRATIONS = "integrations"


class Sensitivity(StrEnum):
    """How much harm it would do if outsiders read it. NONE: it says nothing about any person."""

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class LegalBasis(StrEnum):
    """What allows the processing: the letter of Art. 6(1) GDPR."""

    CONSENT = "a"
    CONTRACT = "b"
    LEGAL_OBLIGATION = "c"
    LEGITIMATE_INTEREST = "f"
    NOT_PERSONAL = "-"


class AtEnd(StrEnum):
    """What becomes of rows when their time is over."""

    DELETE = "delete"
    DROP_PARTITIONS = "drop_partitions"
    ANONYMISE = "anonymise"
    NOTHING = "nothing"


class Key(StrEnum):
    """What a value identifies. A person's rows are found by the values that are known of him or her."""

    USER = "user"
    PHONE = "phone"
    EMAIL = "email"
    CONTACT = "contact"
    """A phone number or an e-mail address."""
    SUBJECT = "subject"
    """The pseudonym of a contact (flow.privacy.subjects)."""
    CUSTOMER = "customer"
    ORDER = "order"
    VISITOR = "visitor"
    SESSION = "session"
    CONVERSATION = "conversation"
    MESSAGE = "message"
    TEXT = "text"
    """Free text that may quote a contact; only reading it tells."""


@dataclass(frozen=True, slots=True)
class SubjectColumn:
    """A column and what its values identify; `type` is the column's, for the array that it is compared with."""

    column: str
    key: Key
    type: str = "uuid"


@dataclass(frozen=True, slots=True)
class Retention:
    """How long rows are kept, counted from `since`, and what becomes of them then.

    Either `days`, or `years`, or `financial_years`: whole years after the end of the restaurant's financial year that
    `since` lies in (the Danish Bookkeeping Act, § 12). None of them: `until` says in words how long. `since` and
    `condition` are SQL over the table, whose alias is t. Rows that a row of `children` still refers to (table, column
    that holds this table's id) wait for it. `marks` is the column that notes when a row was anonymised.
    `awaits_rollup`: figures are made of these rows, so they stay as long as a business day waits for its roll-up.
    `door` is a function of the database that alone may delete here; it takes :before, :most and :held (pseudonyms under
    legal hold) and answers how many went. `job` names the job of another module that carries this out.
    """

    at_end: AtEnd
    since: str = ""
    days: int = 0
    years: int = 0
    financial_years: int = 0
    until: str | None = None
    condition: str | None = None
    children: tuple[tuple[str, str], ...] = ()
    marks: str | None = None
    awaits_rollup: bool = False
    door: str | None = None
    job: str | None = None

    def __post_init__(self) -> None:
        terms = sum(map(bool, (self.days, self.years, self.financial_years, self.until)))
        if terms != 1 or (self.at_end is AtEnd.NOTHING) != bool(self.until) or bool(self.until) == bool(self.since):
            raise ValueError("a retention has one term, and a time that it is counted from unless it is in words")

    @property
    def is_ours(self) -> bool:
        """Whether the retention job carries it out."""
        return self.at_end is not AtEnd.NOTHING and self.job is None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableEntry:
    """One table in the register of processing (Art. 30 GDPR).

    `purpose` is English and marked for translation. `readers` are the permissions that read its rows, OWN, EVERYBODY;
    none means the service alone. `subject_columns` find a person's rows; `gives` are columns of rows so found that
    identify the person elsewhere. `about_things` are columns named like a person's that say nothing about one.
    """

    table: str
    schema: str = "public"
    category: Category
    purpose: str
    sensitivity: Sensitivity
    legal_basis: LegalBasis
    retention: Retention
    readers: tuple[str, ...] = ()
    subject_columns: tuple[SubjectColumn, ...] = ()
    gives: tuple[SubjectColumn, ...] = ()
    about_things: tuple[str, ...] = ()
    tenant: bool = True
    """Its rows belong to a restaurant, in the column restaurant_id."""
    id_columns: tuple[str, ...] = ("id",)
    """With restaurant_id, where it has one, its primary key."""
    personal: tuple[PersonalColumn, ...] = ()

    @property
    def name(self) -> str:
        """With its schema, as SQL wants it."""
        return f"{self.schema}.{self.table}"
