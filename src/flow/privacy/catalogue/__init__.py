"""The data catalogue: one entry for every table, and every module's personal columns collected beside it.

Retention, access requests, erasure, the register of processing and docs/reference/data.md are all made from it.
"""

from flow.privacy.catalogue.collect import CATALOGUE, personal_columns, tables
from flow.privacy.catalogue.types import AtEnd, Category, Key, LegalBasis, Retention, SubjectColumn, TableEntry

__all__ = [
    "CATALOGUE",
    "AtEnd",
    "Category",
    "Key",
    "LegalBasis",
    "Retention",
    "SubjectColumn",
    "TableEntry",
    "personal_columns",
    "tables",
]
