"""Somebody who is forgotten while a reminder is on its way to them: nothing of them is left, and nothing more is sent."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable

import pytest

from backends.postgres.conversations import PostgresConversations
from backends.postgres.embedded import EmbeddedServer
from backends.postgres.forgetting import Forgetting
from billing.delivery import NotDelivered, Outcome
from bot.connector import Connector
from bot.notifier import Notifier
from bot.wire import Wire
from sandbox.driver import text_of
from sandbox.faults import Fault
from tests import databases
from tests.reminders import office as offices
from tests.reminders.office import Office, person_of
from tests.reminding import POST, one_pass, reachable, reminded_town, reminders_in


@pytest.fixture
async def office(database_url: str) -> AsyncGenerator[Office]:
    """Return an office on a Monday morning in New York."""
    async with offices.office(database_url) as opened:
        yield opened


class Meanwhile(Connector):
    """A way to Teams on which something happens before the first message ends as told; all others arrive."""

    def __init__(self, event: Callable[[], Awaitable[object]], failure: NotDelivered | None) -> None:
        self._event = event
        self._failure = failure
        self.sent = 0

    async def send_once(self, service_url: str, conversation: str, activity: Wire) -> str:
        del service_url, conversation, activity
        self.sent += 1
        if self.sent == 1:
            await self._event()
            if self._failure:
                raise self._failure
        return str(self.sent)


class TestForgotten:
    @pytest.mark.parametrize(
        "failure",
        [
            None,
            NotDelivered(Outcome.TOO_BIG),
            NotDelivered(Outcome.WRONG_HOST, code="InvalidBotApiHost"),
            NotDelivered(Outcome.OPTED_OUT),
            NotDelivered(Outcome.CONFLICT),
            NotDelivered(Outcome.THROTTLED, 1.0),
            NotDelivered(Outcome.UNCERTAIN),
        ],
        ids=lambda failure: failure.outcome.value if failure else "sent",
    )
    async def test_while_it_is_under_way_leaves_nothing_however_it_ends(
        self, office: Office, postgres: EmbeddedServer, database_url: str, failure: NotDelivered | None
    ) -> None:
        crowd = await office.settle()
        await office.bill(crowd)
        await office.keep_fresh()
        await office.reminders.planner.run()
        who = person_of(crowd.people[0])
        teams = Meanwhile(lambda: Forgetting(office.database, office.clock).forget(who.tenant, who.id), failure)
        delivery = office.delivery(Notifier(teams, PostgresConversations(office.database, office.clock)))

        await delivery.drain(who.tenant)
        await office.one_pass()
        await delivery.drain(who.tenant)

        assert teams.sent == 1
        assert not await office.states()
        async with databases.superuser(postgres, database_url) as admin:
            assert await databases.mentioning(admin, who.id) == set()

    async def test_by_their_own_word_while_it_is_under_way(self, postgres: EmbeddedServer, database_url: str) -> None:
        async with reminded_town(database_url) as (town, _, _):
            finn, ada = await reachable(town, "finn"), await reachable(town, "ada")
            let_go = asyncio.Event()
            town.world.faults.add(Fault("connector", f"{POST}/{finn.client.conversation.id}", until=let_go))

            passing = asyncio.create_task(one_pass(town.house.reminders))
            await ada.next()  # they are written to at the same time
            asked = await finn.ask("delete my data")
            await finn.press(asked, "Delete my data")
            let_go.set()
            done = await passing
            again = [await one_pass(town.house.reminders) for _ in range(2)]

            assert "deleted" in text_of(finn.current(asked))
            assert (done["sent"], [each["sent"] for each in again]) == (2, [0, 0])
            assert len(reminders_in(finn)) == 1
        async with databases.superuser(postgres, database_url) as admin:
            assert await databases.mentioning(admin, finn.person.oid) == set()
