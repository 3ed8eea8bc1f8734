"""How somebody at a browser reads: the browser's language, and the time zone of their Teams client."""

from typing import Final, Protocol
from zoneinfo import ZoneInfo

from aiohttp import web

from billing.access import Person
from billing.errors import NotFound
from billing.people import Conversation
from billing.ports import Clock
from words.reader import Reader

_UTC: Final = ZoneInfo("UTC")
_ENGLISH: Final = "en-US"


class Chats(Protocol):
    """The Conversations port, as far as it is needed here."""

    async def get(self, person: Person) -> Conversation:
        """Return the person's chat. Raises NotFound."""
        ...


class Readers:
    """Knows the reader of a page. A browser does not tell its time zone; the chat has."""

    def __init__(self, chats: Chats, clock: Clock) -> None:
        self._chats = chats
        self._clock = clock

    async def of(self, request: web.Request, person: Person) -> Reader:
        """Return the words, numbers and today of *person* at this browser."""
        return Reader(language(request.headers.get("Accept-Language", "")), await self._zone(person), self._clock())

    async def _zone(self, person: Person) -> ZoneInfo:
        try:
            return ZoneInfo((await self._chats.get(person)).zone)
        except (NotFound, ValueError, OSError):
            return _UTC


def language(header: str) -> str:
    """Return the language that an Accept-Language header prefers, as a BCP 47 tag."""
    choices = [each.strip().partition(";") for each in header.split(",")[:20]]
    named = [(_weight(weight), tag.strip()) for tag, _, weight in choices if tag.strip() not in {"", "*"}]
    return max(named, key=lambda choice: choice[0], default=(0, _ENGLISH))[1]


def _weight(parameter: str) -> float:
    try:
        return float(parameter.strip().removeprefix("q=") or 1)
    except ValueError:
        return 0
