"""Wires the house together: settings in, an ASGI application out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from flow.access import api as access_api
from flow.access import jobs as access_jobs
from flow.access import pages as access_pages
from flow.access import security as access_security
from flow.access.keys import pages as keys_pages
from flow.access.keys.check import KeysAndTokens
from flow.access.people import accepting
from flow.access.people import pages as people_pages
from flow.access.person import lead_to_step_up
from flow.access.renewal import Renewal
from flow.access.resets import pages as reset_pages
from flow.access.roles.sight import pages as sight_pages
from flow.access.roles.support import api as support_api
from flow.access.roles.support import jobs as support_jobs
from flow.access.roles.support import pages as support_pages
from flow.access.second_factor.errors import StepUpRequired
from flow.analytics.health import jobs as health_jobs
from flow.analytics.rollups import jobs as rollup_jobs
from flow.business.menu import api as menu_api
from flow.business.orders import api as orders_api
from flow.business.orders.placing import placing_routes
from flow.business.own import api as own_api
from flow.business.restaurants.profile import pages as profile_pages
from flow.business.restaurants.website import pages as website_pages
from flow.business.shop import pages as shop_pages
from flow.collect.consents import api as visitor_consents_api
from flow.collect.events import jobs as event_jobs
from flow.collect.events.document import add_batch_operation
from flow.collect.events.endpoint import BatchEndpoint
from flow.collect.events.identity import RequestVisitors
from flow.collect.events.service import Ingest
from flow.collect.integrations.calling import Calls
from flow.collect.integrations.carrying import carrying
from flow.collect.messages import jobs as message_jobs
from flow.collect.payments import jobs as payment_jobs
from flow.collect.payments import pages as payment_pages
from flow.collect.providers import PROVIDERS, SYSTEMS, with_entry
from flow.collect.providers.economic import reconciling as economic_jobs
from flow.collect.providers.following import following
from flow.collect.providers.inmobile import jobs as inmobile_jobs
from flow.collect.providers.inmobile.gateway import gateway
from flow.collect.providers.wolt import reconciling as wolt_jobs
from flow.collect.quality import api as quality_api
from flow.collect.tracker import api as tracker_api
from flow.collect.webhooks.address import PREFIX as WEBHOOKS
from flow.collect.webhooks.endpoint import WebhookEndpoint
from flow.collect.webhooks.receiving import Receiving
from flow.collect.webhooks.working import working
from flow.conversations.entry import enter
from flow.database.installation import installation
from flow.database.pool import Database
from flow.delivery.connections import api as connections_api
from flow.delivery.conversations import keywords as keyword_pages
from flow.delivery.conversations import pages as conversation_pages
from flow.delivery.dashboards import api as dashboards_api
from flow.delivery.integrations import authorising as integration_consents
from flow.delivery.integrations import jobs as integration_jobs
from flow.delivery.integrations import pages as integration_pages
from flow.delivery.notices import pages as notice_pages
from flow.delivery.payments import pages as difference_pages
from flow.delivery.quality import api as quality_pages
from flow.delivery.realtime.hub import LiveHub
from flow.delivery.rows import api as rows_api
from flow.delivery.rows import elsewhere, order_page
from flow.delivery.webhooks import api as webhook_api
from flow.delivery.webhooks import pages as webhook_pages
from flow.delivery.webhooks.sending import sending
from flow.jobs.types import Job, Loop
from flow.kit.clock import Clock, SystemClock
from flow.operations.health import api as health
from flow.operations.mail import jobs as mail_jobs
from flow.privacy.audit import jobs as audit_jobs
from flow.privacy.audit import pages as audit_pages
from flow.privacy.catalogue import pages as data_pages
from flow.privacy.consents import api as consents_api
from flow.privacy.consents import jobs as consent_jobs
from flow.privacy.consents import pages as consent_pages
from flow.privacy.retention import jobs as retention_jobs
from flow.privacy.retention import pages as retention_pages
from flow.privacy.rights import jobs as rights_jobs
from flow.privacy.rights import pages as rights_pages
from flow.settings import Settings
from flow.web import preferences
from flow.web.assets import asset_routes
from flow.web.authentication import token_check
from flow.web.body_limit import BodyLimit
from flow.web.cors import OpenToPages
from flow.web.csrf import OwnPagesOnly
from flow.web.errors import ERROR_RESPONSES, install_error_handlers, unexpected
from flow.web.frame import Frame
from flow.web.hosts import KnownHosts
from flow.web.issuer import Issuer
from flow.web.pages import own_assets, own_templates
from flow.web.services import Services
from flow.web.streams import OpenStreams, StreamWatch

_ROUTERS = (
    health.router,
    access_api.router,
    access_pages.router,
    access_security.router,
    keys_pages.router,
    people_pages.router,
    support_api.router,
    support_pages.router,
    sight_pages.router,
    accepting.router,
    reset_pages.router,
    preferences.router,
    consents_api.router,
    consent_pages.router,
    visitor_consents_api.router,
    profile_pages.router,
    website_pages.router,
    menu_api.router,
    placing_routes(RequestVisitors()),
    orders_api.router,
    own_api.router,
    shop_pages.router,
    payment_pages.router,
    tracker_api.router,
    quality_api.router,
    dashboards_api.router,
    rows_api.router,
    order_page.router,
    elsewhere.router,
    quality_pages.router,
    connections_api.router,
    notice_pages.router,
    keyword_pages.router,
    conversation_pages.router,
    rights_pages.router,
    audit_pages.router,
    data_pages.router,
    retention_pages.router,
    integration_consents.router,
    integration_pages.router,
    difference_pages.router,
    webhook_pages.router,
    webhook_api.router,
)
_JOBS: tuple[Job, ...] = (
    *access_jobs.JOBS,
    *support_jobs.JOBS,
    *rollup_jobs.JOBS,
    *health_jobs.JOBS,
    *event_jobs.JOBS,
    *inmobile_jobs.JOBS,
    *message_jobs.JOBS,
    *mail_jobs.JOBS,
    *audit_jobs.JOBS,
    *consent_jobs.jobs(gateway),
    *retention_jobs.JOBS,
    *rights_jobs.JOBS,
    *integration_jobs.JOBS,
    *payment_jobs.JOBS,
    *wolt_jobs.JOBS,
    *economic_jobs.JOBS,
)
_LOOPS: tuple[Loop, ...] = (working(with_entry(PROVIDERS, enter)), following(), carrying(SYSTEMS), sending())
_SMALLEST_COMPRESSED_BYTES = 1_000
_FOR_PAGES = {  # of any origin, with a site key where they write
    "/api/menu": "GET",
    "/api/quotes": "POST",
    "/api/orders": "POST",
    "/api/consents/banner": "GET",
    "/api/consents/analytics": "POST",
}
_NO_TELEMETRY = TelemetryConfig(tracing=False, metrics=False, logs=False, operation_spans=False)


class Application(FastAPI):
    """FastAPI, with a few addresses answered before it: those where every microsecond counts."""

    direct: dict[str, ASGIApp]
    incoming: WebhookEndpoint
    streams: OpenStreams

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        endpoint = self._before(scope["path"]) if scope["type"] == "http" else None
        await (endpoint or super().__call__)(scope, receive, send)

    def _before(self, path: str) -> ASGIApp | None:
        return self.incoming if path.startswith(WEBHOOKS) else self.direct.get(path)

    def openapi(self) -> dict[str, Any]:
        """The API's documentation, made when it is first asked for."""
        if self.openapi_schema is None:
            add_batch_operation(super().openapi())
        return super().openapi()


