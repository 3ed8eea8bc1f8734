"""Draws the rooms of the house and their imports, as they are, into ``images/architecture.svg``: ``python -m docs.picture``."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from itertools import chain
from pathlib import Path
from typing import Final

import grimp

PICTURE: Final = Path(__file__).parent / "images" / "architecture.svg"
WIDTH, ROW, HEIGHT = 1000, 100, 56
TOP, EDGE = 56, 24

Arrow = tuple[str, str]
"""Who imports, and who is imported."""


@dataclass(frozen=True, slots=True)
class Room:
    """A package, and where it is drawn.

    row          from the top
    left, right  in the picture's units
    """

    name: str
    does: str
    row: int
    left: int
    right: int

    @property
    def top(self) -> int:
        """Where it begins."""
        return TOP + self.row * ROW

    @property
    def middle(self) -> float:
        """Its centre, from the left."""
        return (self.left + self.right) / 2


ROOMS: Final = {
    room.name: room
    for room in (
        Room("assembly", "introduces them to each other; nobody imports it", 0, 24, 976),
        Room("manifest", "describes the app", 1, 24, 196),
        Room("reminders", "deliver on time", 1, 219, 391),
        Room("bot", "delivers in chat", 1, 414, 586),
        Room("pages", "deliver in a browser", 1, 609, 781),
        Room("backends", "connect", 1, 804, 976),
        Room("cards", "speak: Adaptive Cards", 2, 24, 500),
        Room("words", "say it in a reader's language", 3, 24, 535),
        Room("auth", "identifies people", 3, 555, 781),
        Room("billing", "decides; knows Python and nothing else", 4, 24, 976),
        Room("sandbox", "stands in for Microsoft and Work 365; knows nobody, and nobody knows it", 5, 24, 976),
    )
}

STYLE: Final = """
  svg { --paper: #ffffff; --room: #f3f2fb; --line: #5b5fc7; --ink: #242424; --faint: #555555 }
  @media (prefers-color-scheme: dark) { svg { --paper: #1b1a1f; --room: #2a2937; --line: #9a9df0; --ink: #f2f2f2; --faint: #c4c4cc } }
  text { font: 13px system-ui, sans-serif; fill: var(--faint); text-anchor: middle }
  .name { font-size: 15px; font-weight: 600; fill: var(--ink) }
  rect { fill: var(--room); stroke: var(--line) }
  .alone { stroke-dasharray: 5 4 }
  path { fill: none; stroke: var(--line); stroke-width: 1.5 }
  marker path { fill: var(--line); stroke: none }
"""

TIP: Final = """<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">
  <path d="M0 0 8 4 0 8z"/></marker></defs>"""


def imports() -> frozenset[Arrow]:
    """Return which package imports which, read from the code."""
    graph = grimp.build_graph(*ROOMS, cache_dir=None)
    between = ((importer, imported) for importer in graph.modules for imported in graph.find_modules_directly_imported_by(importer))
    packages = ((importer.partition(".")[0], imported.partition(".")[0]) for importer, imported in between)
    return frozenset((importer, imported) for importer, imported in packages if importer != imported)


def reduced(arrows: frozenset[Arrow]) -> list[Arrow]:
    """Leave out the arrows that follow from two or more others."""
    return sorted(arrow for arrow in arrows if not _leads(arrows - {arrow}, *arrow))


def _leads(arrows: frozenset[Arrow], start: str, end: str) -> bool:
    after = {imported for importer, imported in arrows if importer == start}
    return end in after or any(_leads(arrows, each, end) for each in after)


def drawn(arrows: Iterable[Arrow]) -> str:
    """Return the picture."""
    arrows = list(arrows)
    height = max(room.top for room in ROOMS.values()) + HEIGHT + 24
    joined = set(chain.from_iterable(arrows))
    said = "; ".join(f"{importer} imports {imported}" for importer, imported in arrows)
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
            f"<title>The packages and their imports</title><desc>{said}</desc><style>{STYLE}</style>",
            TIP,
            f'<rect width="{WIDTH}" height="{height}" style="fill: var(--paper); stroke: none"/>',
            f'<text x="{WIDTH / 2}" y="32">An arrow: imports. What follows from two arrows is not drawn.</text>',
            *(_line(ROOMS[importer], ROOMS[imported]) for importer, imported in arrows),
            *(_box(room, is_alone=room.name not in joined) for room in ROOMS.values()),
            "</svg>\n",
        )
    )


def _box(room: Room, *, is_alone: bool) -> str:
    mark = ' class="alone"' if is_alone else ""
    frame = f'<rect{mark} x="{room.left}" y="{room.top}" width="{room.right - room.left}" height="{HEIGHT}" rx="6"/>'
    name = f'<text class="name" x="{room.middle:g}" y="{room.top + 23}">{escape(room.name)}</text>'
    return f'{frame}{name}<text x="{room.middle:g}" y="{room.top + 43}">{escape(room.does)}</text>'


def _line(importer: Room, imported: Room) -> str:
    """Return a line straight down where one room stands over the other, and a bend to the near edges elsewhere."""
    start = end = (max(importer.left, imported.left) + min(importer.right, imported.right)) / 2
    if importer.left > imported.right:
        start, end = importer.left + EDGE, imported.right - EDGE
    top, bottom = importer.top + HEIGHT, imported.top
    half = (top + bottom) / 2
    return f'<path marker-end="url(#tip)" d="M{start:g} {top}C{start:g} {half:g} {end:g} {half:g} {end:g} {bottom}"/>'


def main() -> int:
    """Draw it."""
    PICTURE.write_text(drawn(reduced(imports())), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
