"""What axe-core finds to mend on a page, within web components too."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page

_RUN = "axe.run({ resultTypes: ['violations'] })"


async def faults(page: Page) -> list[str]:
    """The faults of the page as it is shown, a line each."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE_SCRIPT)
    found = (await page.evaluate(_RUN))["violations"]
    return [
        f"{fault['id']} ({fault['impact']}): {node['target']} {node['html'][:120]}"
        for fault in found
        for node in fault["nodes"]
    ]


async def faults_in_light_and_dark(page: Page) -> list[str]:
    """The faults of the page in both; it stays dark."""
    found = []
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour on its way to another
        found += [f"{scheme}: {fault}" for fault in await faults(page)]
    return found
