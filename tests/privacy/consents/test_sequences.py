"""Any sequence of answers gives the state of the last one, restaurant by restaurant; SQL and Python say the same."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flow.database.embedded import EmbeddedServer
from flow.database.installation import Installation
from flow.database.pool import Database
from flow.privacy.consents.types import Channel
from tests.conftest import new_database
from tests.factories import make_restaurant
from tests.privacy.consents.conftest import Desk

Answer = tuple[int, Channel, str]
_CHANNELS: tuple[Channel, ...] = ("sms", "phone")
channels: st.SearchStrategy[Channel] = st.sampled_from(_CHANNELS)
answers = st.lists(
    st.tuples(st.sampled_from([0, 1]), channels, st.sampled_from(["yes", "typed", "no", "confirm", "all off"])),
    min_size=1,
    max_size=12,
)
phones = st.integers(min_value=20_000_000, max_value=99_999_999).map(lambda number: f"+45{number}")


@pytest.fixture(scope="module")
def house(postgres: EmbeddedServer) -> Iterator[tuple[Installation, UUID, UUID]]:
    for installation in new_database(postgres):
        url = installation.owner_url
        yield installation, make_restaurant(url, "Napoli"), make_restaurant(url, "Tivoli")


class Model:
    """What ought to be on: written from the rule, and not from the code."""

    def __init__(self) -> None:
        self.on: dict[tuple[int, Channel], bool] = {}
        self.waiting: dict[tuple[int, Channel], UUID] = {}

    def decide(self, key: tuple[int, Channel], *, on: bool) -> None:
        self.on[key] = on
        self.waiting.pop(key, None)


@given(answers=answers, phone=phones)
@settings(max_examples=40, deadline=None)
def test_the_last_decision_holds(house: tuple[Installation, UUID, UUID], answers: list[Answer], phone: str) -> None:
    installation, napoli, tivoli = house
    asyncio.run(_walk(installation, (napoli, tivoli), answers, phone))


async def _walk(installation: Installation, places: tuple[UUID, UUID], answers: list[Answer], phone: str) -> None:
    async with Database(api_url=installation.api_url, worker_url=installation.worker_url) as database:
        desk = Desk(installation, database, *places)
        await desk.withdraw_all(phone)  # hypothesis may come back to a number
        model = Model()
        for answer in answers:
            await _give(desk, places, answer, phone, model)
        found = {
            (place, channel): await desk.is_on(restaurant=places[place], contact=phone, channel=channel)
            for place in (0, 1)
            for channel in _CHANNELS
        }
        assert {key: model.on.get(key, False) for key in found} == found
        told = {
            (places.index(each.question.restaurant_id), each.question.channel): each.is_on
            for each in await desk.standing(phone)
            if each.question.restaurant_id
        }
        assert {key: found[key] for key in told} == told


async def _give(desk: Desk, places: tuple[UUID, UUID], answer: Answer, phone: str, model: Model) -> None:
    place, channel, what = answer
    key = (place, channel)
    if what == "confirm":
        if key in model.waiting:
            await desk.confirm(model.waiting[key])
            model.decide(key, on=True)
    elif what == "all off":
        await desk.withdraw_all(phone, places[place])
        for each in [each for each in {*model.on, *model.waiting} if each[0] == place]:
            model.decide(each, on=False)
    elif what == "typed":
        made, status = await desk.answer(
            True, restaurant=places[place], contact=phone, channel=channel, method="checkout"
        )
        if status == "pending":
            model.waiting[key] = made
    else:
        await desk.answer(what == "yes", restaurant=places[place], contact=phone, channel=channel)
        model.decide(key, on=what == "yes")
