"""An invoice that is another company's, is hidden, or never was makes the bot do the same, so that no clock tells them apart."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio

from backends.postgres.database import Connection, Database, Record
from backends.postgres.invoices import BY_END_OF_NUMBER, BY_NUMBER
from sandbox.browser import Browser
from sandbox.demo import bill_id
from sandbox.driver import Chat
from sandbox.people import person
from tests.journeys.speaking import OTHERS, numbers_of, press
from tests.make import guid
from tests.town import Town

pytestmark = pytest.mark.asyncio(loop_scope="module")

IDS = (bill_id("fabrikam.overdue"), bill_id("contoso.draft"), guid("nobody's"))

Work = list[tuple[str, int]]
"""Each statement in its order, and how many rows it gave."""


class Overheard:
    """A connection that notes what it is asked."""

    def __init__(self, real: Connection, work: Work) -> None:
        self._real = real
        self._work = work

    async def execute(self, query: Any, *args: object) -> str:
        """Run a statement and note it."""
        self._work.append((query, 0))
        return await self._real.execute(query, *args)

    async def fetch(self, query: Any, *args: object) -> list[Record]:
        """Return all rows and note how many."""
        rows = await self._real.fetch(query, *args)
        self._work.append((query, len(rows)))
        return rows

    async def fetchrow(self, query: Any, *args: object) -> Record | None:
        """Return the first row and note whether there is one."""
        row = await self._real.fetchrow(query, *args)
        self._work.append((query, int(row is not None)))
        return row

    async def fetchval(self, query: Any, *args: object) -> object:
        """Return the first value and note the statement."""
        self._work.append((query, 0))
        return await self._real.fetchval(query, *args)

    def transaction(self) -> AbstractAsyncContextManager[object]:
        """Begin a transaction and note it."""
        self._work.append(("begin", 0))
        return self._real.transaction()


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    """Return what the database is asked from now on, by everybody in this process."""
    noted: Work = []
    lent = Database.shared

    @asynccontextmanager
    async def shared(self: Database) -> AsyncGenerator[Overheard]:
        async with lent(self) as connection:
            yield Overheard(connection, noted)

    monkeypatch.setattr(Database, "shared", shared)
    return noted


@pytest_asyncio.fixture(loop_scope="module")
async def visitor(shared_town: Town) -> AsyncGenerator[Browser]:
    """Return Finn's browser, signed in."""
    async with Browser(shared_town.world, person("finn")) as browser:
        await browser.open(shared_town.url + "/invoices")
        yield browser


async def each(town: Town, work: Work, *doings: Callable[[], Awaitable[object]]) -> list[Work]:
    """Return what work each of *doings* makes, once it has come to its end; Work 365 is asked for nothing."""
    await town.house.turns.drain(5)
    asked, found = len(town.world.asked("dataverse")), list[Work]()
    for doing in doings:
        work.clear()
        await doing()
        await town.house.turns.drain(5)
        found.append(list(work))
    assert len(town.world.asked("dataverse")) == asked
    return found


class TestAbsentInvoice:
    @pytest.mark.parametrize("command", ["invoice", "details", "pay", "usage", "print", "snooze"])
    async def test_is_as_much_work_when_typed(self, shared_town: Town, finn: Chat, work: Work, command: str) -> None:
        hidden = str(shared_town.world.tables["invoices"][bill_id("contoso.draft")]["invoicenumber"])
        foreign_one = min(each for each in numbers_of(shared_town, *OTHERS) if each.startswith("INV-"))
        numbers = (foreign_one, hidden, "INV-99999")  # of one form: how it is looked up depends on what was typed, and on nothing else
        await finn.ask("help")

        foreign, own, missing = await each(shared_town, work, *(lambda n=n: finn.ask(f"{command} {n}") for n in numbers))

        assert foreign == own == missing
        looks = [done for done in missing if done[0] in {BY_NUMBER, BY_END_OF_NUMBER}]
        assert looks == [(BY_NUMBER, 0), (BY_END_OF_NUMBER, 0)] * 2  # as typed, then its digits alone

    @pytest.mark.parametrize("verb", ["invoice.details", "invoice.snooze"])
    async def test_is_as_much_work_when_pressed(self, shared_town: Town, finn: Chat, work: Work, verb: str) -> None:
        await finn.ask("help")

        foreign, own, missing = await each(shared_town, work, *(lambda i=i: press(shared_town, "finn", verb, {"invoice": i}) for i in IDS))

        assert foreign == own == missing
        assert missing

    @pytest.mark.parametrize("path", ["", "/pay", "/invoice.pdf", "/usage.csv"])
    async def test_is_as_much_work_on_a_page(self, shared_town: Town, visitor: Browser, work: Work, path: str) -> None:
        addresses = [f"{shared_town.url}/invoices/{i}{path}" for i in IDS]

        pages = await each(shared_town, work, *(lambda a=a: visitor.open(a) for a in addresses))

        assert pages[0] == pages[1] == pages[2]
        assert pages[2]

    async def test_is_as_much_work_when_searched_for_on_a_page(self, shared_town: Town, visitor: Browser, work: Work) -> None:
        hidden = str(shared_town.world.tables["invoices"][bill_id("contoso.draft")]["invoicenumber"])
        numbers = (min(numbers_of(shared_town, *OTHERS)), hidden, "INV-99999")

        pages = await each(shared_town, work, *(lambda n=n: visitor.open(f"{shared_town.url}/invoices?number={n}") for n in numbers))

        assert pages[0] == pages[1] == pages[2]
        assert (BY_NUMBER, 0) in pages[2]
