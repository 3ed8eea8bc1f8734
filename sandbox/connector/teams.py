"""The Teams service: every conversation, and what the bot does in them."""

import asyncio
import hashlib
from collections.abc import Coroutine
from dataclasses import replace

from sandbox.connector.client import Channel, Client, sso_card
from sandbox.connector.conversation import Conversation, Entry, Event, Kind
from sandbox.connector.delivery import Delivery
from sandbox.connector.payloads import user_id
from sandbox.entra.cloud import Entra
from sandbox.keys import SigningKeys
from sandbox.people import DemoPerson
from sandbox.site import Site
from sandbox.tree import Json

_SUFFIX: dict[Kind, str] = {"groupChat": "@thread.v2", "channel": "@thread.tacv2"}


class Teams:
    """Everything that Teams remembers.

    keys           with which the channel signs
    delivery       the way to the bot
    channel        what all clients share
    conversations  by id
    disabled_in    tenants whose administrator has blocked the app
    largest_bytes  of a message in UTF-16. Teams: 100 KB per message, docs "Format your bot messages"
    """

    def __init__(self, site: Site, entra: Entra, app_id: str) -> None:
        self.keys = SigningKeys("channel")
        self.delivery = Delivery(site, self.keys, app_id)
        self.channel = Channel(site, entra, self.delivery, app_id)
        self.conversations: dict[str, Conversation] = {}
        self.disabled_in: set[str] = set()
        self.largest_bytes = 100 * 1024
        self._tasks: set[asyncio.Task[None]] = set()

    def client(self, person: DemoPerson, kind: Kind = "personal") -> Client:
        """Return the person's client, at the chat with the bot, the tenant's group chat or the tenant's channel."""
        return Client(self.channel, self._conversation(person, kind), person)

    def person(self, member_id: str) -> DemoPerson | None:
        """Return whom the bot means by ``29:...`` or by an Entra object id."""
        known = self.channel.entra.people
        return next((each for each in known if member_id in (user_id(each, self.channel.bot_id), each.oid)), None)

    async def post(self, conversation: Conversation, activity: Json) -> str:
        """Take what the bot says, and return its id."""
        entry = self._entry(self.channel.next_id(), activity)
        if activity["type"] == "typing":
            await conversation.tell(Event("typing", entry.id))
        elif activity["type"] == "message" and sso_card(activity) and conversation.kind == "personal":
            hidden = await conversation.put(replace(entry, is_hidden=True))
            self._start(self.client(conversation.members[0]).exchange(hidden))
        elif activity["type"] == "message":
            await conversation.put(entry)
        return entry.id

    async def update(self, conversation: Conversation, activity_id: str, activity: Json) -> None:
        """Replace a message of the bot's."""
        await conversation.put(replace(conversation.entries[activity_id], activity=activity, is_hidden=False))

    async def close(self) -> None:
        """Stop what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.delivery.close()

    def _entry(self, entry_id: str, activity: Json) -> Entry:
        return Entry(entry_id, None, activity, self.channel.site.clock())

    def _conversation(self, person: DemoPerson, kind: Kind) -> Conversation:
        owner, members = (person.oid, (person,)) if kind == "personal" else (person.tenant.id, self._colleagues(person))
        digest = hashlib.sha256(f"{kind} {owner}".encode()).hexdigest()
        found = f"a:{digest}" if kind == "personal" else f"19:{digest[:32]}{_SUFFIX[kind]}"
        return self.conversations.setdefault(found, Conversation(found, kind, person.tenant, members))

    def _colleagues(self, person: DemoPerson) -> tuple[DemoPerson, ...]:
        return tuple(each for each in self.channel.entra.people if each.tenant == person.tenant)

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
