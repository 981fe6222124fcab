"""Every page keeps to the content policy: Chromium reports no violation on any of them."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import BrowserContext, Page

from flow.web.headers import CONTENT_SECURITY_POLICY
from tests.browser.dashboard.conftest import House
from tests.routes import application, routes_of

WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.effectiveDirective} ${event.blockedURI || event.sample} ${event.sourceFile || ""}`));
"""
LEAST_PAGES = 15


APPEND = "([name, given]) => document.head.append(Object.assign(document.createElement(name), given))"
STREAM = "/dashboard/live"


def _paths(house: House, home: Path) -> list[str]:
    """Every GET route without an id in it, and some with."""
    plain = [
        route.path
        for route in routes_of(application(home))
        if route.method == "GET"
        and "{" not in route.path
        and not route.path.startswith(("/api/", "/auth/", "/flow", STREAM))
    ]
    napoli = house.napoli.restaurant
    return [*plain, "/shop/napoli", f"/orders/{house.order()}?restaurant={napoli}", "/nowhere", "/dashboard?period=12m"]


async def _visit(page: Page, path: str) -> tuple[str, list[str]] | None:
    """The policy of a page and its violations; None for what is no page."""
    answer = await page.request.get(path, headers={"accept": "text/html"}, max_redirects=0)
    if "text/html" not in answer.headers.get("content-type", ""):
        return None
    await page.goto(path)
    await page.wait_for_load_state("load")
    await page.wait_for_timeout(150)
    return answer.headers["content-security-policy"], await page.evaluate("window.violations")


async def test_no_page_violates_the_policy(visitor: BrowserContext, overseer: House, tmp_path: Path) -> None:
    await visitor.add_init_script(WATCH)
    page = await visitor.new_page()
    refusals: list[str] = []
    page.on("console", lambda said: refusals.append(said.text) if "Content Security Policy" in said.text else None)
    seen = {path: found for path in _paths(overseer, tmp_path) if (found := await _visit(page, path)) is not None}

    assert {} == {path: violations for path, (_, violations) in seen.items() if violations}
    assert [] == refusals
    assert {CONTENT_SECURITY_POLICY} == {policy for policy, _ in seen.values()}
    assert len(seen) >= LEAST_PAGES, sorted(seen)


async def test_what_would_violate_it_is_blocked_and_reported(visitor: BrowserContext, overseer: House) -> None:
    await visitor.add_init_script(WATCH)
    page = await visitor.new_page()
    await page.goto("/dashboard")
    for element, attributes in (
        ("script", {"textContent": "window.ran = 'inline'"}),
        ("script", {"src": "http://localhost:9/evil.js"}),
        ("style", {"textContent": "body { color: red }"}),
        ("img", {"src": "http://localhost:9/pixel.png"}),
        ("iframe", {"src": "http://localhost:9/"}),
        ("base", {"href": "http://localhost:9/"}),
    ):
        await page.evaluate(APPEND, [element, attributes])
    await page.wait_for_timeout(200)
    blocked = {violation.split(" ")[0] for violation in await page.evaluate("window.violations")}

    assert {"script-src-elem", "style-src-elem", "img-src", "frame-src", "base-uri"} == blocked
    assert await page.evaluate("window.ran === undefined")
