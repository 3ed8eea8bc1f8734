"""A person who chats and browses, for tests: what Teams' user interface does, as a few awaitable words."""

from collections.abc import Callable

from sandbox.connector.client import ADAPTIVE_CARD, Outcome
from sandbox.connector.conversation import Entry, Kind
from sandbox.connector.delivery import Answer
from sandbox.people import DemoPerson
from sandbox.tree import Json, objects
from sandbox.world import World

PATIENCE_S = 120.0
"""How long a person waits for something to appear: more than it may take on a busy machine."""


class Chat:
    """One person in one conversation.

    A conversation reads like this::

        chat = Chat(world, person("finn"))
        await chat.open()
        card = await chat.ask("open invoices")
        outcome = await chat.press(card, "Details")
    """

    def __init__(self, world: World, person: DemoPerson, kind: Kind = "personal") -> None:
        self.client = world.teams.client(person, kind)
        self.person = person
        self._read: set[str] = set()

    @property
    def shown(self) -> list[Entry]:
        """What the bot has said and the person can see, oldest first."""
        return [each for each in self.client.conversation.shown if each.author is None]

    async def open(self) -> None:
        """Look at the chat; the first look installs the app."""
        await self.client.open()

    async def say(self, text: str) -> Answer | None:
        """Send a message and return the bot's HTTP answer; None where the bot did not get to see it."""
        return await self.client.say(text)

    async def ask(self, text: str, timeout_s: float = PATIENCE_S) -> Entry:
        """Send a message and return the bot's next one."""
        self.skip()
        await self.say(text)
        return await self.next(timeout_s)

    async def next(self, timeout_s: float = PATIENCE_S) -> Entry:
        """Return the bot's oldest message that this has not returned yet; wait where there is none.

        Raises TimeoutError.
        """
        entry = await self.wait_for(lambda each: each.id not in self._read, timeout_s)
        self._read.add(entry.id)
        return entry

    def skip(self) -> None:
        """Take everything that the bot has said so far as read."""
        self._read.update(each.id for each in self.shown)

    async def wait_for(self, predicate: Callable[[Entry], bool], timeout_s: float = PATIENCE_S) -> Entry:
        """Return the bot's first message that *predicate* accepts, now or once it appears.

        Raises TimeoutError.
        """
        return await self.client.conversation.wait_for(lambda: next(filter(predicate, self.shown), None), timeout_s)

    async def press(self, entry: Entry, button: str | Json, inputs: Json | None = None, *, nth: int = 0, state: str = "") -> Outcome:
        """Press a button by its title, the *nth* of that title, or any action as JSON: a person may have tampered with it."""
        action = button if isinstance(button, dict) else named(entry, button)[nth]
        return await self.client.press(entry.id, action, inputs, state)

    def current(self, entry: Entry) -> Entry:
        """Return what stands in the place of *entry* now."""
        return self.client.conversation.entries[entry.id]


def cards(entry: Entry) -> list[Json]:
    """Return the Adaptive Cards of a message."""
    return [each["content"] for each in entry.attachments if each.get("contentType") == ADAPTIVE_CARD]


def actions(entry: Entry) -> list[Json]:
    """Return every action of a message's cards, in the order in which they are written."""
    return [each for each in objects(entry.attachments) if str(each.get("type")).startswith("Action.")]


def named(entry: Entry, title: str) -> list[Json]:
    """Return the actions with that title.

    Raises LookupError with the titles that there are.
    """
    found = [each for each in actions(entry) if each.get("title") == title]
    if not found:
        message = f"no button {title!r} among {[each.get('title') for each in actions(entry)]}"
        raise LookupError(message)
    return found


def text_of(entry: Entry) -> str:
    """Return every word that a message shows, in order: text, titles, labels, facts."""
    words = [entry.text]
    for each in objects(entry.attachments):
        words += [each[name] for name in ("text", "title", "label", "value") if isinstance(each.get(name), str)]
    return "\n".join(filter(None, words))
