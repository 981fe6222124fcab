"""Progress on the terminal: one line that is written over; where nobody watches, a line per step."""

from __future__ import annotations

import sys
import time

import typer

_EVERY_SECONDS = 0.1
_WIDTH = 78


class ProgressLine:
    """Says how far a step is, how many rows that were, and how many a second."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._shown = 0.0
        self._step = ""
        self._watched = sys.stderr.isatty()

    def show(self, step: str, fraction: float, rows: int) -> None:
        """Shows `fraction` (0 to 1) of a step, and the rows of all steps so far."""
        now = time.monotonic()
        is_new = step != self._step
        self._step = step
        if self._watched and (is_new or fraction >= 1 or now - self._shown >= _EVERY_SECONDS):
            self._shown = now
            rate = rows / max(now - self._began, 0.001)
            text = f"{step:<30.30} {fraction:>5.0%} {rows:>13,} rows {rate:>11,.0f} rows/s"
            typer.echo(f"\r{text:<{_WIDTH}}", err=True, nl=fraction >= 1)
        elif not self._watched and fraction >= 1:
            typer.echo(f"{step}: {rows:,} rows", err=True)
