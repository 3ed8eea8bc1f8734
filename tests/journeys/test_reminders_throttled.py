"""What surely did not arrive comes again: later, spread out, and each once."""

from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest

from sandbox.faults import Fault
from tests.reminders import office as offices
from tests.reminders.office import Office
from tests.reminding import POST, refusal


@pytest.fixture
async def office(database_url: str) -> AsyncGenerator[Office]:
    """Return an office on a Monday morning in New York."""
    async with offices.office(database_url) as opened:
        yield opened


class TestConflict:
    async def test_a_conflict_goes_again_half_a_minute_later(self, office: Office) -> None:
        crowd = await office.settle()
        await office.bill(crowd)
        office.world.faults.add(refusal(412, "PreconditionFailed"))

        at_once = [await office.one_pass(), await office.one_pass()]
        office.advance(timedelta(seconds=38))
        later = await office.one_pass()

        assert [each["sent"] for each in at_once] == [0, 0]
        assert later["sent"] == 1
        assert len(office.world.asked("connector", POST)) == 2

    async def test_a_burst_of_conflicts_comes_again_spread_out_and_each_once(self, office: Office) -> None:
        crowd = await office.settle(people_each=40)
        await office.bill(crowd)
        office.world.faults.add(refusal(412, "PreconditionFailed", times=60))

        burst = await office.one_pass()
        async with office.database.shared() as connection:
            waits = [
                (row[0] - office.clock()).total_seconds()
                for row in await connection.fetch("select not_before from bot.reminder_ledger where state = 'planned'")
            ]
        office.advance(timedelta(seconds=38))
        second = await office.one_pass()
        office.advance(timedelta(seconds=38))
        await office.one_pass()

        assert (burst["planned again"], second["planned again"]) == (40, 20)
        assert 22 <= min(waits) < 28
        assert 32 < max(waits) <= 38
        assert len(set(waits)) > 30
        assert crowd.got(office.world) == [1] * 40
        assert await office.states() == {("sent", ""): 40}


class TestThrottling:
    async def test_pauses_that_tenant_alone_and_delivers_each_once(self, office: Office) -> None:
        crowd = await office.settle(2, 50)
        for company in crowd.companies:
            await office.bill(crowd, company.key, account=company.id)
        slow = crowd.people[2]
        chat = office.world.teams.client(slow).conversation.id
        office.world.faults.add(Fault("connector", chat, status=429, headers={"Retry-After": "30"}))

        first = await office.one_pass()
        office.advance(timedelta(seconds=29))
        paused = await office.one_pass()
        office.advance(timedelta(seconds=2))
        rest = await office.one_pass()

        assert first["sent"] >= 50
        assert paused["sent"] == 0
        assert first["sent"] + rest["sent"] == 100
        assert crowd.got(office.world) == [1] * 100

    async def test_backs_off_longer_each_time_where_teams_does_not_say(self, office: Office) -> None:
        crowd = await office.settle()
        await office.bill(crowd)
        office.world.faults.add(refusal(429, "Throttled", times=None))
        await office.keep_fresh()
        await office.reminders.planner.run()

        pauses: list[float] = []
        for _ in range(10):
            (tenant,) = await office.reminders.outbox.tenants(office.clock())
            await office.keep_fresh()
            pause = (await office.reminders.delivery.drain(tenant)).pause or timedelta(0)
            pauses.append(pause.total_seconds())
            office.advance(pause)
        office.world.faults.clear()

        assert 1 <= pauses[0] <= 3
        assert pauses[4] > pauses[2] > pauses[0]
        assert max(pauses) <= 375
        assert (await office.one_pass())["sent"] == 1