def create_app(settings: Settings, *, clock: Clock | None = None) -> Application:
    """The web application; it opens its database pools when the server starts it."""
    streams = OpenStreams()
    batches = BatchEndpoint(settings)
    webhooks = WebhookEndpoint(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with _services(settings, clock or SystemClock()) as services:
            app.state.flow = services
            async with (
                _ingest(services) as batches.ingest,
                _receiving(services) as webhooks.receiving,
                Calls.open(services.database, services.secrets, services.clock, SYSTEMS) as app.state.calls,
                LiveHub(services.installation.listen_url).running() as app.state.live,
            ):
                app.state.ingest = batches.ingest
                yield

    app = Application(
        title="FLOW",
        version=version("flow-cdp"),
        openapi_url="/api/openapi.json",
        docs_url=None,  # they load scripts from elsewhere, which our pages never do
        redoc_url=None,
        lifespan=lifespan,
        telemetry=_NO_TELEMETRY,
    )
    app.direct = {"/api/events/batch": batches}
    app.incoming = webhooks
    app.streams = streams
    install_error_handlers(app)
    app.add_exception_handler(StepUpRequired, lead_to_step_up)
    _add_middleware(app, streams, settings)
    app.router.routes.extend(_routes().routes)
    return app


def all_jobs() -> tuple[Job, ...]:
    """The jobs of every module, for the worker."""
    return _JOBS


def all_loops() -> tuple[Loop, ...]:
    """What the worker does beside its jobs."""
    return _LOOPS


@cache
def _routes() -> APIRouter:
    """Every route of the application. FastAPI works out each when it is first asked for: once for a whole process."""
    together = APIRouter(responses=ERROR_RESPONSES)
    for router in (*_ROUTERS, asset_routes(own_assets())):
        together.include_router(router)
    return together


def _add_middleware(app: FastAPI, streams: OpenStreams, settings: Settings) -> None:
    # The last one added is the outermost.
    app.add_middleware(StreamWatch, streams=streams)
    app.add_middleware(Renewal)
    app.add_middleware(OpenToPages, routes=_FOR_PAGES)
    app.add_middleware(GZipMiddleware, minimum_size=_SMALLEST_COMPRESSED_BYTES, compresslevel=5)
    app.add_middleware(BodyLimit)
    app.add_middleware(OwnPagesOnly, routes=_FOR_PAGES)
    app.add_middleware(KnownHosts, names=settings.host_names)
    app.add_middleware(Frame, on_error=unexpected, https=settings.is_https)


@asynccontextmanager
async def _ingest(services: Services) -> AsyncIterator[Ingest]:
    ingest = Ingest(services.settings, services.database, clock=services.clock)
    ingest.start()
    try:
        yield ingest
    finally:
        await ingest.stop()


@asynccontextmanager
async def _receiving(services: Services) -> AsyncIterator[Receiving]:
    receiving = Receiving(services.database, services.installation, services.clock, PROVIDERS)
    receiving.start()
    try:
        yield receiving
    finally:
        await receiving.stop()


@asynccontextmanager
async def _services(settings: Settings, clock: Clock) -> AsyncIterator[Services]:
    place = installation(settings)
    issuer = Issuer(f"{settings.base_url}/auth/v1", place.secret)
    async with Database(
        api_url=place.api_url,
        worker_url=place.worker_url,
        api_connections=settings.web_connections,
        statement_timeout_ms=settings.statement_timeout_ms,
    ) as database:
        yield Services(
            settings=settings,
            clock=clock,
            installation=place,
            database=database,
            tokens=KeysAndTokens(token_check(settings, issuer), database, clock),
            issuer=issuer,
            secrets=place.secret_box,
            templates=own_templates(),
        )
