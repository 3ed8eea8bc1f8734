"""The words of all languages that people may type, joined; and a word with a slip of the finger, mended."""

from collections.abc import Iterable, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

from billing.due import Until
from billing.invoice import Show
from bot.asks import COURTESIES, Ask
from bot.english import ENGLISH
from bot.german import GERMAN
from cards.choose import Order

BOOKS = (ENGLISH, GERMAN)
"""The languages that people may type, whatever they read."""

MEANT: Mapping[str, Ask | Show] = {each.value: each for each in (*Show, *Ask)}
"""What a book's words stand for."""

MEANING: Mapping[str, Ask | Show] = {
    phrase: MEANT[meant] for book in BOOKS for meant, phrases in book.phrases.items() for phrase in phrases
}
COMMANDS: Mapping[Ask | Show, str] = {
    Show.OPEN: "open invoices",
    Show.PAID: "paid invoices",
    Show.OVERDUE: "overdue",
    Show.ALL: "invoices",
    **{ask: ask.value for ask in Ask if ask not in COURTESIES},
    **dict.fromkeys((Ask.REMINDERS_ON, Ask.REMINDERS_OFF), Ask.REMINDERS.value),
}
"""As which command of the help card each is suggested."""


def _all(of_each: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset[str]().union(*of_each)


TELLING: Mapping[str, Ask | Show] = {word: MEANT[meant] for book in BOOKS for word, meant in book.telling.items()}
DENYING = _all(book.denying for book in BOOKS)
NEGATING = _all(book.negating for book in BOOKS)
REVERSING = tuple(part for book in BOOKS for part in book.reversing)
REMINDING = _all(book.reminding for book in BOOKS)
STOPPING = _all(book.stopping for book in BOOKS)
STARTING = _all(book.starting for book in BOOKS)
WANTING = _all(book.wanting for book in BOOKS)
BESIDE = _all(book.beside for book in BOOKS)
ORDERS = {word: Order(order) for book in BOOKS for word, order in book.orders.items()}
SNOOZE = _all(book.snooze for book in BOOKS)
WAKE = _all(book.wake for book in BOOKS)
UNTIL = {f" {words} ": Until(until) for book in BOOKS for words, until in book.until.items()}
LATER = _all(book.later for book in BOOKS)
ENDING = _all(book.ending for book in BOOKS)
COUNTS = {word: number for book in BOOKS for number, words in enumerate(book.counts, 1) for word in words}
LENGTHS = {unit: days for book in BOOKS for unit, days in book.lengths.items()}
WEEKDAYS = {name: number for book in BOOKS for number, name in enumerate(book.weekdays)}
MONTHS = {name: number for book in BOOKS for number, name in enumerate(book.months, 1)}
ABOUT_ONE = tuple(word for book in BOOKS for word in book.about_one)
THANKING = _all(book.thanking for book in BOOKS)
NARROWING = _all(book.narrowing for book in BOOKS)
BOUNDING = _all(book.bounding for book in BOOKS)
UNITS = _all(book.units for book in BOOKS)
FILLERS = _all(book.fillers for book in BOOKS)

LISTING = frozenset(word for word, meant in {**MEANING, **TELLING}.items() if isinstance(meant, Show))
"""Words that ask for a list by themselves."""

KNOWN = frozenset(word for phrase in MEANING for word in phrase.split()).union(
    TELLING,
    DENYING,
    NEGATING,
    REMINDING,
    STOPPING,
    STARTING,
    WANTING,
    BESIDE,
    SNOOZE,
    WAKE,
    ABOUT_ONE,
    NARROWING,
    BOUNDING,
    UNITS,
    FILLERS,
    LATER,
    ENDING,
    COUNTS,
    LENGTHS,
    WEEKDAYS,
    MONTHS,
)
_KNOWN = sorted(KNOWN)

SHORTEST_SLIP = 4
LONG = 8
LONGEST_WORD = 30


def is_denied(words: Iterable[str]) -> bool:
    """Whether something in a sentence is denied."""
    return any(word in DENYING or word in NEGATING or word.endswith("n't") for word in words)


def mended(word: str) -> str:
    """Return the one known word that a slip of the finger turned into *word*, two in a long one; else the word as it is."""
    if word in KNOWN or len(word) > LONGEST_WORD or word.endswith("n't"):
        return word
    if len(word) < SHORTEST_SLIP:  # only letters in the wrong order: anything else turns one short word into another
        swapped = [each for each in _KNOWN if sorted(each) == sorted(word) and OSA.distance(each, word) == 1]
        return swapped[0] if len(swapped) == 1 else word
    slips = 1 if len(word) < LONG else 2
    found = process.extract(word, _KNOWN, scorer=OSA.distance, score_cutoff=slips, limit=2)
    is_sure = bool(found) and (len(found) == 1 or found[0][1] < found[1][1])
    if not is_sure or (is_denied([found[0][0]]) and sorted(found[0][0]) != sorted(word)):  # "anything" is not "nothing"
        return word
    return found[0][0]


def upright(word: str) -> str:
    """Return a word mended, and "unpaid" for one that says the opposite of paid by its first letters ("unsettled")."""
    if word in KNOWN:
        return word
    rests = (word.removeprefix(part).lstrip("-") for part in REVERSING if word.startswith(part))
    is_reversed = any(TELLING.get(mended(rest)) is Show.PAID for rest in rests)
    return "unpaid" if is_reversed else mended(word)
