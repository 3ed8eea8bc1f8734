"""The database takes nothing: Teams is told to come again, nothing is lost, and once it takes something each message is answered once."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest
from aiohttp import ClientSession

from backends.postgres.embedded import EmbeddedServer
from sandbox.connector.conversation import Entry
from sandbox.driver import Chat, text_of
from sandbox.tree import Json
from tests import databases
from tests import town as towns
from tests.journeys.speaking import NUMBER, moment, press, signed_in, written
from tests.town import Town

# Only this test's own database: others run on the same server.
_END_CONNECTIONS = """
    select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
"""
_FULL = """
    create function public.is_full() returns trigger language plpgsql as $$ begin
        raise exception using errcode = '53100', message = 'could not extend file: No space left on device';
    end $$
"""


@dataclass(frozen=True, slots=True)
class Office:
    """A town with a database of its own, and a finance manager who has signed in."""

    town: Town
    chat: Chat
    admin: asyncpg.Connection

    def message(self, name: str) -> Json:
        """Return what Finn asks; the same name is the same message."""
        return moment(self.town, "finn").message(name, "open invoices")

    async def delivered(self, message: Json) -> int:
        """Deliver a message once, and return the bot's status."""
        return (await self.town.world.teams.delivery.send(message)).status

    async def repeated(self, message: Json) -> None:
        """Deliver it again until it is taken, as Teams does, and twice more."""
        for _ in range(20):
            if await self.delivered(message) == 202:
                break
        assert [await self.delivered(message) for _ in range(2)] == [202, 202]

    async def said(self, since: int) -> list[str]:
        """Return the first lines of what the bot has said after its first *since* messages."""
        await self.town.house.turns.drain(10)
        return [text_of(each).partition("\n")[0] for each in self.chat.shown[since:]]

    async def ready(self) -> tuple[int, Any]:
        """Return what /readyz says of the database."""
        async with ClientSession() as session, session.get(f"{self.town.url}/readyz") as answer:
            return answer.status, (await answer.json())["database"]

    @asynccontextmanager
    async def read_only(self) -> AsyncGenerator[None]:
        """Let the database take nothing, on any connection, until the block ends."""
        name = await self.admin.fetchval("select current_database()")
        await self.admin.execute(f"alter database {name} set default_transaction_read_only = on")
        await self.admin.execute(_END_CONNECTIONS)
        try:
            yield
        finally:
            await self.admin.execute(f"alter database {name} reset default_transaction_read_only")
            await self.admin.execute(_END_CONNECTIONS)

    @asynccontextmanager
    async def full(self, table: str) -> AsyncGenerator[None]:
        """Let the disk be full for whatever is added to a table."""
        await self.admin.execute(_FULL)
        await self.admin.execute(f"create trigger is_full before insert on {table} execute function public.is_full()")
        try:
            yield
        finally:
            await self.admin.execute("drop function public.is_full() cascade")


def first_number(shown: Entry) -> str:
    """Return the first invoice's number in a message."""
    found = NUMBER.search(text_of(shown))
    assert found
    return found[0]


@pytest.fixture
async def office(postgres: EmbeddedServer) -> AsyncGenerator[Office]:
    """Return an office that nobody else works in."""
    async with databases.empty(postgres) as url, databases.superuser(postgres, url) as admin, towns.town(url) as town:
        yield Office(town, await signed_in(town, "finn"), admin)


class TestReadOnly:
    async def test_asks_for_repetition_and_answers_it_once(self, office: Office) -> None:
        before, message = len(office.chat.shown), office.message("1")

        async with office.read_only():
            statuses = [await office.delivered(message) for _ in range(3)]
            pressed = await press(office.town, "finn", "invoices.list", {})
            during, said = await office.ready(), await office.said(before)
        await office.repeated(message)

        assert statuses == [503] * 3
        assert (pressed.status, pressed.body["statusCode"]) == (200, 503)
        assert "INV-" not in written(pressed.body)
        assert during == (503, False)
        assert said == []
        assert await office.said(before) == ["Open invoices"]
        assert await office.ready() == (200, True)


class TestFull:
    async def test_for_messages_asks_for_repetition_and_answers_it_once(self, office: Office) -> None:
        before, message = len(office.chat.shown), office.message("1")

        async with office.full("bot.inbox"):
            statuses = [await office.delivered(message) for _ in range(3)]
            during, said = await office.ready(), await office.said(before)
        await office.repeated(message)

        assert statuses == [503] * 3
        assert during == (503, False)
        assert said == []
        assert await office.said(before) == ["Open invoices"]
        assert await office.ready() == (200, True)

    async def test_for_what_cards_show_answers_all_the_same(self, office: Office, caplog: pytest.LogCaptureFixture) -> None:
        listed = await office.chat.ask("open invoices")
        before = len(office.chat.shown)

        async with office.full("bot.shown"):
            pressed = await office.chat.press(listed, "Details")
            opened = office.chat.current(listed)
            await office.chat.ask(first_number(opened))
            said = await office.said(before)

        assert pressed.kind == "card"
        assert said == [text_of(opened).partition("\n")[0]]
        assert [each.message for each in caplog.records].count("chat.not_remembered") == 2

    async def test_for_the_audit_shows_nothing_and_says_so_once(self, office: Office) -> None:
        before = len(office.chat.shown)

        async with office.full("bot.audit"):
            await office.repeated(office.message("1"))
            pressed = await press(office.town, "finn", "invoices.list", {})
            said = await office.said(before)
        await office.repeated(office.message("1"))
        await office.repeated(office.message("2"))

        assert [each.partition(".")[0] for each in said] == ["The invoice system cannot be reached right now"]
        assert (pressed.status, pressed.body["statusCode"]) == (200, 503)
        assert "INV-" not in written(pressed.body)
        assert await office.said(before) == [*said, "Open invoices"]
