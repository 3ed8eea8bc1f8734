"""The worker's side: one drain a tenant, and what had to wait comes again by itself."""

import asyncio
import gc
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

import pytest

from assembly.running import every
from backends.postgres.embedded import EmbeddedServer
from backends.postgres.job_lines import JobLines
from reminders.schedule import queries_over
from sandbox.faults import Fault
from tests import databases
from tests.clock import ShiftedClock
from tests.crowd import Crowd
from tests.patience import PATIENCE_S
from tests.reminders import office as offices
from tests.reminders.office import Office
from tests.reminding import POST

SECOND = timedelta(seconds=1)
CUT = """
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and state = 'idle' and query ilike 'listen%'
"""


@pytest.fixture
async def office(database_url: str) -> AsyncGenerator[Office]:
    """Return an office that lives by the real clock: PGQueuer knows no other."""
    async with offices.office(database_url, ShiftedClock()) as opened:
        yield opened


async def crowded(office: Office, companies: int, people_each: int = 2) -> Crowd:
    """Return people to whom it is noon, with something planned for each."""
    now = datetime.now(UTC)
    crowd = await office.settle(companies, people_each, f"Etc/GMT{now.hour - 12:+d}")
    for company in crowd.companies:
        await office.bill(crowd, company.key, now.date(), account=company.id)
    await office.keep_fresh()
    return crowd


@asynccontextmanager
async def working(office: Office, again_s: float | None = None) -> AsyncGenerator[None]:
    """Run a worker's part for as long as the block takes; begin it again after so many seconds, as ``work`` does, where they are given."""
    run = office.reminders.schedule.run
    task = asyncio.create_task(run() if again_s is None else every(again_s, "reminders", run))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def everybody_got_one(office: Office, crowd: Crowd) -> None:
    for each in crowd.people:
        chat = office.world.teams.client(each).conversation
        await chat.wait_for(lambda chat=chat: chat.shown or None, PATIENCE_S)


class TestPump:
    async def test_gives_each_tenant_one_drain_however_often_it_looks(self, office: Office) -> None:
        await crowded(office, 3)
        await office.reminders.planner.run()
        queries = queries_over(JobLines(office.database))

        for _ in range(3):
            await office.reminders.schedule.pump(queries)

        assert sum(each.count for each in await queries.queue_size()) == 3


class TestCut:
    async def test_goes_on_where_nobody_hears_notifications_any_more(
        self, office: Office, postgres: EmbeddedServer, database_url: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        async with databases.superuser(postgres, database_url) as admin, working(office, again_s=0.1):
            async with asyncio.timeout(PATIENCE_S):
                while not await admin.fetchval(CUT):  # noqa: ASYNC110 - PostgreSQL rings no bell
                    await asyncio.sleep(0)
            crowd = await crowded(office, 2)
            await office.reminders.planner.run()
            await office.reminders.schedule.pump(queries_over(JobLines(office.database)))
            await everybody_got_one(office, crowd)
        gc.collect()

        assert crowd.got(office.world) == [1] * 4
        assert [each.message for each in caplog.records if each.name == "asyncio"] == []


class TestRun:
    async def test_plans_and_delivers(self, office: Office) -> None:
        crowd = await crowded(office, 3)

        async with working(office):
            await everybody_got_one(office, crowd)

        assert crowd.got(office.world) == [1] * 6
        assert set(await office.states()) == {("sent", "")}
        assert 'my_invoices_reminder_messages_total{outcome="sent"} 6.0' in office.measured

    async def test_writes_to_one_tenant_at_most_thirty_times_in_any_second(self, office: Office) -> None:
        crowd = await crowded(office, 1, people_each=200)

        async with working(office):
            await everybody_got_one(office, crowd)

        arrived = [each.at for each in office.world.asked("connector", POST)]
        assert len(arrived) == 200
        assert max(sum(start <= each < start + SECOND for each in arrived) for start in arrived) <= 30
        assert arrived[-1] - arrived[0] >= 6 * SECOND

    async def test_comes_back_to_a_tenant_that_had_to_pause(self, office: Office) -> None:
        crowd = await crowded(office, 1)
        office.world.faults.add(Fault("connector", POST, status=429, headers={"Retry-After": "1"}, times=2))

        async with working(office):
            await everybody_got_one(office, crowd)

        assert crowd.got(office.world) == [1, 1]

    async def test_serves_the_others_while_a_tenant_has_to_pause(self, office: Office) -> None:
        crowd = await crowded(office, 2)
        slow = office.world.teams.client(crowd.people[0]).conversation
        office.world.faults.add(Fault("connector", slow.id, status=429, times=None))

        async with working(office):
            for each in crowd.people[2:]:
                chat = office.world.teams.client(each).conversation
                await chat.wait_for(lambda chat=chat: chat.shown or None, PATIENCE_S)

        assert crowd.got(office.world)[0] == 0
        assert crowd.got(office.world)[2:] == [1, 1]
