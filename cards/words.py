"""The reader of a card, who is also the reader of a page."""

from words.reader import SOON_DAYS, Reader

__all__ = ["SOON_DAYS", "Reader"]
