"""`make supabase-check`: every test of parity, with nothing skipped; its last line is the figures.

python -m bench.supabase
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from tests.parity.test_permissions import WHOLE

_TESTS = ("tests/parity", "tests/database")


class Figures:
    """What the tests measured, added up or, where it is a word, agreed upon."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}
        self.skipped: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped:
            self.skipped.append(f"{report.nodeid}: {report.longrepr}")
        if report.when == "call" and report.passed:
            for name, value in report.user_properties:
                self._add(name, value)

    def _add(self, name: str, value: object) -> None:
        if isinstance(value, int):
            self.values[name] = value + int(str(self.values.get(name, 0)))
        else:
            self.values[name] = value

    def __str__(self) -> str:
        return " ".join(f"{name}={value}" for name, value in self.values.items())


def main() -> int:
    """Runs the tests; 0 when all passed and none was skipped."""
    figures = Figures()
    os.environ[WHOLE] = "yes"
    root = Path(__file__).parents[1]
    status = pytest.main(["-q", "-rs", "-n", "0", *(str(root / path) for path in _TESTS)], plugins=[figures])
    failed = int(status) or len(figures.skipped)
    for test in figures.skipped:
        print(f"not proved: {test}")
    print(f"supabase-check: {figures if not failed else 'failed'}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
