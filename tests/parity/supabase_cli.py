"""Supabase's command-line program, on a database of ours: without its platform, containers or telemetry."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict

_SILENT = {"DO_NOT_TRACK": "1", "SUPABASE_TELEMETRY_DISABLED": "1"}


@dataclass(frozen=True)
class Cli:
    """The program and the project's folder that it works in."""

    program: str
    folder: Path

    def push(self, url: str) -> None:
        """Applies the migrations that the database lacks, as a customer of Supabase does."""
        self._run("db", "push", f"--remote={_address(url)}", "--yes")

    def findings(self, url: str) -> list[dict[str, Any]]:
        """All that its advisors say of the database, down to mere hints."""
        answer = self._run("db", "advisors", f"--remote={_address(url)}", "--level", "info", "--fail-on", "none")
        found: list[dict[str, Any]] = json.loads(answer) if answer.strip().startswith("[") else []
        return found

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            [self.program, *arguments, "--agent", "no", "--workdir", str(self.folder)],
            env={**os.environ, **_SILENT},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert 0 == done.returncode, done.stdout + done.stderr
        return done.stdout


def _address(url: str) -> str:
    """A connection string as the address that the program wants."""
    parts = conninfo_to_dict(url)
    password = quote(str(parts.get("password") or "none"))
    return f"postgresql://{parts['user']}:{password}@{parts['host']}:{parts['port']}/{parts['dbname']}?sslmode=disable"
