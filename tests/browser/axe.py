"""What axe-core finds to mend on a page, within web components too."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page

_COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that another colour scheme can break; the others see the same page in light and dark."""


async def faults(page: Page, *, within: str = "html", rules: list[str] | None = None) -> list[str]:
    """The faults of a part of the page as it is shown, by all rules or some: a line each."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE_SCRIPT)
    options = {"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {})
    found = await page.evaluate("([within, options]) => axe.run(within, options)", [within, options])
    return [
        f"{fault['id']} ({fault['impact']}): {node['target']} {node['html'][:120]}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


async def faults_in_light_and_dark(page: Page, *, within: str = "html") -> list[str]:
    """The faults in both; the page stays dark."""
    found = []
    for scheme, rules in (("light", None), ("dark", _COLOURS)):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour on its way to another
        found += [f"{scheme}: {fault}" for fault in await faults(page, within=within, rules=rules)]
    return found
