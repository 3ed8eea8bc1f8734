"""What a process has under way at a time: bounded, recorded at once, and stopped by a person who removes the app meanwhile."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import replace

import pytest

from backends.postgres.database import Database
from backends.postgres.ledger_outbox import PostgresOutbox
from billing.due import Why
from billing.errors import SourceDown
from billing.people import Conversation
from billing.ports import Json
from billing.reminding import Ended
from reminders.deliver import CHUNK, UNDER_WAY, Delivery
from reminders.pace import Pace
from tests.clock import ShiftedClock
from tests.crowd import Crowd
from tests.patience import PATIENCE_S
from tests.reminders import office as offices
from tests.reminders.office import Office, person_of

ALL_THAT_MAY = CHUNK * UNDER_WAY


@pytest.fixture
async def office(database_url: str) -> AsyncGenerator[Office]:
    """Return an office on a Monday morning in New York."""
    async with offices.office(database_url) as opened:
        yield opened


class Held:
    """A way to a chat on which messages stay until they are let go."""

    def __init__(self, enough: int) -> None:
        self._enough = enough
        self.sent = 0
        self.are_enough, self.let_go = asyncio.Event(), asyncio.Event()

    async def send(self, conversation: Conversation, card: Json, summary: str) -> None:
        del conversation, card, summary
        self.sent += 1
        if self.sent == self._enough:
            self.are_enough.set()
        await self.let_go.wait()


class Interrupted:
    """A way to a chat on which something happens before the first message has arrived."""

    def __init__(self, event: Callable[[], Awaitable[None]]) -> None:
        self._event = event
        self.reached: list[str] = []

    async def send(self, conversation: Conversation, card: Json, summary: str) -> None:
        del card, summary
        if not self.reached:
            await self._event()
        self.reached.append(conversation.person.id)


class Shaken(PostgresOutbox):
    """An outbox whose next ends of attempts fail."""

    def __init__(self, database: Database, *failures: Exception) -> None:
        super().__init__(database, ShiftedClock())
        self._failures = [*failures]
        self.has_failed = asyncio.Event()

    async def end(self, attempt: Ended) -> None:
        if self._failures:
            self.has_failed.set()
            raise self._failures.pop()
        await super().end(attempt)


async def planned(office: Office, companies: int, people_each: int) -> Crowd:
    """Return a crowd of whom everybody has a reminder before them."""
    crowd = await office.settle(companies, people_each)
    for company in crowd.companies:
        await office.bill(crowd, company.key, account=company.id)
    await office.keep_fresh()
    await office.reminders.planner.run()
    return crowd


async def drained(office: Office, delivery: Delivery, shared: Pace | None = None) -> None:
    """Drain all tenants at the same time."""
    tenants = await office.reminders.outbox.tenants(office.clock())
    await asyncio.gather(*(delivery.drain(tenant, shared) for tenant in tenants))


def over(office: Office, outbox: PostgresOutbox) -> Office:
    """Return the office with another outbox."""
    return replace(office, reminders=replace(office.reminders, outbox=outbox))


async def by_state(office: Office) -> dict[str, int]:
    """Return how many rows of the ledger are in each state."""
    return {state: count for (state, _), count in (await office.states()).items()}


class TestUnderWay:
    async def test_is_no_more_than_a_crash_may_leave_in_doubt(self, office: Office) -> None:
        await planned(office, UNDER_WAY + 2, CHUNK)
        held = Held(ALL_THAT_MAY)

        draining = asyncio.create_task(drained(office, office.delivery(held)))
        await held.are_enough.wait()
        meanwhile = await by_state(office)
        held.let_go.set()
        await draining

        assert meanwhile == {"sending": ALL_THAT_MAY, "planned": 2 * CHUNK}
        assert await by_state(office) == {"sent": ALL_THAT_MAY + 2 * CHUNK}

    async def test_ends_with_each_message_and_not_with_the_slowest(self, office: Office) -> None:
        crowd = await planned(office, 1, 2)
        slow = Held(1)

        class OneIsSlow:
            async def send(self, conversation: Conversation, card: Json, summary: str) -> None:
                if conversation.person == person_of(crowd.people[0]):
                    await slow.send(conversation, card, summary)

        draining = asyncio.create_task(drained(office, office.delivery(OneIsSlow())))
        await slow.are_enough.wait()
        async with asyncio.timeout(PATIENCE_S):
            while (meanwhile := await by_state(office)).get("sent") != 1:
                pass
        slow.let_go.set()
        await draining

        assert meanwhile == {"sending": 1, "sent": 1}

    async def test_is_all_that_is_sent_once_it_has_to_stop(self, office: Office) -> None:
        await planned(office, UNDER_WAY + 2, CHUNK)
        held = Held(ALL_THAT_MAY)
        delivery = office.delivery(held)

        draining = asyncio.create_task(drained(office, delivery))
        await held.are_enough.wait()
        delivery.stop()
        held.let_go.set()
        await draining

        assert await by_state(office) == {"sent": ALL_THAT_MAY, "planned": 2 * CHUNK}

    async def test_goes_at_the_pace_of_the_whole_process(self, office: Office) -> None:
        await planned(office, 3, CHUNK)
        waits: list[float] = []

        async def wait(seconds: float) -> None:
            waits.append(seconds)

        held = Held(0)
        held.let_go.set()
        await drained(office, office.delivery(held), Pace(CHUNK / 3600, wait))

        assert [round(each / 3600, 1) for each in waits] == [0, 1, 1]


class TestRecord:
    async def test_waits_for_a_database_that_is_away_for_a_moment(self, office: Office) -> None:
        await planned(office, 1, 2)
        at_once = Held(0)
        at_once.let_go.set()

        await drained(office, over(office, Shaken(office.database, SourceDown(source="database"))).delivery(at_once))

        assert at_once.sent == 2
        assert await by_state(office) == {"sent": 2}

    async def test_that_fails_is_told_once_nothing_is_under_way_any_more(self, office: Office) -> None:
        crowd = await planned(office, 1, 2)
        slow, outbox = Held(1), Shaken(office.database, ValueError("nobody foresaw this"))

        class OneIsSlow:
            async def send(self, conversation: Conversation, card: Json, summary: str) -> None:
                if conversation.person == person_of(crowd.people[0]):
                    await slow.send(conversation, card, summary)

        draining = asyncio.create_task(drained(office, over(office, outbox).delivery(OneIsSlow())))
        await outbox.has_failed.wait()
        meanwhile = await by_state(office)
        has_ended = draining.done()
        slow.let_go.set()
        with pytest.raises(ValueError, match="nobody foresaw this"):
            await draining

        assert not has_ended
        assert meanwhile == {"sending": 2}
        assert await by_state(office) == {"sending": 1, "sent": 1}


class TestRemoval:
    async def test_in_the_middle_of_a_drain_silences_who_has_not_been_written_to(self, office: Office) -> None:
        crowd = await planned(office, 1, CHUNK + 2)

        async def everybody_removes_the_app() -> None:
            async with office.database.shared() as connection:
                await connection.execute("update bot.conversations set removed = now()")

        interrupted = Interrupted(everybody_removes_the_app)
        await drained(office, office.delivery(interrupted))
        ended = await office.states()
        for each in crowd.people:
            await office.put_back(each)
        await drained(office, office.delivery(interrupted))

        assert ended == {("sent", ""): CHUNK, ("suppressed", Why.UNINSTALLED): 2}
        assert len(interrupted.reached) == CHUNK
        assert await office.states() == ended
