"""What a field of a request may hold: bounds that fit the database, written once for every form of the API."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

__all__ = ["ContactText", "LongText", "Name", "Note", "Ore", "RequestModel", "ShortText", "SiteKeyText", "Slug"]

# PostgreSQL stores every character but NUL.
_NO_NUL = r"^[^\x00]*$"

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=_NO_NUL)]
ShortText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=_NO_NUL)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500, pattern=_NO_NUL)]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000, pattern=_NO_NUL)]
ContactText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=254, pattern=_NO_NUL)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
SiteKeyText = Annotated[str, StringConstraints(pattern=r"^fk_[A-Za-z0-9_-]{16,64}$")]
Ore = Annotated[int, Field(ge=0, le=100_000_000, description="Øre: hundredths of the currency, VAT included.")]


class RequestModel(BaseModel):
    """Base of request bodies: an unknown field is an error, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid", frozen=True)
