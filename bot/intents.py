"""What a person means by what they type or press, typos and polite words included."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import unescape
from itertools import pairwise

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from billing.access import AccountId
from billing.due import Until
from billing.errors import Malformed
from billing.invoice import InvoiceId, Show
from bot.english import ENGLISH
from bot.german import GERMAN
from bot.reminder_intents import About, SnoozeNumber, Wake, save, snooze
from bot.wire import as_object
from cards.verbs import Place, Verb, account_id, invoice_id


class Ask(StrEnum):
    """Questions and orders without an object."""

    HELP = "help"
    BALANCE = "balance"
    EXPORT = "export"
    WHO_AM_I = "who am i"
    SIGN_IN = "sign in"
    SIGN_OUT = "sign out"
    REMINDERS = "reminders"
    REMINDERS_ON = "reminders on"
    REMINDERS_OFF = "reminders off"
    DELETE_DATA = "delete my data"
    DELETE_DATA_NOW = "delete my data now"
    THANKS = "thanks"
    OK = "ok"
    BYE = "bye"


@dataclass(frozen=True, slots=True)
class List:
    """Show a page of a list; *is_wider* than what was asked for, where that was narrowed by date or currency."""

    place: Place
    is_wider: bool = False


@dataclass(frozen=True, slots=True)
class Find:
    """Show the invoice with that number; with *others*, let the person choose among them."""

    number: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Numberless:
    """Ask for the number that is missing behind what was typed."""

    typed: str


@dataclass(frozen=True, slots=True)
class Open:
    """Show one invoice in full; ``back`` is the page of the list that it was opened from."""

    invoice: InvoiceId
    back: Place


@dataclass(frozen=True, slots=True)
class Switch:
    """Turn to another company of the same tenant."""

    account: AccountId


@dataclass(frozen=True, slots=True)
class Unknown:
    """Not understood; ``nearest`` holds at most three commands that come close."""

    typed: str
    nearest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outdated:
    """A button that no card of ours has, or has any more."""

    problem: Malformed


Intent = Ask | List | Find | Numberless | Open | Switch | About | Unknown | Outdated

COURTESIES = frozenset({Ask.THANKS, Ask.OK, Ask.BYE})
"""What people say without asking for anything; never suggested."""

BOOKS = (ENGLISH, GERMAN)
"""The languages that people may type, whatever they read."""

LONGEST = 300
ENOUGH = 82
CLOSE = 55
AHEAD = 3
SHORTEST_PHRASE = 3
SHORTEST_SLIP = 4
SHORTEST_BARE_NUMBER = 4
MOST_NUMBERS = 4

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

TELLING: Mapping[str, Ask | Show] = {word: MEANT[meant] for book in BOOKS for word, meant in book.telling.items()}
DENYING = frozenset[str]().union(*(book.denying for book in BOOKS))
SNOOZE = frozenset[str]().union(*(book.snooze for book in BOOKS))
WAKE = frozenset[str]().union(*(book.wake for book in BOOKS))
UNTIL = {f" {words} ": Until(until) for book in BOOKS for words, until in book.until.items()}
ABOUT_ONE = tuple(word for book in BOOKS for word in book.about_one)
THANKING = frozenset[str]().union(*(book.thanking for book in BOOKS))
NARROWING = frozenset[str]().union(*(book.narrowing for book in BOOKS))
FILLERS = frozenset[str]().union(*(book.fillers for book in BOOKS))
MARKUP = re.compile(r"<at\b[^>]*>.*?</at>|<[^<>]{0,200}>", re.DOTALL | re.IGNORECASE)
PAST_DUE = re.compile(r"\bpast[ -]due\b")
DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|20\d\d")
WORD = re.compile(r"[\w'#/.-]+")
NUMBER = re.compile(r"#?(?!\d{4}-\d\d-\d\d$)(?=[\w/.-]{1,40}$)([\w/.-]*\d[\w/.-]*)")


def parse(text: str) -> Intent:
    """Return what is meant; whatever the text, there is an answer."""
    line = PAST_DUE.sub("overdue", plain(text))
    words = [word.strip(".'") for word in WORD.findall(line)]
    numbers = _numbers(words)
    if numbers:
        return _about(numbers, words)
    said = " ".join(words)
    kept = " ".join(word for word in words if word not in FILLERS)
    exact = MEANING.get(said) or MEANING.get(kept) or (Ask.HELP if not words and "?" in line else None)
    order = "" if exact else _numberless(kept.split())
    if order:
        return Numberless(order)
    meant = exact or _thanks(words, kept) or _fuzzy(said) or _fuzzy(kept) or _by_word(words)
    return _intent(meant, words) if meant is not None else Unknown(text, _nearest(kept or said))


PRESSED: Mapping[Verb, Ask] = {
    Verb.BALANCE: Ask.BALANCE,
    Verb.HELP: Ask.HELP,
    Verb.SIGN_IN: Ask.SIGN_IN,
    Verb.SIGN_OUT: Ask.SIGN_OUT,
    Verb.WHO: Ask.WHO_AM_I,
    Verb.REMINDERS: Ask.REMINDERS,
    Verb.REMINDERS_ON: Ask.REMINDERS_ON,
    Verb.REMINDERS_OFF: Ask.REMINDERS_OFF,
    Verb.DELETE_DATA: Ask.DELETE_DATA_NOW,
}


def pressed(verb: object, sent: object) -> Intent:
    """Return what a button means. Raises Malformed for a verb or content that no card of ours ever had."""
    carried = as_object(sent)
    match verb:
        case Verb.LIST:
            return List(Place.read(carried))
        case Verb.DETAILS:
            return Open(invoice_id(carried), Place.read(carried))
        case Verb.SWITCH:
            return Switch(account_id(carried))
        case Verb.SNOOZE:
            return snooze(carried)
        case Verb.REMINDERS_SAVE:
            return save(carried)
        case str() if verb in PRESSED:
            return PRESSED[Verb(verb)]
        case _:
            raise Malformed(verb=str(verb)[:40])


def plain(text: str) -> str:
    """Return what was typed without mentions, markup, invisible characters, case and extra space; 300 characters at most."""
    shown = unescape(MARKUP.sub(" ", text[: LONGEST * 4]))  # Teams puts an &nbsp; after a mention
    folded = unicodedata.normalize("NFKC", shown).replace("\u2019", "'").casefold()
    visible = "".join(" " if unicodedata.category(each)[0] in "CZ" and each.isspace() else each for each in folded)
    return " ".join("".join(each for each in visible if unicodedata.category(each)[0] != "C").split())[:LONGEST]


def _numbers(words: list[str]) -> list[str]:
    """Find the numbers in "invoice INV-1", "pay 10421", "inv 10421" and a bare "INV-1"; a date beside one is none."""
    found: dict[str, None] = {}
    for before, word in pairwise(["", *words]):
        match = NUMBER.fullmatch(word)
        if match is None or (found and DATE.fullmatch(word)):
            continue
        has_letters = any(each.isalpha() for each in match[1])
        if before == "inv":
            found[f"{before}-{match[1]}"] = None
        elif (has_letters and not found) or len(match[1]) >= SHORTEST_BARE_NUMBER or _is_about_one(before):
            found[match[1]] = None
    return list(found)[:MOST_NUMBERS]


def _is_about_one(word: str) -> bool:
    return bool(word) and process.extractOne(word, ABOUT_ONE, scorer=fuzz.ratio, score_cutoff=ENOUGH) is not None


def _numberless(kept: Sequence[str]) -> str:
    """Return the order about one invoice that names none: "pay", "print invoice", the first word of "snooze for 3 days"."""
    if kept and kept[0] in SNOOZE:
        return kept[0]
    return " ".join(kept) if all(word in ABOUT_ONE for word in kept) else ""


def _about(numbers: list[str], words: list[str]) -> Intent:
    """Return what is asked of one invoice, or of several at once."""
    if len(numbers) > 1:
        return Find(numbers[0], tuple(numbers[1:]))
    if not any(map(_is_snooze, words)):
        return Find(numbers[0])
    if _is_denied(words) or not WAKE.isdisjoint(words):
        return Wake(numbers[0])
    said = f" {' '.join(words)} "
    return SnoozeNumber(numbers[0], next((until for phrase, until in UNTIL.items() if phrase in said), None))


def _is_snooze(word: str) -> bool:
    return any(fuzz.ratio(word, each) >= ENOUGH for each in SNOOZE)


def _is_denied(words: list[str]) -> bool:
    return any(word in DENYING or word.endswith("n't") for word in words)


def _fuzzy(said: str) -> Ask | Show | None:
    """Return the meaning of the phrase that comes closest, unless two meanings come about as close."""
    if len(said) < SHORTEST_PHRASE:
        return None
    hits = process.extract(said, list(MEANING), scorer=fuzz.ratio, score_cutoff=ENOUGH, limit=4)
    if not hits:
        return _swapped(said)
    best = MEANING[hits[0][0]]
    rivals = [score for phrase, score, _ in hits if MEANING[phrase] is not best]
    return best if not rivals or hits[0][1] - rivals[0] >= AHEAD else None


def _swapped(said: str) -> Ask | Show | None:
    """Return the meaning of the short word that one slip of the finger turns into *said* ("hepl"), if only one can be meant."""
    if len(said) < SHORTEST_SLIP:
        return None
    meant = {MEANING[phrase] for phrase in MEANING if OSA.distance(said, phrase, score_cutoff=1) <= 1}
    return meant.pop() if len(meant) == 1 else None


def _by_word(words: list[str]) -> Ask | Show | None:
    """Return what one telling word stands for in a longer sentence, unless it is denied."""
    told = next((TELLING[word] for word in TELLING if word in words), None)
    return None if _is_denied(words) else told


def _thanks(words: list[str], kept: str) -> Ask | None:
    """Return thanks where nothing else was said: "ok, thank you so much"."""
    return Ask.THANKS if not kept and not THANKING.isdisjoint(words) else None


def _nearest(said: str) -> tuple[str, ...]:
    asked = [phrase for phrase, meant in MEANING.items() if meant in COMMANDS]
    hits = process.extract(said, asked, scorer=fuzz.WRatio, score_cutoff=CLOSE, limit=8)
    return tuple(dict.fromkeys(COMMANDS[MEANING[phrase]] for phrase, _, _ in hits))[:3]


def _intent(meant: Ask | Show, words: list[str]) -> Intent:
    return List(Place(meant), not NARROWING.isdisjoint(words)) if isinstance(meant, Show) else meant
