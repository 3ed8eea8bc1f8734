"""What a person means by what they type or press, typos and polite words included."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from html import unescape

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from billing.access import AccountId
from billing.errors import Malformed
from billing.invoice import InvoiceId, Show
from bot.german import GERMAN
from bot.reminder_intents import About, SnoozeNumber, save, snooze
from bot.wire import as_object
from cards.verbs import Place, Verb, account_id, invoice_id


class Ask(StrEnum):
    """Questions and orders without an object."""

    HELP = "help"
    BALANCE = "balance"
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
    """Show a page of a list."""

    place: Place


@dataclass(frozen=True, slots=True)
class Find:
    """Show the invoice with that number."""

    number: str


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


Intent = Ask | List | Find | Open | Switch | About | Unknown | Outdated

COURTESIES = frozenset({Ask.THANKS, Ask.OK, Ask.BYE})
"""What people say without asking for anything; never suggested."""

BOOKS = (GERMAN,)
"""The languages that people may type besides English."""

LONGEST = 300
ENOUGH = 82
CLOSE = 55
AHEAD = 3
SHORTEST_PHRASE = 3
SHORTEST_SLIP = 4
SHORTEST_BARE_NUMBER = 4

PHRASES: Mapping[Ask | Show, tuple[str, ...]] = {
    Show.OPEN: (
        "open invoices", "open", "open bills", "unpaid", "unpaid invoices", "not paid", "outstanding", "outstanding invoices",
        "due", "invoices due", "due invoices", "what is due", "what is open", "what do i owe", "what do we owe", "how much do i owe",
        "how much do we owe", "what do i have to pay", "what needs to be paid", "bills to pay", "invoices to pay", "to pay",
    ),
    Show.PAID: ("paid invoices", "paid", "paid bills", "settled invoices", "what have i paid", "what have we paid", "payment history"),
    Show.OVERDUE: ("overdue", "overdue invoices", "overdue bills", "past due", "late", "late invoices", "what is overdue", "what is late"),
    Show.ALL: ("invoices", "all invoices", "bills", "all bills", "invoice list", "everything", "all"),
    Ask.BALANCE: ("balance", "summary", "account balance", "account summary", "overview", "total", "totals", "how much in total"),
    Ask.WHO_AM_I: ("who am i", "whoami", "role", "account", "who is signed in"),
    Ask.SIGN_IN: ("sign in", "signin", "log in", "login", "sign me in"),
    Ask.SIGN_OUT: ("sign out", "signout", "log out", "logout", "sign off", "log off", "sign me out"),
    Ask.REMINDERS: ("reminders", "reminder", "reminder settings", "settings", "notifications", "remind me"),
    Ask.REMINDERS_ON: ("reminders on", "turn on reminders", "turn reminders on", "start reminders", "enable reminders"),
    Ask.REMINDERS_OFF: (
        "reminders off", "turn off reminders", "turn reminders off", "stop reminders", "stop reminding", "disable reminders", "unsubscribe",
        "no reminders",
    ),
    Ask.DELETE_DATA: ("delete my data", "delete data", "forget me", "erase my data", "remove my data"),
    Ask.HELP: ("help", "what can you do", "what can i do", "commands", "what can i ask", "how does this work", "hi", "hello", "start"),
    Ask.THANKS: (
        "thanks", "thank you", "many thanks", "thanks a lot", "thank you very much", "thank you so much", "thanks for your help",
        "thanks for the help", "thank you for your help", "thank you for the help", "thx",
    ),
    Ask.OK: (
        "ok", "okay", "alright", "all right", "got it", "understood", "perfect", "no thanks", "no thank you", "that is all", "that's all",
    ),
    Ask.BYE: ("bye", "goodbye", "good bye", "bye bye", "see you", "see you later", "have a nice day"),
}  # fmt: skip
MEANING: Mapping[str, Ask | Show] = {
    phrase: meant
    for meant, phrases in PHRASES.items()
    for phrase in (*phrases, *(phrase for book in BOOKS for phrase in book.phrases[meant.value]))
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

TELLING: Mapping[str, Show] = {
    **dict.fromkeys(("overdue", "late"), Show.OVERDUE),
    **dict.fromkeys(("unpaid", "outstanding", "open", "owe", "owed", "due"), Show.OPEN),
    **dict.fromkeys(("paid", "settled"), Show.PAID),
    **{word: Show(meant) for book in BOOKS for word, meant in book.telling.items()},
}
DENYING = frozenset({"not", "no", "never", "without"}).union(*(book.denying for book in BOOKS))
SNOOZE = frozenset({"snooze"}).union(*(book.snooze for book in BOOKS))
ABOUT_ONE = (
    "invoice", "details", "detail", "pay", "usage", "print", "pdf", "show", "bill", "download", "snooze",
    *(word for book in BOOKS for word in book.about_one),
)  # fmt: skip
THANKING = frozenset({"thanks", "thank"}).union(*(book.thanking for book in BOOKS))
FILLERS = frozenset((
    "a", "an", "the", "my", "our", "me", "us", "please", "pls", "thanks", "thank", "you", "could", "can", "would", "will", "want",
    "like", "i'd", "to", "see", "show", "list", "get", "give", "display", "tell", "check", "have", "look", "at", "for", "of",
    "now", "today", "currently", "just", "kindly", "hey", "ok", "okay", "so", "and", "still", "yet",
)).union(*(book.fillers for book in BOOKS))  # fmt: skip
MARKUP = re.compile(r"<at\b[^>]*>.*?</at>|<[^<>]{0,200}>", re.DOTALL | re.IGNORECASE)
WORD = re.compile(r"[\w'#/.-]+")
NUMBER = re.compile(r"#?(?!\d{4}-\d\d-\d\d$)(?=[\w/.-]{1,40}$)([\w/.-]*\d[\w/.-]*)")


def parse(text: str) -> Intent:
    """Return what is meant; whatever the text, there is an answer."""
    words = [word.strip(".'") for word in WORD.findall(plain(text))]
    about = _about_one(words)
    if about is not None:
        return SnoozeNumber(about.number) if any(map(_is_snooze, words)) else about
    said = " ".join(words)
    kept = " ".join(word for word in words if word not in FILLERS)
    meant = MEANING.get(said) or MEANING.get(kept) or _thanks(words, kept) or _fuzzy(said) or _fuzzy(kept) or _by_word(words)
    return _intent(meant) if meant is not None else Unknown(text, _nearest(kept or said))


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


def _about_one(words: list[str]) -> Find | None:
    """Find "invoice INV-1", "pay 10421", "inv 10421" and a bare "INV-1"."""
    for place, word in enumerate(words):
        match = NUMBER.fullmatch(word)
        if match is None:
            continue
        before = words[place - 1] if place else ""
        is_named = bool(before) and process.extractOne(before, ABOUT_ONE, scorer=fuzz.ratio, score_cutoff=ENOUGH) is not None
        if before == "inv":
            return Find(f"{before}-{match[1]}")
        if is_named or any(each.isalpha() for each in match[1]) or len(match[1]) >= SHORTEST_BARE_NUMBER:
            return Find(match[1])
    return None


def _is_snooze(word: str) -> bool:
    return any(fuzz.ratio(word, each) >= ENOUGH for each in SNOOZE)


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


def _by_word(words: list[str]) -> Show | None:
    """Return what one telling word stands for in a longer sentence, unless it is denied."""
    told = next((TELLING[word] for word in TELLING if word in words), None)
    is_denied = any(word in DENYING or word.endswith("n't") for word in words)
    return None if is_denied else told


def _thanks(words: list[str], kept: str) -> Ask | None:
    """Return thanks where nothing else was said: "ok, thank you so much"."""
    return Ask.THANKS if not kept and not THANKING.isdisjoint(words) else None


def _nearest(said: str) -> tuple[str, ...]:
    asked = [phrase for phrase, meant in MEANING.items() if meant in COMMANDS]
    hits = process.extract(said, asked, scorer=fuzz.WRatio, score_cutoff=CLOSE, limit=8)
    return tuple(dict.fromkeys(COMMANDS[MEANING[phrase]] for phrase, _, _ in hits))[:3]


def _intent(meant: Ask | Show) -> Intent:
    return List(Place(meant)) if isinstance(meant, Show) else meant
