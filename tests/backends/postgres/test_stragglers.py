"""What is written about people after they were forgotten does not stay; what is written about others does."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest

from backends.postgres.audit import PostgresAudit
from backends.postgres.browser_sessions import PostgresBrowserSessions
from backends.postgres.conversations import PostgresConversations
from backends.postgres.database import Database
from backends.postgres.forgetting import Forgetting
from backends.postgres.sessions import PostgresSessions
from backends.postgres.shown import PostgresShown
from billing.people import BrowserSession, Conversation, Session
from tests.clock import ChosenClock
from tests.make import ADA, CONTOSO, invoice

KEPT, GRACE = timedelta(days=400), timedelta(days=30)
BILL = invoice()

_PLAN = """
    insert into bot.reminder_ledger (tenant, person, account, invoice, stage, planned, not_before) values ($1, $2, $3, $4, 'due', $5, $5)
"""
_COUNTS = "select (select count(*) from bot.reminder_ledger), (select count(*) from bot.shown), (select count(*) from bot.payers)"

Known = Callable[[Database, ChosenClock], Awaitable[object]]


async def chat(database: Database, clock: ChosenClock) -> None:
    """Let there be a chat with Ada."""
    await PostgresConversations(database, clock).save(Conversation(ADA, "a:1", {}, "en-US", "UTC"))


async def session(database: Database, clock: ChosenClock) -> None:
    """Let Ada have a session."""
    await PostgresSessions(database).save(Session(ADA, "upn", "name", clock(), frozenset(), b"sealed"))


async def browser(database: Database, clock: ChosenClock) -> None:
    """Let Ada be signed in with a browser."""
    await PostgresBrowserSessions(database).open(BrowserSession(b"cookie", ADA, "csrf", clock()))


class Desk:
    """Where things are written about Ada, and cleaned up."""

    def __init__(self, database: Database, sync_database: Database, clock: ChosenClock) -> None:
        self.forgetting = Forgetting(sync_database, clock)
        self.audit = PostgresAudit(database, clock)
        self._shown = PostgresShown(database, clock)
        self._everything = sync_database
        self._clock = clock

    async def write(self) -> None:
        """Plan a reminder, show an invoice, and go off to pay it."""
        async with self._everything.shared() as connection:
            await connection.execute(_PLAN, ADA.tenant, ADA.id, UUID(CONTOSO.id), UUID(BILL.id), self._clock())
        await self._shown.note(ADA, BILL, "message")
        await self._shown.pays(ADA, BILL)

    async def clean_up(self) -> None:
        """Do what is done every hour."""
        await self.forgetting.clean_up(GRACE, KEPT)

    async def written(self) -> tuple[int, ...]:
        """Return how many rows there are of each."""
        async with self._everything.shared() as connection:
            return tuple(*await connection.fetch(_COUNTS))

    async def named(self) -> list[str]:
        """Return whom the audit names, line by line."""
        async with self._everything.shared() as connection:
            return [row[0] for row in await connection.fetch("select person from bot.audit order by entry")]


@pytest.fixture
def clock() -> ChosenClock:
    return ChosenClock()


@pytest.fixture
def desk(database: Database, sync_database: Database, clock: ChosenClock) -> Desk:
    return Desk(database, sync_database, clock)


class TestRows:
    async def test_of_whom_nothing_else_knows_are_deleted(self, desk: Desk) -> None:
        await desk.write()

        await desk.clean_up()

        assert await desk.written() == (0, 0, 0)

    @pytest.mark.parametrize("known", [chat, session, browser])
    async def test_of_others_stay(self, desk: Desk, database: Database, clock: ChosenClock, known: Known) -> None:
        await known(database, clock)
        await desk.write()

        await desk.clean_up()

        assert await desk.written() == (1, 1, 1)


class TestAudit:
    async def test_gives_a_line_the_pseudonym_that_its_person_has(self, desk: Desk) -> None:
        await desk.audit.note(ADA, "view", "ok")
        await desk.forgetting.forget(ADA.tenant, ADA.id)
        await desk.audit.note(ADA, "download", "ok")

        await desk.clean_up()

        before, after = await desk.named()
        assert before == after
        assert before.startswith("forgotten-")

    async def test_names_whom_nobody_has_forgotten(self, desk: Desk) -> None:
        await desk.audit.note(ADA, "view", "ok")

        await desk.clean_up()

        assert await desk.named() == [ADA.id]

    @pytest.mark.parametrize("known", [chat, session, browser])
    async def test_names_who_came_back(self, desk: Desk, database: Database, clock: ChosenClock, known: Known) -> None:
        await desk.audit.note(ADA, "view", "ok")
        await desk.forgetting.forget(ADA.tenant, ADA.id)
        await known(database, clock)
        await desk.audit.note(ADA, "view", "ok")

        await desk.clean_up()

        assert (await desk.named())[1] == ADA.id
