"""A user with a second factor, as an app on a phone has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pyotp

from flow.access.second_factor import service
from flow.kit.clock import FixedClock
from flow.web.services import Services

STEP_SECONDS = 30


@dataclass(frozen=True)
class Phone:
    """An app that knows the secret."""

    secret: str

    def code(self, at: datetime, *, steps: int = 0) -> str:
        """The code that it shows, `steps` half minutes later."""
        return pyotp.TOTP(self.secret).at(int(at.timestamp()) + STEP_SECONDS * steps)


async def set_up(services: Services, user: UUID, clock: FixedClock) -> tuple[Phone, list[str]]:
    """Turns the second factor on; the phone, and the recovery codes. The code of this half minute is used up by it."""
    await service.propose(services, user)
    phone = Phone((await service.proposed(services, user, email="anna@napoli.example")).secret)
    return phone, await service.enable(services, user, phone.code(clock.now()))
