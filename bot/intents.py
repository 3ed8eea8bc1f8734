"""What a person means by what they type or press, typos and polite words included."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape

from rapidfuzz import fuzz

from billing.access import AccountId
from billing.errors import Malformed
from billing.invoice import InvoiceId, Show
from billing.silence import Unclear
from bot.asks import Ask
from bot.meaning import exact, meaning, nearest, without_fillers
from bot.numbers import NUMBER, numbers
from bot.reminder_intents import About, SnoozeNumber, Wake, save, snooze
from bot.silences import silence
from bot.vocabulary import ABOUT_ONE, BOUNDING, LATER, NARROWING, ORDERS, REMINDING, SNOOZE, STARTING, STOPPING, WAKE, is_denied, upright
from bot.wire import as_object
from cards.choose import Order
from cards.verbs import Place, Verb, account_id, invoice_id


@dataclass(frozen=True, slots=True)
class List:
    """Show a page of a list; *is_wider* than what was asked for, where that was narrowed by date, amount or currency."""

    place: Place
    is_wider: bool = False


@dataclass(frozen=True, slots=True)
class Find:
    """Show the invoice with that number; with *others*, let the person choose among them.

    order  what is to be done with it, for which each choice has a button
    """

    number: str
    others: tuple[str, ...] = ()
    order: Order = Order.DETAILS


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

LONGEST = 300
ENOUGH = 82

MENTION = re.compile(r"<at\b[^>]*>.*?</at>(?:\s|&nbsp;)*", re.DOTALL | re.IGNORECASE)
MARKUP = re.compile(r"<at\b[^>]*>.*?</at>|<[^<>]{0,200}>", re.DOTALL | re.IGNORECASE)
PAST_DUE = re.compile(r"\bpast[ -]due\b")
ANSWERED = re.compile(r"(?:no|nope|nein), +(?=\S)")
WORD = re.compile(r"[\w'#/.-]+")
DIGIT = re.compile(r"[^\D0-9]")
GROUPED = re.compile(r"(?<![\w.,-])(\d{1,3}(?:(?:,\d{3})+(?=\.\d)|(?:\.\d{3})+(?=,\d)))[.,]")
APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u201b\u02bc\u2032\u00b4`", "'"))
"""What keyboards and phones write for an apostrophe; NFKC makes a blank and an accent of the acute."""


def parse(text: str) -> Intent:
    """Return what is meant; whatever the text, there is an answer."""
    line = PAST_DUE.sub("overdue", plain(text))
    words, is_called = _words(line), MENTION.search(text[: LONGEST * 4]) is not None
    found = numbers(words)
    if found:
        return _about(found, _said_of(found, _words(ANSWERED.sub("", line, count=1))))
    meant = exact(words) or (Ask.HELP if not words and ("?" in line or is_called) else None)
    if meant is None:
        words = _words(ANSWERED.sub("", line, count=1)) if ANSWERED.match(line) else words
        order = _numberless(without_fillers(words).split())
        if order:
            return Numberless(order)
        meant = exact(words) or meaning(words) or _narrowed(words)
    return (
        _intent(meant, words)
        if meant is not None
        else Unknown(MENTION.sub("", text[: LONGEST * 4]).strip() if is_called else text, nearest(words))
    )


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
    folded = DIGIT.sub(_as_ascii, unicodedata.normalize("NFKC", shown.translate(APOSTROPHES)).casefold())
    visible = "".join(" " if unicodedata.category(each)[0] in "CZ" and each.isspace() else each for each in folded)
    return " ".join("".join(each for each in visible if unicodedata.category(each)[0] != "C").split())[:LONGEST].rstrip()


def _as_ascii(digit: re.Match[str]) -> str:
    """Return a digit of another script as invoices have it."""
    return str(unicodedata.decimal(digit[0]))


def _words(line: str) -> list[str]:
    whole = GROUPED.sub(lambda amount: f"{amount[1].replace(',', '').replace('.', '')}.", line)
    return [word.strip(".'") for word in WORD.findall(whole)]


def _said_of(numbers: Sequence[str], words: Sequence[str]) -> list[str]:
    """Return the words without the "no." of "invoice no. 10421", which denies nothing."""
    return [word for word, after in zip(words, [*words[1:], ""], strict=True) if word != "no" or after.lstrip("#") not in numbers]


def _numberless(kept: Sequence[str]) -> str:
    """Return the order about one invoice that names none: "pay", "print invoice", the first word of "snooze for 3 days"."""
    if kept and kept[0] in SNOOZE and REMINDING.isdisjoint(kept):
        return kept[0]
    return " ".join(kept) if all(word in ABOUT_ONE for word in kept) else ""


def _about(numbers: list[str], words: list[str]) -> Intent:
    """Return what is asked of one invoice, or of several at once."""
    if len(numbers) > 1:
        order = Order.SNOOZE if any(map(_is_snooze, words)) else _order(words)
        return Find(numbers[0], tuple(numbers[1:]), Order.DETAILS if is_denied(words) else order)
    if not any(map(_is_snooze, words)):
        return _reminded(numbers[0], words)
    is_over = not WAKE.isdisjoint(words)
    if is_denied(words):
        return Find(numbers[0]) if is_over else Wake(numbers[0])
    return Wake(numbers[0]) if is_over else SnoozeNumber(numbers[0], silence(words))


def _reminded(number: str, words: Sequence[str]) -> Intent:
    """Return the silence, or its end, that was asked for as "reminders off for 10424"; else the invoice itself."""
    said = {upright(word) for word in words}
    if REMINDING.isdisjoint(said):
        return Find(number, order=Order.DETAILS if is_denied(said) else _order(words))
    if is_denied(said) and not STOPPING.isdisjoint(said):
        return Find(number)
    asked = silence([word for word in words if word not in REMINDING])
    if not STOPPING.isdisjoint(said) or not LATER.isdisjoint(said) or is_denied(said):
        return SnoozeNumber(number, None if isinstance(asked, Unclear) else asked)
    if asked is not None and not isinstance(asked, Unclear):
        return SnoozeNumber(number, asked)
    return Find(number) if STARTING.isdisjoint(said) else Wake(number)


def _order(words: Sequence[str]) -> Order:
    return next((ORDERS[word] for word in map(upright, words) if word in ORDERS), Order.DETAILS)


def _is_snooze(word: str) -> bool:
    return any(fuzz.ratio(word, each) >= ENOUGH for each in SNOOZE)


def _narrowed(words: Sequence[str]) -> Ask | Show | None:
    """Return what is meant apart from the dates and amounts by which it was narrowed."""
    left = [word for word in words if word not in NARROWING and word not in BOUNDING and not NUMBER.fullmatch(word)]
    return (exact(left) or meaning(left)) if left and len(left) < len(words) else None


def _intent(meant: Ask | Show, words: list[str]) -> Intent:
    is_wider = not NARROWING.isdisjoint(words) or any(map(NUMBER.fullmatch, words))
    return List(Place(meant), is_wider) if isinstance(meant, Show) else meant
