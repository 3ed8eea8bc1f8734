"""A chat as the Teams service keeps it: who is in it, what it shows, and how one waits for something to happen there."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeVar

from sandbox.people import DemoPerson, DemoTenant
from sandbox.tree import Json, items

Kind = Literal["personal", "groupChat", "channel"]
"""The sorts of conversation, as Teams spells them."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry:
    """A message in a chat.

    author     who wrote it; None: the bot
    is_hidden  not shown: a sign-in card that the client deals with by itself
    """

    id: str
    author: DemoPerson | None
    activity: Json
    at: datetime
    is_edited: bool = False
    is_hidden: bool = False

    @property
    def text(self) -> str:
        """What the message says, its cards apart."""
        return str(self.activity.get("text") or "")

    @property
    def attachments(self) -> list[Json]:
        """Cards and files."""
        return items(self.activity.get("attachments"))


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a client must draw.

    kind    ``message`` (new or changed), ``removed``, ``typing``, ``failed`` (the bot did not take a message)
    """

    kind: Literal["message", "removed", "typing", "failed"]
    id: str
    text: str = ""


class Conversation:
    """One chat, group chat or channel.

    entries       what it shows, by activity id, in order
    events        everything that ever happened in it, in order
    is_installed  whether the app is in it
    is_blocked    whether the person has blocked the bot there
    """

    def __init__(self, conversation_id: str, kind: Kind, tenant: DemoTenant, members: tuple[DemoPerson, ...]) -> None:
        self.id = conversation_id
        self.kind: Kind = kind
        self.tenant = tenant
        self.members = members
        self.is_installed = False
        self.is_blocked = False
        self.entries: dict[str, Entry] = {}
        self.events: list[Event] = []
        self._changed = asyncio.Condition()

    @property
    def shown(self) -> list[Entry]:
        """The messages that a person sees."""
        return [each for each in self.entries.values() if not each.is_hidden]

    async def put(self, entry: Entry) -> Entry:
        """Add a message, or replace the one of that id."""
        before = self.entries.get(entry.id)
        self.entries[entry.id] = replace(entry, is_edited=before is not None and not before.is_hidden)
        await self.tell(Event("removed" if entry.is_hidden else "message", entry.id))
        return self.entries[entry.id]

    async def remove(self, entry_id: str) -> None:
        """Take a message out."""
        del self.entries[entry_id]
        await self.tell(Event("removed", entry_id))

    async def tell(self, event: Event) -> None:
        """Let every client know."""
        async with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    async def events_after(self, seen: int, timeout_s: float) -> list[Event]:
        """Return what has happened since the first *seen* events; wait where that is nothing.

        Raises TimeoutError.
        """
        return await self.wait_for(lambda: self.events[seen:] or None, timeout_s)

    async def wait_for(self, found: Callable[[], T | None], timeout_s: float) -> T:
        """Return the first thing but None that *found* gives, now or after one of the next events.

        Raises TimeoutError.
        """
        async with asyncio.timeout(timeout_s), self._changed:
            while (result := found()) is None:
                await self._changed.wait()
            return result
