"""From a request's bytes to a submission: the steps in their order, each with the reasons it may refuse for."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import msgspec

from flow.collect.events import devices
from flow.collect.events.bots import BotReason, PatternFilter, classify
from flow.collect.events.checks import check_events
from flow.collect.events.envelope import Envelope, WireEvent, decode, raw_events
from flow.collect.events.errors import MalformedBatch, OriginNotAllowed
from flow.collect.events.limits import TokenBuckets
from flow.collect.events.sites import Sites
from flow.collect.events.types import Drop, Item, Microseconds, Rejected, Site, Submission, Visit, microseconds
from flow.collect.events.visitors import Today, Visitors, business_day
from flow.kit.clock import Clock
from flow.kit.ids import new_id, parse_id

__all__ = ["Delivery", "Pipeline", "describe"]

_LONGEST_REFERRER: Final = 2048
_LONGEST_WORD: Final = 40


class Delivery(msgspec.Struct, gc=False):
    """One request, with what its headers tell of the sender. `address` is empty where it says nothing.

    `is_bare`: it had none of the headers that every browser sends. `restaurant` and `key` may be told beside the body
    as well, so that one that cannot be read still finds its owner.
    """

    body: bytes
    address: str = ""
    user_agent: str = ""
    origin: str | None = None
    country: str | None = None
    is_bare: bool = False
    restaurant: str | None = None
    key: str | None = None


@dataclass(slots=True)
class _Intake:
    """A delivery on its way through the steps."""

    delivery: Delivery
    received: Microseconds
    batch: Envelope
    site: Site = field(init=False)
    today: Today = field(init=False)
    visit: Visit = field(init=False)
    robot: BotReason | None = None
    items: list[Item] = field(default_factory=list)

    def submission(self) -> Submission:
        return Submission(self.visit, self.site, self.received, self.today.began, self.items, self.delivery.body)


class Pipeline:
    """The steps, with what they need. Refused batches leave as a FlowError, refused events as items."""

    def __init__(
        self,
        sites: Sites,
        visitors: Visitors,
        *,
        clock: Clock,
        events_per_minute_per_address: int,
        allow_headless: bool,
    ) -> None:
        self._sites = sites
        self._visitors = visitors
        self._clock = clock
        self._per_address = events_per_minute_per_address
        self._allow_headless = allow_headless
        self._buckets = TokenBuckets()
        self._patterns = PatternFilter()

    async def run(self, delivery: Delivery) -> Submission:
        """What is to be stored of a delivery; a FlowError when it is refused as a whole."""
        intake = _Intake(delivery, microseconds(self._clock.now()), decode(delivery.body))
        await self._authenticate(intake)
        self._check_origin(intake)
        self._limit_rate(intake)
        self._recognise_robots(intake)
        await self._describe_visit(intake)
        self._recognise_patterns(intake)
        self._check_events(intake)
        return intake.submission()

    async def quarantine(self, delivery: Delivery, error: MalformedBatch) -> Submission | None:
        """A delivery that is no batch, as one item for the quarantine; None when it does not tell whose it is."""
        claim = claim_of(delivery)
        if claim is None:
            return None
        batch = Envelope(restaurant_id=claim[0], key=claim[1], events=[])
        intake = _Intake(delivery, microseconds(self._clock.now()), batch)
        await self._authenticate(intake)
        self._check_origin(intake)
        self._limit_rate(intake)
        await self._describe_visit(intake)
        intake.items = [Rejected(new_id(), None, "malformed_batch", error.message, None, delivery.body)]
        return intake.submission()

    async def _authenticate(self, intake: _Intake) -> None:
        intake.site = await self._sites.find(intake.batch.restaurant_id, intake.batch.key)
        intake.today = business_day(intake.site.calendar, intake.received)

    def _check_origin(self, intake: _Intake) -> None:
        """A browser tells its page's origin; a server, which has none, may send without."""
        origin, allowed = intake.delivery.origin, intake.site.origins
        if origin is not None and allowed and origin.lower() not in allowed:
            raise OriginNotAllowed

    def _limit_rate(self, intake: _Intake) -> None:
        count = max(1, len(intake.batch.events))
        if intake.delivery.address:
            self._buckets.take(intake.delivery.address, count, per_minute=self._per_address)
        site = (intake.batch.restaurant_id, intake.batch.key)
        self._buckets.take(site, count, per_minute=intake.site.events_per_minute)

    def _recognise_robots(self, intake: _Intake) -> None:
        intake.robot = classify(
            intake.delivery.user_agent,
            webdriver=intake.batch.webdriver is True,
            bare_request=intake.delivery.is_bare,
            allow_headless=self._allow_headless,
        )

    async def _describe_visit(self, intake: _Intake) -> None:
        delivery, batch = intake.delivery, intake.batch
        device = devices.parse(delivery.user_agent)
        restaurant = batch.restaurant_id.bytes
        visitor, previous = await self._visitor(intake, restaurant)
        intake.visit = Visit(
            restaurant=restaurant,
            visitor=visitor,
            previous_visitor=previous,
            device_type=device.device_type,
            browser=device.browser,
            os=device.os,
            country_code=delivery.country,
        )
        describe(intake.visit, batch)

    async def _visitor(self, intake: _Intake, restaurant: bytes) -> tuple[bytes, bytes | None]:
        if intake.batch.visitor_id is not None:
            return intake.batch.visitor_id.bytes, None
        return await self._visitors.cookieless_ids(
            restaurant,
            intake.delivery.address,
            intake.delivery.user_agent,
            today=intake.today,
            now=intake.received,
        )

    def _recognise_patterns(self, intake: _Intake) -> None:
        if intake.robot is None:
            names = [event.event_name for event in intake.batch.events if type(event) is WireEvent]
            intake.robot = self._patterns.classify(
                intake.visit.restaurant + intake.visit.visitor,
                intake.received,
                events=len(intake.batch.events),
                page_views=names.count("page_view"),
            )

    def _check_events(self, intake: _Intake) -> None:
        if intake.robot is not None:
            detail = intake.visit.browser or ""
            intake.items = [Drop(event.id, intake.robot, detail) for event in intake.batch.events]
            return
        intake.items = check_events(intake.batch.events, intake.received, intake.visit, namespace=intake.site.namespace)
        rejected = [(place, item) for place, item in enumerate(intake.items) if isinstance(item, Rejected)]
        if rejected:
            raw = raw_events(intake.delivery.body)
            for place, item in rejected:
                item.raw = raw[place]


