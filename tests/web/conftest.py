"""The application within the test, and a browser in front of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from flow.database.installation import Installation
from tests.serving import App, running_app


@pytest.fixture
async def app(installation: Installation, tmp_path: Path) -> AsyncIterator[App]:
    async with running_app(installation, tmp_path) as running:
        yield running


@pytest.fixture
async def http(app: App) -> AsyncIterator[httpx.AsyncClient]:
    async with app.client() as client:
        yield client
