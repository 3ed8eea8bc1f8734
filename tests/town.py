"""A town for journeys: the sandbox's clouds and the whole bot, both over real HTTP, in one process."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from cryptography.fernet import Fernet

from assembly import House, house, utc_now
from assembly.listening import listen, runner_of
from backends.dataverse.limits import Limits
from billing.ports import Clock
from sandbox.browser import Browser, Page
from sandbox.connector.conversation import Entry
from sandbox.demo import fill
from sandbox.driver import Chat
from sandbox.people import person
from sandbox.server import bot_environment, serving
from sandbox.tree import objects
from sandbox.world import World
from settings import Settings
from tests.ports import free_port

PATIENT: Final = Limits(one_s=30, backoff_s=0.01)
"""The product's, but an invoice is read afresh however busy the machine is, and what fails is tried again at once."""


@dataclass(frozen=True, slots=True)
class Town:
    """The clouds, and the bot that lives in them.

    url       where the bot is reached, also by browsers
    settings  what the bot was told
    """

    world: World
    house: House
    url: str
    settings: Settings

    def chat(self, key: str) -> Chat:
        """Return the personal chat of the demo person *key* with the bot."""
        return Chat(self.world, person(key))

    async def sign_in(self, chat: Chat, invitation: Entry, key: str = "") -> Page:
        """Press Sign in, whatever its language, and go through Entra as the chat's person or another; return where the browser ends."""
        address = next(each["value"] for each in objects(invitation.attachments) if each.get("type") == "signin")
        async with Browser(self.world, person(key or chat.person.key)) as browser:
            return await browser.open(address)

    async def opened(self, key: str) -> Chat:
        """Return a chat in which the welcome has arrived."""
        chat = self.chat(key)
        await chat.open()
        if not chat.shown:
            await chat.next()
        return chat

    async def signed_in(self, key: str) -> Chat:
        """Return a chat whose person has signed in."""
        chat = await self.opened(key)
        page = await self.sign_in(chat, await chat.ask("sign in"))
        if page.status != HTTPStatus.OK:
            raise RuntimeError(page.text)
        await chat.next()
        return chat

    @asynccontextmanager
    async def another_process(self) -> AsyncGenerator[str]:
        """Run the bot once more on the same database, and return its messaging address."""
        port = free_port()
        async with house(self.settings, self.world.clock) as built, _listening(built, port):
            yield _messages(port)


@asynccontextmanager
async def town(database_url: str, clock: Clock = utc_now, limits: Limits = PATIENT, **settings: object) -> AsyncGenerator[Town]:
    """Build the clouds with their demo data and the bot, synchronized once; settings by their names in the environment."""
    world, port = World(clock), free_port()
    async with serving(world):
        fill(world)
        world.nobody_has_consented()
        environment: dict[str, object] = {**bot_environment(world, port), "DATABASE_URL": database_url, "WORKER": "external"}
        environment |= {"SECRET_KEYS": Fernet.generate_key().decode(), **settings}
        told = Settings.load(_env_file=None, **environment)
        async with house(told, clock, limits=limits) as built:
            await built.sync.run()
            async with _listening(built, port):
                world.bot_url = _messages(port)
                yield Town(world, built, f"http://localhost:{port}", told)


@asynccontextmanager
async def _listening(built: House, port: int) -> AsyncGenerator[None]:
    runner = runner_of(built.application, close_s=0.1)
    await listen(runner, "127.0.0.1", port)
    try:
        yield
    finally:
        await built.turns.drain(1)
        await runner.cleanup()


def _messages(port: int) -> str:
    return f"http://127.0.0.1:{port}/api/messages"
