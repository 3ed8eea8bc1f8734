"""For how long an invoice is to be silent, as it is typed."""

import re
from collections.abc import Sequence
from itertools import pairwise

from billing.silence import For, Silence, Unclear, UntilDay, UntilWeekday
from bot.vocabulary import COUNTS, ENDING, LENGTHS, MONTHS, UNTIL, WEEKDAYS

ISO = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)")
DOTTED = re.compile(r"(\d\d?)\.(\d\d?)(?:\.(\d{4}))?")
YEAR = re.compile(r"20\d\d")
MOST_DIGITS = 5


def silence(words: Sequence[str]) -> Silence | None:
    """Return how long is asked for: Unclear where that was said in words that nobody understands, None where nothing was said."""
    said = f" {' '.join(words)} "
    known = next((until for phrase, until in UNTIL.items() if phrase in said), None)
    return known or _length(words) or _day(words) or _weekday(words) or (None if ENDING.isdisjoint(words) else Unclear())


def _length(words: Sequence[str]) -> For | None:
    """Read "2 weeks" and "a month"."""
    for count, unit in pairwise(words):
        many = int(count) if count.isdecimal() and len(count) <= MOST_DIGITS else COUNTS.get(count)
        if many is not None and unit in LENGTHS:
            return For(many * LENGTHS[unit])
    return None


def _day(words: Sequence[str]) -> UntilDay | None:
    """Read "2026-12-05", "5.12.2026", "5.12", "5 december" and "december 5"; a date with strokes has two meanings, and is not read."""
    for before, word in pairwise(["", *words]):
        if iso := ISO.fullmatch(word):
            return UntilDay(int(iso[3]), int(iso[2]), int(iso[1]))
        if before in ENDING and (dotted := DOTTED.fullmatch(word)):
            return UntilDay(int(dotted[1]), int(dotted[2]), int(dotted[3]) if dotted[3] else None)
    year = next((int(word) for word in reversed(words) if YEAR.fullmatch(word)), None)
    for one, other in pairwise(words):
        day, month = (one, other) if other in MONTHS else (other, one)
        shown = day.removesuffix("th").removesuffix("st").removesuffix("nd").removesuffix("rd")
        if month in MONTHS and shown.isdecimal() and len(shown) <= len("31"):
            return UntilDay(int(shown), MONTHS[month], year)
    return None


def _weekday(words: Sequence[str]) -> UntilWeekday | None:
    return next((UntilWeekday(WEEKDAYS[word]) for word in words if word in WEEKDAYS), None)
