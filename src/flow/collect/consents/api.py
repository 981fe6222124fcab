"""What the tracker and the banner call. Both come from any site: bound to the site key, without cookies."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from limits import RateLimitItemPerMinute
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from flow.business.fields import SiteKeyText
from flow.business.restaurants.service import restaurant_of_page
from flow.database.transaction import Transaction
from flow.privacy.consents import service, store
from flow.privacy.consents.collection import collection_of
from flow.privacy.consents.errors import UnknownText
from flow.privacy.consents.schemas import Version
from flow.privacy.consents.texts import OWN_BANNER, find_text, present_text, withdrawal_text
from flow.privacy.consents.types import ConsentText, Language, Person, Question
from flow.web.addresses import address_of
from flow.web.i18n import negotiate
from flow.web.services import services
from flow.web.transactions import ServiceTransaction

router = APIRouter(prefix="/api/consents", tags=["consents"])

_PER_ADDRESS = RateLimitItemPerMinute(120)
_NOT_SAID = "The site asked in words of its own and did not send them along."
_FIVE_MINUTES = "public, max-age=300"

ShownText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000, pattern=r"^[^\x00]*$")
]


class AnalyticsBody(BaseModel):
    """A visitor's answer. `version` names the text that FLOW's banner showed; another banner sends its own `text`."""

    model_config = ConfigDict(frozen=True)

    restaurant_id: UUID
    key: SiteKeyText
    visitor_id: Annotated[UUID, Field(description="The lasting id that the answer is about.")]
    granted: bool
    version: Version | None = None
    text: ShownText | None = None
    language: Language | None = None


class BannerAnswer(BaseModel):
    """What to ask, in which language, and the version to send with the answer."""

    version: str
    text: str
    language: Language
    valid_days: int | None


@router.get("/banner")
async def banner_text(
    request: Request,
    response: Response,
    transaction: ServiceTransaction,
    restaurant_id: UUID,
    language: Annotated[Language | None, Query(description="The browser's wish unless set.")] = None,
) -> BannerAnswer:
    """The question about analytics that a page asks its visitors."""
    controller = await store.find_controller(transaction, restaurant_id)
    wish = language or negotiate(request.headers.get("accept-language"))
    text = await present_text(transaction, controller, "analytics", "web", language=wish)
    assert text is not None, "FLOW has a text for analytics in each of its languages"
    response.headers["Cache-Control"] = _FIVE_MINUTES
    response.headers["Vary"] = "Accept-Language"
    return BannerAnswer(version=text.version, text=text.body, language=text.language, valid_days=text.valid_days)


@router.post(
    "/analytics",
    status_code=204,
    openapi_extra={"requestBody": {"content": {"application/json": {"schema": AnalyticsBody.model_json_schema()}}}},
)
async def record_analytics(request: Request) -> None:
    """Records that a visitor agreed to a lasting id, or withdrew it. The same answer twice is one piece of evidence.

    Takes JSON under any content type, so that a browser asks no permission beforehand.
    """
    flow = services(request)
    flow.limits.hit(_PER_ADDRESS, "analytics consent", address_of(request))
    body = _read(await request.body())
    origin, host = request.headers.get("origin"), request.headers.get("host")
    async with flow.database.as_service() as transaction:
        await restaurant_of_page(transaction, body.restaurant_id, body.key, origin=origin, own_host=host)
        person = service.guest(flow.installation, str(body.visitor_id))
        question = Question(restaurant_id=body.restaurant_id, consent_type="analytics", channel="web")
        text = await _text(transaction, body)
        now = flow.clock.now()
        await store.lock_subject(transaction, person)
        if await _is_known(transaction, person, body, text):
            return
        await service.record(
            transaction,
            person,
            question,
            granted=body.granted,
            text=text,
            collection=collection_of(request, "cookie_banner"),
            at=now,
        )


def _read(raw: bytes) -> AnalyticsBody:
    try:
        return AnalyticsBody.model_validate_json(raw)
    except ValidationError as error:
        raise RequestValidationError([{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors()]) from None


async def _text(transaction: Transaction, body: AnalyticsBody) -> ConsentText:
    controller = await store.find_controller(transaction, body.restaurant_id)
    language = body.language or controller.language
    if body.version:
        found = await find_text(transaction, controller, "analytics", body.version)
        if found is None and body.granted and body.text is None:
            raise UnknownText(details={"at": "body.version"})
        if found is not None:
            return found
    if body.text:
        return ConsentText(version=body.version or OWN_BANNER, body=body.text, language=language)
    if not body.granted:
        return withdrawal_text(language)
    return ConsentText(version=OWN_BANNER, body=_NOT_SAID, language=language)


async def _is_known(transaction: Transaction, person: Person, body: AnalyticsBody, text: ConsentText) -> bool:
    """Whether the latest answer is this one: the browser sends again what it got no answer to."""
    latest = next(iter(await store.evidence(transaction, person, body.restaurant_id)), None)
    return latest is not None and (latest.granted, latest.consent_version) == (body.granted, text.version)
