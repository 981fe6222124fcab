"""Alive and ready are two questions: a database that is away makes the second one no, and not the first."""

from __future__ import annotations

from pathlib import Path

from flow.database.installation import Installation
from tests.serving import running_app


async def test_with_a_database_the_process_is_alive_and_ready(installation: Installation, tmp_path: Path) -> None:
    async with running_app(installation, tmp_path) as app, app.client() as http:
        live, ready = await http.get("/api/health/live"), await http.get("/api/health/ready")

    assert ("alive", "ready") == (live.json()["status"], ready.json()["status"])
    assert ready.json()["database_ms"] > 0


async def test_without_one_it_is_alive_and_says_when_to_ask_again(installation: Installation, tmp_path: Path) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/nowhere"
    away = {"api_database_url": nowhere, "worker_database_url": nowhere}
    async with running_app(installation, tmp_path, **away) as app, app.client() as http:
        live, ready = await http.get("/api/health/live"), await http.get("/api/health/ready")

    assert ("alive", 503, "2") == (live.json()["status"], ready.status_code, ready.headers["retry-after"])
