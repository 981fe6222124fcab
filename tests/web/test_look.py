"""What must hold for the look as a whole: contrast, one palette, a strict content security policy, small files."""

import gzip
import re
from pathlib import Path

import pytest

from flow.web import charts
from flow.web.pages import folders

SOURCE = Path(charts.__file__).parents[1]
STATIC = SOURCE / "web" / "static"
# They leave the house as a mail or a file, where no style sheet of ours is.
NOT_PAGES = {"mail.html", "certificate.html", "export.html"}
TEMPLATES = sorted(
    path
    for folder in folders("templates")
    for path in folder.rglob("*")
    if path.suffix in {".html", ".xml"} and path.name not in NOT_PAGES
)
COLOURS = {
    name: pair
    for name, *pair in re.findall(
        r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)",
        (STATIC / "tokens.css").read_text().partition("@media")[0],
    )
}
TEXT = 4.5  # WCAG 2.2, 1.4.3
GRAPHIC = 3.0  # WCAG 2.2, 1.4.11


@pytest.mark.parametrize(("scheme", "name"), [(0, "light"), (1, "dark")])
@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        *[(front, back, TEXT) for front in ("ink", "muted") for back in ("bg", "surface", "raised", "hover")],
        *[(front, "surface", TEXT) for front in ("accent", "good", "bad", "warn")],
        ("accent", "bg", TEXT),
        ("accent", "accent-soft", TEXT),
        ("on-accent", "accent", TEXT),
        ("ink", "accent-soft", TEXT),
        ("bad", "bad-soft", TEXT),
        ("warn", "warn-soft", TEXT),
        *[(front, "surface", GRAPHIC) for front in ("edge", "ghost-edge")],
        *[(f"kind-{place}", "surface", GRAPHIC) for place in range(1, 7)],
    ],
)
def test_everything_can_be_told_from_what_it_stands_on(
    scheme: int, name: str, front: str, back: str, least: float
) -> None:
    assert _contrast(COLOURS[front][scheme], COLOURS[back][scheme]) >= least, f"{front} on {back}, {name}"


def test_pictures_that_leave_the_page_have_the_colours_of_the_page() -> None:
    assert {name: COLOURS[name][0] for name in charts.LIGHT} == dict(charts.LIGHT)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_template_needs_nothing_inline_and_nothing_from_elsewhere(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)

    assert [] == re.findall(r"<style" if path.suffix == ".html" else r"(?!)", text)  # a picture brings its own
    assert [] == re.findall(r"\sstyle\s*=", text)
    assert [] == re.findall(r"\son[a-z]+\s*=", text)
    assert [] == re.findall(r"<script(?![^>]*\ssrc=)", text)
    assert [] == re.findall(r"(?:src|href|action)=[\"']?(?:https?:)?//", text)


@pytest.mark.parametrize(
    ("page", "most"), [("dashboard", 6_500), ("login", 4_500), ("shop", 5_500)], ids=["dashboard", "login", "shop"]
)
def test_the_styles_of_a_page_are_small_on_the_wire(page: str, most: int) -> None:
    styles = [(STATIC / f"{name}.css").read_bytes() for name in ("tokens", "base", page)]

    assert sum(len(gzip.compress(style)) for style in styles) <= most


def test_all_scripts_together_are_smaller_than_one_picture() -> None:
    assert sum(len(gzip.compress(path.read_bytes())) for path in STATIC.glob("*.js")) <= 14_000


def test_the_font_is_smaller_than_twenty_kilobytes() -> None:
    assert (STATIC / "fonts" / "inter.woff2").stat().st_size <= 20_000


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
