"""The measurement: a scripted visit of 200 actions with the network cut twice, sent to FLOW itself.

Every event is in public.events, exactly once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from playwright.async_api import BrowserContext, Page

from flow.database.installation import Installation
from tests.browser.tracker.cable import Cable
from tests.browser.tracker.collector import Collector
from tests.browser.tracker.conftest import flushed, until
from tests.browser.tracker.visitor import SHOP, Visitor
from tests.business.menus import make_site_key
from tests.connections import kept_connection
from tests.factories import make_restaurant
from tests.serving import Server, running_server


@pytest.fixture
def flow(installation: Installation, tmp_path: Path) -> Iterator[Server]:
    """FLOW's web process; the browser of tests is headless."""
    with running_server(installation, tmp_path, FLOW_ALLOW_HEADLESS="true") as running:
        yield running


@dataclass(frozen=True)
class Napoli:
    """A restaurant whose pages lie on a server of its own, and whose visitors' events go to FLOW over a cable."""

    flow: Server
    restaurant: UUID
    cable: Cable
    shop: str

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with kept_connection(self.flow.installation.owner_url) as connection:
            return connection.execute(sql.encode(), {"restaurant": self.restaurant}).fetchall()

    def names(self) -> Counter[str]:
        """The stored events: how many there are of each name."""
        sql = "select event_name, count(*) from public.events where restaurant_id = %(restaurant)s group by 1"
        return Counter(dict(self.rows(sql)))

    def doubles(self) -> list[tuple[Any, ...]]:
        """Events that are stored more than once."""
        return self.rows(
            "select id from public.events where restaurant_id = %(restaurant)s group by 1 having count(*) > 1"
        )

    def gaps(self) -> list[tuple[Any, ...]]:
        """Page views whose sequence numbers are not 1, 2, 3 … without a hole."""
        return self.rows(
            "select page_view_id from public.events where restaurant_id = %(restaurant)s group by 1 "
            "having count(*) <> max(seq) or count(distinct seq) <> max(seq) or min(seq) <> 1"
        )

    def refused(self) -> list[tuple[Any, ...]]:
        """What lies in quarantine, or was taken for a robot's."""
        return self.rows(
            "select reason from public.rejected_events where restaurant_id = %(restaurant)s "
            "union all select reason from public.dropped_events where restaurant_id = %(restaurant)s"
        )

    def visitors(self) -> list[tuple[Any, ...]]:
        """Each visitor of the sessions, and whether with consent."""
        return self.rows(
            "select distinct visitor_id, is_consented from public.sessions where restaurant_id = %(restaurant)s"
        )


@pytest.fixture
def napoli(flow: Server, collector: Collector) -> Iterator[Napoli]:
    """A shop of the test's own. The collector serves its pages and gets no events."""
    url = flow.installation.owner_url
    restaurant = make_restaurant(url, "Napoli")
    key = make_site_key(url, restaurant, origins=(collector.origin,))
    cable = Cable(urlsplit(flow.url).port or 0)
    tag = (
        f'<script src="{flow.url}/flow.js" data-restaurant="{restaurant}" data-key="{key}" '
        f'data-endpoint="{cable.origin}/api/events/batch"></script>'
    )
    for path in ("/", "/menu", "/cart"):
        collector.plain_page(path, tag + SHOP)
    yield Napoli(flow, restaurant, cable, collector.origin + "/")
    cable.stop()
    assert [] == collector.attempts


async def test_without_consent_every_event_of_200_actions_on_one_page_load_is_captured(
    page: Page, context: BrowserContext, napoli: Napoli
) -> None:
    visitor = Visitor(page)
    await visitor.opens(napoli.shop)
    await visitor.acts(5)
    await context.set_offline(True)
    await visitor.acts(5)
    await context.set_offline(False)
    await visitor.acts(5)
    napoli.cable.fate = "cut"
    await visitor.acts(5)
    napoli.cable.fate = "answer cut"
    await until(lambda: napoli.cable.lost_answers)
    napoli.cable.fate = "whole"
    await visitor.acts(5)
    await flushed(page)
    assert 200 == visitor.actions
    assert visitor.expected == napoli.names()
    assert ([], [], []) == (napoli.doubles(), napoli.gaps(), napoli.refused())
    assert [False] == [is_consented for _, is_consented in napoli.visitors()]
    assert {} == await page.evaluate("({ ...localStorage })")


async def test_with_consent_every_event_of_200_actions_is_captured_across_reloads_and_a_closed_tab(
    page: Page, context: BrowserContext, napoli: Napoli
) -> None:
    visitor = Visitor(page)
    await visitor.opens(napoli.shop)
    await page.evaluate("flow.consent('analytics')")
    await visitor.acts(5)
    napoli.cable.fate = "cut"
    await visitor.acts(5)
    await visitor.reloads()
    await visitor.acts(3)
    napoli.cable.fate = "whole"
    await visitor.acts(3)
    napoli.cable.fate = "cut"
    await visitor.reloads()
    await visitor.acts(4)
    await visitor.closes()
    napoli.cable.fate = "answer cut"
    visitor.page = await context.new_page()
    await visitor.opens(napoli.shop)
    await until(lambda: napoli.cable.lost_answers)
    napoli.cable.fate = "whole"
    await visitor.acts(5)
    await flushed(visitor.page)
    assert 200 == visitor.actions
    assert visitor.expected == napoli.names()
    assert ([], [], []) == (napoli.doubles(), napoli.gaps(), napoli.refused())
    stored = await visitor.page.evaluate("({ ...localStorage })")
    assert [f"flow.{napoli.restaurant}.visitor"] == list(stored)
    assert [True] == [is_consented for _, is_consented in napoli.visitors()]
