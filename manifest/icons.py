"""Draws the app's two icons: a bill with a torn edge. ``python -m manifest.icons`` writes them beside this file."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import hypot
from pathlib import Path
from typing import Final

from manifest import png

HERE: Final = Path(__file__).parent
COLOR_SIZE: Final = 192
OUTLINE_SIZE: Final = 32
ACCENT: Final = "#4F52B2"

_VIOLET: Final = (0x4F, 0x52, 0xB2)
_VIOLET_SHADE: Final = (0x8A, 0x8C, 0xD6)
_WHITE: Final = (255, 255, 255)
_GREEN: Final = (0x13, 0x7A, 0x4B)
_SAMPLES: Final = 6
"""Points looked at in each pixel, along and across: edges come out smooth."""

Point = tuple[float, float]
Shape = Callable[[Point], bool]
Paint = tuple[Shape, tuple[int, int, int]]


def color() -> bytes:
    """Return the colour icon: the bill on violet, with a tick for what has been paid."""
    bill = torn((47.0, 32.0), (129.0, 156.0), teeth=4)
    paints: list[Paint] = [
        (lambda _: True, _VIOLET),
        (within(bill), _WHITE),
        (near([(63, 56), (97, 56)], 9), _VIOLET),
        (near([(63, 80), (113, 80)], 6), _VIOLET_SHADE),
        (near([(63, 99), (113, 99)], 6), _VIOLET_SHADE),
        (near([(63, 118), (88, 118)], 6), _VIOLET_SHADE),
        (near([(130, 132)], 60), _VIOLET),
        (near([(130, 132)], 48), _GREEN),
        (near([(119, 133), (127, 141), (142, 125)], 7), _WHITE),
    ]
    return _drawn(COLOR_SIZE, paints)


def outline() -> bytes:
    """Return the outline icon: white on nothing, edge to edge."""
    bill = torn((4.0, 1.0), (28.0, 31.0), teeth=3)
    paints: list[Paint] = [
        (near([*bill, bill[0]], 2), _WHITE),
        (near([(10, 9), (17, 9)], 2), _WHITE),
        (near([(10, 14), (22, 14)], 2), _WHITE),
        (near([(10, 19), (22, 19)], 2), _WHITE),
    ]
    return _drawn(OUTLINE_SIZE, paints)


def torn(corner: Point, opposite: Point, teeth: int) -> list[Point]:
    """Return a sheet between two corners, with a zigzag for its lower edge."""
    (left, top), (right, bottom) = corner, opposite
    half = (right - left) / (2 * teeth)
    edge = [(right - half * step, bottom if step % 2 == 0 else bottom - half) for step in range(2 * teeth + 1)]
    return [(left, top), (right, top), *edge]


def within(outline: Sequence[Point]) -> Shape:
    """Return the inside of a closed line."""
    sides = list(zip(outline, [*outline[1:], outline[0]], strict=True))

    def is_inside(point: Point) -> bool:
        x, y = point
        crossed = [(y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0 for (x0, y0), (x1, y1) in sides]
        return sum(crossed) % 2 == 1

    return is_inside


def near(line: Sequence[Point], width: float) -> Shape:
    """Return a stroke with round ends; a dot where *line* is one point."""
    pieces = list(pairwise(line)) or [(line[0], line[0])]
    return lambda point: any(_distance(point, *piece) <= width / 2 for piece in pieces)


def _distance(point: Point, start: Point, end: Point) -> float:
    (x, y), (x0, y0), (x1, y1) = point, start, end
    length = hypot(x1 - x0, y1 - y0)
    along = 0 if length == 0 else max(0, min(1, ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length**2))
    return hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0))


def _drawn(size: int, paints: Sequence[Paint]) -> bytes:
    return png.write([[_pixel((x, y), paints) for x in range(size)] for y in range(size)])


def _pixel(corner: Point, paints: Sequence[Paint]) -> png.Pixel:
    """Mix what the points of a pixel show; alpha says how many of them show anything. Where its corners agree, they do."""
    corners = _looked_at(corner, (0, 1), paints)
    points = corners if len(set(corners)) == 1 else _looked_at(corner, [(each + 0.5) / _SAMPLES for each in range(_SAMPLES)], paints)
    seen = [found for found in points if found is not None]
    if not seen:
        return (*_WHITE, 0)
    red, green, blue = (round(sum(channel) / len(seen)) for channel in zip(*seen, strict=True))
    return (red, green, blue, round(255 * len(seen) / len(points)))


def _looked_at(corner: Point, steps: Sequence[float], paints: Sequence[Paint]) -> list[tuple[int, int, int] | None]:
    return [_seen((corner[0] + across, corner[1] + down), paints) for across in steps for down in steps]


def _seen(point: Point, paints: Sequence[Paint]) -> tuple[int, int, int] | None:
    return next((paint for shape, paint in reversed(paints) if shape(point)), None)


if __name__ == "__main__":
    (HERE / "color.png").write_bytes(color())
    (HERE / "outline.png").write_bytes(outline())
