"""The numbers of invoices within a sentence, told from years and amounts."""

import re
from collections.abc import Sequence
from itertools import pairwise

from rapidfuzz import fuzz, process

from bot.vocabulary import ABOUT_ONE, BOUNDING, ENDING, FILLERS, LISTING, UNITS

ENOUGH = 82
SHORTEST_BARE_NUMBER = 4
MOST_NUMBERS = 4

YEAR = re.compile(r"20\d\d")
DATE = re.compile(rf"\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}}|{YEAR.pattern}")
DAY = re.compile(r"\d{1,2}[./]\d{1,2}")
NUMBER = re.compile(r"#?(?!\d{4}-\d\d-\d\d$)(?=[\w/.-]{1,40}$)([\w/.-]*\d[\w/.-]*)")


def numbers(words: Sequence[str]) -> list[str]:
    """Find the numbers in "invoice INV-1", "pay 10421", "inv 10421" and a bare "INV-1"; a date beside one is none.

    Nor is a year beside a word for a list ("invoices 2026"), or what is counted or measured ("over 1000", "1000 days").
    """
    found: dict[str, None] = {}
    is_list, amounts = not LISTING.isdisjoint(words), _amounts(words)
    for place, (before, word) in enumerate(pairwise(["", *words])):
        match = NUMBER.fullmatch(word)
        is_day = DATE.fullmatch(word) or (before in ENDING and DAY.fullmatch(word))
        if match is None or (found and is_day) or place in amounts:
            continue
        if is_list and YEAR.fullmatch(word) and (before not in ABOUT_ONE or before in FILLERS):
            continue
        has_letters = any(each.isalpha() for each in match[1])
        if before == "inv":
            found[f"{before}-{match[1]}"] = None
        elif (has_letters and not found) or len(match[1]) >= SHORTEST_BARE_NUMBER or _is_about_one(before):
            found[match[1]] = None
    return list(found)[:MOST_NUMBERS]


def _amounts(words: Sequence[str]) -> set[int]:
    """Return the places of what is counted or measured, both ends of "between 1000 and 1500" among them."""
    found: set[int] = set()
    is_list = not LISTING.isdisjoint(words)
    for place, (before, word, after) in enumerate(zip(["", *words], words, [*words[1:], ""], strict=False)):
        is_other_end = is_list and place - 2 in found and before in FILLERS | ENDING and word.replace(".", "").isdecimal()
        if before in BOUNDING or after in UNITS or is_other_end:
            found.add(place)
    return found


def _is_about_one(word: str) -> bool:
    return bool(word) and process.extractOne(word, ABOUT_ONE, scorer=fuzz.ratio, score_cutoff=ENOUGH) is not None
