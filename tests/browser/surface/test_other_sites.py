"""Pages of other sites, in real Chromium: they change, frame and read nothing; the tracker they may load."""

from __future__ import annotations

import pytest
from playwright.async_api import BrowserContext

from tests.browser.dashboard.conftest import House
from tests.browser.surface.conftest import ForeignSite

# By localhost Chromium sends no Lax cookie along; by 127.0.0.1 (the same site, another origin) it does.
HOSTS = ["localhost", "127.0.0.1"]


async def _is_logged_in(visitor: BrowserContext) -> bool:
    return "/login" not in (await visitor.request.get("/dashboard")).url


@pytest.mark.parametrize("host", HOSTS)
async def test_a_form_of_another_site_does_not_log_anybody_out(
    visitor: BrowserContext, overseer: House, foreign: ForeignSite, host: str
) -> None:
    foreign.pages["/"] = f'<form method="post" action="{overseer.server.url}/auth/logout"><button>Win!</button></form>'
    page = await visitor.new_page()
    await page.goto(foreign.address("/", host=host))
    async with page.expect_response("**/auth/logout") as answer:
        await page.get_by_role("button").click()

    assert 403 == (await answer.value).status
    assert await _is_logged_in(visitor)


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("mode", ["no-cors", "cors"])
async def test_a_script_of_another_site_changes_and_reads_nothing(
    visitor: BrowserContext, overseer: House, foreign: ForeignSite, host: str, mode: str
) -> None:
    foreign.pages["/"] = "<title>evil</title>"
    page = await visitor.new_page()
    await page.goto(foreign.address("/", host=host))
    fetched = await page.evaluate(
        """async ([url, mode]) => {
          const body = new URLSearchParams({ theme: "dark" });
          const options = { method: "POST", mode, credentials: "include", body };
          try {
            const answer = await fetch(`${url}/preferences`, options);
            return [answer.type, await answer.text()];
          } catch { return ["refused", ""]; }
        }""",
        [overseer.server.url, mode],
    )

    assert fetched in (["opaque", ""], ["refused", ""])
    assert {"flow_session"} == {cookie["name"] for cookie in await visitor.cookies(overseer.server.url)}


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("path", ["/dashboard", "/login", "/shop/napoli"])
async def test_no_page_can_be_framed(
    visitor: BrowserContext, overseer: House, foreign: ForeignSite, host: str, path: str
) -> None:
    foreign.pages["/"] = f'<iframe src="{overseer.server.url}{path}" style="opacity:0"></iframe>'
    page = await visitor.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    await page.goto(foreign.address("/", host=host))
    await page.wait_for_timeout(400)

    assert "chrome-error://chromewebdata/" == page.frames[1].url
    assert any("frame-ancestors" in text or "X-Frame-Options" in text for text in said)


async def test_another_site_opens_a_window_but_holds_no_handle_on_it(
    visitor: BrowserContext, overseer: House, foreign: ForeignSite
) -> None:
    foreign.pages["/"] = "<title>evil</title>"
    page = await visitor.new_page()
    await page.goto(foreign.address("/"))
    async with visitor.expect_page() as opened:
        await page.evaluate("(url) => { window.held = window.open(url); }", f"{overseer.server.url}/login")
    await (await opened.value).wait_for_load_state()

    assert await page.evaluate("window.held.closed")  # what COOP makes of it


@pytest.mark.parametrize("file", ["flow.js", "consent.js"])
async def test_the_tracker_runs_on_a_site_that_isolates_itself(
    visitor: BrowserContext, overseer: House, foreign: ForeignSite, file: str
) -> None:
    foreign.headers = {"cross-origin-embedder-policy": "require-corp", "cross-origin-opener-policy": "same-origin"}
    foreign.pages["/"] = f'<script src="{overseer.server.url}/{file}" onload="window.loaded = true"></script>'
    page = await visitor.new_page()
    await page.goto(foreign.address("/"))

    assert await page.evaluate("window.loaded === true && window.crossOriginIsolated")


async def test_another_sites_picture_or_script_tag_reads_no_page_and_no_answer(
    visitor: BrowserContext, overseer: House, foreign: ForeignSite
) -> None:
    url = overseer.server.url
    foreign.pages["/"] = f"""
      <script src="{url}/api/openapi.json" onerror="window.script = 'refused'" onload="window.script = 'read'"></script>
      <img src="{url}/static/favicon.svg" onerror="window.image = 'refused'" onload="window.image = 'read'">"""
    page = await visitor.new_page()
    await page.goto(foreign.address("/"))
    await page.wait_for_load_state("load")

    assert ["refused", "refused"] == await page.evaluate("[window.script, window.image]")
