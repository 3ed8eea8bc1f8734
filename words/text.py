"""Other people's words, made fit to show: the one place where they are cleaned."""

import re
import unicodedata
from typing import Final

_MARKS: Final = frozenset("\u200c\u200d\u200e\u200f\u061c")
"""Invisible characters that Arabic, Persian and Indic spelling or number formats need."""

_WIDE: Final = dict.fromkeys(map(ord, "\u00a0\u202f"), " ")
"""Spaces of amounts, which Python does not call printable."""

_NO_MARKS: Final = dict.fromkeys(map(ord, "\u200e\u200f\u061c"))
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})
_LEFT_TO_RIGHT_ISOLATE, _RIGHT_TO_LEFT_ISOLATE, _FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2066", "\u2067", "\u2068", "\u2069"
_ISOLATES: Final = frozenset({_LEFT_TO_RIGHT_ISOLATE, _RIGHT_TO_LEFT_ISOLATE, _FIRST_STRONG_ISOLATE, _POP_ISOLATE})

_MAY_TURN: Final = re.compile("[\u200f\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
"""Where Unicode keeps the letters and digits that are written from the right (DerivedBidiClass.txt); a search spares a look at each."""

_NUMBER, _NUMBER_HEAD, _NUMBER_TAIL = 40, 15, 20
_WORD, _BREAK_EVERY, _BREAK = 20, 14, "\N{ZERO WIDTH SPACE}"
_LONG_WORD: Final = re.compile(rf"\S{{{_WORD + 1},}}")


class Clean(str):
    """Text without anything invisible that could break JSON or turn a line around."""

    __slots__ = ()


def clean(text: str) -> Clean:
    """Return *text* on one line, without control characters, lone surrogates and bidi overrides; spaces at the ends go."""
    if isinstance(text, Clean):
        return text
    if not text.isprintable() and not text.translate(_WIDE).isprintable():  # what is printable needs no look at its letters
        text = "".join(map(_shown, text))
    return Clean(text.strip())


def _shown(character: str) -> str:
    if character in _MARKS:
        return character
    match unicodedata.category(character):
        case "Cc" | "Zl" | "Zp":
            return " "
        case "Cf" | "Cs" | "Cn":
            return ""
        case _:
            return character


def isolated(text: str) -> Clean:
    """Return *text* such that its writing direction does not reach the words around it."""
    shown = clean(text)
    return Clean(f"{_FIRST_STRONG_ISOLATE}{shown}{_POP_ISOLATE}") if _turns(shown) else shown


def right_to_left(text: str) -> Clean:
    """Return *text*, a date in Arabic say, to be read from the right whatever stands around it."""
    return Clean(f"{_RIGHT_TO_LEFT_ISOLATE}{clean(text)}{_POP_ISOLATE}")


def left_to_right(text: str) -> Clean:
    """Return *text*, an amount, to be read from the left: its sign stays in front of its digits."""
    shown = clean(text)
    return Clean(f"{_LEFT_TO_RIGHT_ISOLATE}{shown.translate(_NO_MARKS)}{_POP_ISOLATE}") if _turns(shown) else shown


def _turns(shown: str) -> bool:
    return _MAY_TURN.search(shown) is not None and any(unicodedata.bidirectional(each) in _RIGHT_TO_LEFT for each in shown)


def shorten(text: str, limit: int) -> Clean:
    """Return at most *limit* characters of *text*; an ellipsis stands for the rest."""
    shown = clean(text)
    return shown if len(shown) <= limit else Clean(shown[: limit - 1].rstrip() + "…")


def short_number(text: str) -> Clean:
    """Return an invoice's number, a long one without its middle: its end tells it from its neighbours. It can be searched for."""
    shown = clean(text)
    return shown if len(shown) <= _NUMBER else Clean(f"{shown[:_NUMBER_HEAD]}…{shown[-_NUMBER_TAIL:]}")


def breakable(text: str) -> Clean:
    """Return *text* with places in its long words where a line may end. Not for what people copy: the places are invisible."""
    shown = clean(text)
    return shown if len(shown) <= _WORD else Clean(_LONG_WORD.sub(_with_breaks, shown))


def _with_breaks(word: re.Match[str]) -> str:
    parts: list[str] = []
    for rank, character in enumerate(word[0]):
        if rank and rank % _BREAK_EVERY == 0 and not unicodedata.category(character).startswith(("M", "C")):
            parts.append(_BREAK)
        parts.append(character)
    return "".join(parts)


def capitalized(text: str) -> Clean:
    """Return *text* with a capital first letter, to stand on its own."""
    shown = clean(text)
    return Clean(shown[:1].upper() + shown[1:])


def lines(text: str, most: int, limit: int) -> tuple[Clean, ...]:
    """Return the first *most* lines of *text* that hold anything, each at most *limit* characters long."""
    held = (shorten(each, limit) for each in re.split(r"[\r\n]+", text))
    return tuple(each for each in held if each)[:most]


def plain(text: str) -> str:
    """Return *text* for places that may read Markdown or markup: letters, digits, currency signs and .,:'- only.

    The isolates stay that keep a name's writing direction from turning its surroundings; a name cannot bring its own.
    """
    if _ONLY_PLAIN.fullmatch(text):
        return str(text)
    kept = "".join(each if each.isalnum() or each in _PLAIN or unicodedata.category(each) in _KEPT else " " for each in clean(text))
    return re.sub(r" {2,}", " ", kept).strip()


_ONLY_PLAIN: Final = re.compile(r"[A-Za-z0-9.,:'-]+(?: [A-Za-z0-9.,:'-]+)*")
_PLAIN: Final = frozenset(" \u00a0\u202f.,:'-\N{EN DASH}") | _MARKS | _ISOLATES
_KEPT: Final = frozenset({"Sc", "Mn", "Mc"})
