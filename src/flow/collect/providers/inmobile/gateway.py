"""SMS that are no part of a conversation and whose text is kept nowhere, such as links that prove who somebody is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from flow.collect.integrations.calling import Calls, calls_of
from flow.collect.integrations.errors import NotConnected
from flow.collect.providers.inmobile import PROVIDER
from flow.collect.providers.inmobile.calls import send_one
from flow.errors import FlowError
from flow.jobs.types import JobContext
from flow.privacy.consents.sms import SmsCarrier, sms_carrier_of

__all__ = ["gateway"]


@asynccontextmanager
async def gateway(context: JobContext) -> AsyncIterator[SmsCarrier]:
    """A carrier for the length of a job: a restaurant's InMobile, else the folder."""
    async with calls_of(context, (PROVIDER,)) as calls:
        yield _Gateway(calls, sms_carrier_of(context.settings))


class _Gateway:
    def __init__(self, calls: Calls, otherwise: SmsCarrier) -> None:
        self._calls = calls
        self._otherwise = otherwise

    async def carry(self, message_id: UUID, to: str, text: str, *, restaurant_id: UUID) -> None:
        """Its id is the message's at InMobile, which sends none twice."""
        try:
            connection = await self._calls.connect(restaurant_id, PROVIDER.name)
        except NotConnected:
            await self._otherwise.carry(message_id, to, text, restaurant_id=restaurant_id)
            return
        try:
            is_taken = await send_one(connection.caller, connection.integration, message_id, to=to, text=text)
        except FlowError as error:
            raise ConnectionError(error.code) from error
        if not is_taken:
            raise ConnectionError("refused")
