"""The corpus as the tests read it: texts with their meaning, requests with their status, addresses with their trust."""

import json
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

from tests.bot.activities import recorded

FOLDER = Path(__file__).parent
HERE = "https://here.example/"
FRESH = "a-fresh-id"
"""Stand for the service URL of where the request is tried, and for an id that has not come before."""

Pieces = str | list[str]
"""A text, or its parts."""


@dataclass(frozen=True, slots=True)
class Typed:
    """Something that a person types.

    meant  as ``told`` tells an intent, or NOTHING_THAT_ACTS
    """

    text: str
    meant: str


@dataclass(frozen=True, slots=True)
class Address:
    """A service URL, and whether the product's token may go there."""

    url: str
    is_trusted: bool


@dataclass(frozen=True, slots=True)
class Knock:
    """A request to the front door, as a change of one that would be let in.

    why       what is wrong with it
    of        the recorded activity that it changes
    changed   new values, by the way to them: ``from.id``
    lost      the ways to what is left out
    members   JSON that is written behind the activity's own members
    body      replaces all of that
    line      the first line of the request, where it is another one
    headers   additional ones; None takes one away
    promised  the statuses that are an answer
    inside    the status inside the answer to a pressed button
    """

    why: str
    promised: Sequence[int]
    of: str = "message"
    changed: Mapping[str, Any] | None = None
    lost: Sequence[str] = ()
    members: Pieces = ""
    body: Pieces | None = None
    encoding: str = "utf-8"
    line: str = ""
    headers: Mapping[str, str | None] | None = None
    is_chunked: bool = False
    inside: int | None = None

    @property
    def wire(self) -> dict[str, Any]:
        """Return the activity before it is written, from HERE and by a sender who has not written before."""
        found = deepcopy(recorded(self.of, id=FRESH, serviceUrl=HERE))
        found["from"]["id"] = f"29:{FRESH}"
        for way, each in (self.changed or {}).items():
            *outer, last = way.split(".")
            _within(found, outer)[last] = each
        for way in self.lost:
            *outer, last = way.split(".")
            del _within(found, outer)[last]
        return found

    @property
    def written(self) -> bytes:
        """Return the body."""
        if self.body is not None:
            return _joined(self.body).encode(self.encoding, "surrogatepass")
        told = json.dumps(self.wire)
        members = _joined(self.members)
        return (f"{told[:-1]}, {members}}}" if members else told).encode(self.encoding)


def texts() -> list[Typed]:
    """Return everything that is typed."""
    return [Typed(each["typed"], each["meant"]) for each in _lines("intents")]


def knocks() -> list[Knock]:
    """Return every request."""
    return [Knock(**each) for each in _lines("door") if "url" not in each]


def addresses() -> list[Address]:
    """Return every service URL."""
    return [Address(**each) for each in _lines("door") if "url" in each]


def _lines(folder: str) -> Iterator[dict[str, Any]]:
    for path in sorted((FOLDER / folder).glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            yield json.loads(line, object_hook=_repeated)


def _repeated(found: dict[str, Any]) -> Any:
    """Return what is long in full: ``{"text": "ab", "times": 2}`` stands for ``"abab"``."""
    return found["text"] * found["times"] if found.keys() == {"text", "times"} else found


def _within(wire: Any, way: list[str]) -> Any:
    return reduce(lambda found, each: found[int(each) if each.isdecimal() else each], way, wire)


def _joined(pieces: Pieces) -> str:
    return pieces if isinstance(pieces, str) else "".join(pieces)
