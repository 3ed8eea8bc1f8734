"""Finding one's way in JSON that somebody else wrote."""

from collections.abc import Iterator
from typing import Any, cast

Json = dict[str, Any]
"""An object as it travels."""


def part(node: object, *path: str) -> Json:
    """Return the object below *node* that *path* leads to; an empty one where there is none."""
    for name in path:
        node = cast("Json", node).get(name) if isinstance(node, dict) else None
    return cast("Json", node) if isinstance(node, dict) else {}


def items(node: object) -> list[Json]:
    """Return the objects in a list; nothing where *node* is no list."""
    return [cast("Json", each) for each in cast("list[object]", node) if isinstance(each, dict)] if isinstance(node, list) else []


def objects(node: object) -> Iterator[Json]:
    """Yield every object in *node*, an outer one before those in it."""
    inner: list[object] = []
    if isinstance(node, dict):
        yield cast("Json", node)
        inner = list(cast("Json", node).values())
    elif isinstance(node, list):
        inner = cast("list[object]", node)
    for each in inner:
        yield from objects(each)
