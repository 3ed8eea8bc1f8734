"""Recorded inputs, spoilt: parts are left out, doubled, swapped for parts of others, or for a character that means trouble."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any, TypeVar, cast

from hypothesis import strategies as st

from bot.vocabulary import KNOWN

T = TypeVar("T", str, bytes)

TROUBLE = (
    *"\0\t\n '\"\\/<>&;{}[]$=#%.,-_0\u00b4\u00ad\u0301\u0130\u0661\u200b\u200d\u202e\u2028\u3000\ufdfa\ufeff\ud800\udc00\U0001f600",
    "<at>", "</at>", "&nbsp;", "&#0;", "n't", " not ", " no. ", " 10421 ", " INV-", "1,000.50", " until ", " for ",
)  # fmt: skip
VALUES: Sequence[Any] = (
    None, True, False, 0, -1, 2**63, 10**400, 1.5, 1e308, "", " ", "\0", "\ud800", "\u202e", "x" * 1025, "0" * 5000, "../..", "null",
    [], {}, [None], [[[]]], {"": {}}, {"id": None}, {"id": {}}, {"tenant": "x"}, "5e3c4d5a-7c1b-4f39-9a52-0d6f6f4c7e11",
)  # fmt: skip
NOISE = (
    b"\0",
    b"\xff",
    b"\xc3",
    b"\xed\xa0\x80",
    b'"',
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"1e999",
    b"NaN",
    b"-",
)


def spoilt_texts(seeds: Sequence[str]) -> st.SearchStrategy[str]:
    """Draw one of *seeds* with up to four changes."""
    return _spoilt([each[:2000] for each in seeds], st.sampled_from(TROUBLE) | st.characters() | st.sampled_from(sorted(KNOWN)))


def spoilt_bytes(seeds: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """Draw one of *seeds* with up to four changes."""
    return _spoilt(seeds, st.sampled_from(NOISE) | st.binary(min_size=1, max_size=3))


@st.composite
def spoilt_wires(draw: st.DrawFn, seeds: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Draw one of the activities *seeds*, in which up to three values are something else, gone, or those of another activity."""
    found = deepcopy(dict(draw(st.sampled_from(seeds))))
    for _ in range(draw(st.integers(0, 3))):
        place, last = draw(st.sampled_from(_places({"": found})))
        match draw(st.sampled_from(("value", "value", "gone", "spliced"))):
            case "value":
                place[last] = deepcopy(draw(st.sampled_from(VALUES) | st.text(max_size=20)))
            case "gone":
                del place[last]
            case _:
                other, there = draw(st.sampled_from(_places(draw(st.sampled_from(seeds)))))
                place[last] = deepcopy(other[there])
    return found


@st.composite
def _spoilt(draw: st.DrawFn, seeds: Sequence[T], inserted: st.SearchStrategy[T]) -> T:
    found = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(0, 4))):
        begin = draw(st.integers(0, len(found)))
        end = min(len(found), begin + draw(st.integers(0, 12)))
        before, part, after = found[:begin], found[begin:end], found[end:]
        match draw(st.sampled_from(("leave out", "double", "put in", "swap", "splice"))):
            case "leave out":
                found = before + after
            case "double":
                found = before + part + part + after
            case "put in":
                found = before + draw(inserted) + part + after
            case "swap":
                found = before + draw(inserted) + after
            case _:
                other = draw(st.sampled_from(seeds))
                found = before + other[draw(st.integers(0, len(other))) :]
    return found


def _places(wire: object) -> list[tuple[Any, Any]]:
    """Return every container in *wire* with each key or index in it."""
    if isinstance(wire, dict):
        inside = cast("dict[Any, Any]", wire).items()
    else:
        inside = list(enumerate(cast("list[Any]", wire))) if isinstance(wire, list) else []
    return [*((wire, key) for key, _ in inside), *(place for _, each in inside for place in _places(each))]
