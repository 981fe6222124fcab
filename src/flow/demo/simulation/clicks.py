"""What visitors click on, and where it is on their screens."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from random import Random

import msgspec

from flow.demo.simulation.chance import Choice
from flow.demo.simulation.origins import Device
from flow.demo.simulation.profiles import PageName

__all__ = ["Click", "Clicks"]


class Element(msgspec.Struct, frozen=True):
    """Something that can be clicked; `x` is a share of the width, `y` in pixels of the page."""

    id: str
    tag: str
    text: str
    x: float
    y: int
    weight: float
    css: str = msgspec.field(name="class")

    @property
    def data(self) -> str:
        """event_data."""
        return f'{{"element_tag": "{self.tag}", "element_selector": "#{self.id}"}}'

    @property
    def cells(self) -> str:
        """element_id, element_class and element_text."""
        return f"{self.id}\t{self.css}\t{self.text}"


@dataclass(frozen=True, slots=True, order=True)
class Click:
    """A click, as cells of COPY: `position` is of the viewport and the page, `heat` is the heatmap's part."""

    data: str
    cells: str
    position: str
    heat: str


class Clicks:
    """Draws clicks, which scatter around the middle of what is clicked."""

    def __init__(self, random: Random) -> None:
        read = resources.files(__package__).joinpath("elements.toml").read_bytes()
        pages = msgspec.toml.decode(read, type=dict[PageName, list[Element]])
        self._elements = {
            page: Choice((element, element.weight) for element in elements) for page, elements in pages.items()
        }
        self._random = random

    def on(self, page: PageName, device: Device) -> Click:
        """One click."""
        element, scatter = self._elements[page].draw(self._random), self._random.gauss
        width, height = device.viewport
        x = min(max(int(element.x * width + scatter(0.0, 18.0)), 0), width - 1)
        y = max(int(element.y + scatter(0.0, 9.0)), 0)
        seen_y = min(y, int(height * (0.3 + 0.4 * self._random.random())))  # a page is scrolled to what is clicked
        return Click(
            data=element.data,
            cells=element.cells,
            position=f"{x}\t{seen_y}\t{x}\t{y}",
            heat=f"{x / width:.4f}\t{seen_y / height:.4f}\t{x}\t{y}\tclick\t#{element.id}",
        )
