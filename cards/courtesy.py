"""Good manners: short answers to people who ask for nothing."""

from typing import LiteralString

from cards import kit
from cards.kit import Card
from words.reader import Reader


def thanked(reader: Reader) -> Card:
    """Return what one says to thanks."""
    return _said(reader.say("You are welcome."))


def agreed(reader: Reader) -> Card:
    """Return what one says to an "ok"."""
    return _said(reader.say("Good. Ask me again whenever you like."))


def parted(reader: Reader) -> Card:
    """Return what one says when somebody leaves."""
    return _said(reader.say("Goodbye, and see you soon."))


def _said(words: LiteralString) -> Card:
    return kit.card([kit.heading(words, size="Default")], fallback_text=words)
