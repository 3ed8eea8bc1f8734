"""Reading a card the way a test wants to: its texts, its buttons, what they carry."""

from collections.abc import Iterator
from typing import Any, cast

from cards.kit import Card

HOSTILE = (
    "[Pay](https://evil.example) **x** _y_",
    "<script>alert(1)</script> <at>everyone</at>",
    "{{DATE(2026-11-23T00:00:00Z)}} ${amount} {0} {number}",
    'quote " backslash \\ newline \n tab \t end',
    "nul \x00 escape \x1b delete \x7f",
    "lone \ud800 and \udfff",
    "bidi \u202egnp.exe\u202c \u2066x\u2069 \u200b\ufeff",
    "- item\n# title\n1. one\n> quote `code`",
)
"""What others may have written into a name, a number or a description."""

Node = dict[str, Any]


def nodes(part: object) -> Iterator[Node]:
    """Yield every object within a card, fallbacks among them."""
    if isinstance(part, dict):
        node = cast("Node", part)
        yield node
        for each in node.values():
            yield from nodes(each)
    elif isinstance(part, list):
        for each in cast("list[object]", part):
            yield from nodes(each)


def of_type(card: Card, name: str) -> list[Node]:
    """Return the card's objects of one type."""
    return [node for node in nodes(card) if node.get("type") == name]


def labels(card: Card) -> list[str]:
    """Return the texts in which Markdown is rendered."""
    return [node["text"] for node in of_type(card, "TextBlock")]


def values(card: Card) -> list[str]:
    """Return the texts that are shown as they are."""
    return [node["text"] for node in of_type(card, "TextRun")]


def badges(card: Card) -> list[str]:
    """Return the texts of the badges."""
    return [node["text"] for node in of_type(card, "Badge")]


def buttons(card: Card) -> list[Node]:
    """Return the buttons in reading order, without their fallbacks."""
    return [node for node in nodes(card) if node.get("type") in {"Action.Execute", "Action.OpenUrl"}]


def titles(card: Card) -> list[str]:
    """Return what is written on the buttons."""
    return [button["title"] for button in buttons(card)]


def button(card: Card, title: str) -> Node:
    """Return the first button with that title."""
    return next(each for each in buttons(card) if each["title"] == title)