def describe(visit: Visit, batch: Envelope) -> None:
    """Adds to a visit what its batch tells."""
    if batch.visitor_id is not None:
        visit.visitor = batch.visitor_id.bytes
        visit.is_consented = True
    visit.screen_resolution = _cut(batch.screen_resolution, _LONGEST_WORD)
    visit.viewport_width = round(batch.viewport_width or 0)
    visit.viewport_height = round(batch.viewport_height or 0)
    visit.language = _cut(batch.language, _LONGEST_WORD)
    visit.referrer = _without_query(batch.referrer)


def claim_of(delivery: Delivery) -> tuple[UUID, str] | None:
    """Restaurant and key as told beside the body, or by as much of the body as can be read."""
    restaurant = parse_id(delivery.restaurant)
    if restaurant is not None and delivery.key:
        return restaurant, delivery.key
    with suppress(msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        told = msgspec.json.decode(delivery.body, type=_Claim)
        return told.restaurant_id, told.key
    return None


class _Claim(msgspec.Struct):
    restaurant_id: UUID
    key: str


def _cut(text: str | None, longest: int) -> str | None:
    return None if text is None else text[:longest]


def _without_query(address: str | None) -> str | None:
    """An address as far as its path: what follows may be personal."""
    if not address:
        return None
    return address.partition("#")[0].partition("?")[0][:_LONGEST_REFERRER]
