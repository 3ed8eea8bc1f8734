"""The channel's signing keys change, and cannot be fetched: who is known goes on, and nobody else comes in."""

from datetime import timedelta

from sandbox.driver import text_of
from sandbox.faults import Fault
from tests.clock import ShiftedClock
from tests.journeys.speaking import moment
from tests.town import town as built_town


class TestKeys:
    async def test_that_are_new_are_accepted_within_a_refetch(self, database_url: str, clock: ShiftedClock) -> None:
        async with built_town(database_url, clock) as town:
            chat = await town.opened("finn")
            town.world.teams.keys.rotate()
            town.world.teams.keys.withdraw_old()
            clock.advance(timedelta(minutes=1, seconds=1))

            assert text_of(await chat.ask("help")).startswith("What you can ask")

    async def test_that_are_known_serve_through_an_outage(self, database_url: str, clock: ShiftedClock) -> None:
        async with built_town(database_url, clock) as town:
            chat = await town.opened("finn")
            town.world.faults.add(Fault("keys", status=503, times=None))
            clock.advance(timedelta(hours=7))

            assert text_of(await chat.ask("help")).startswith("What you can ask")
            assert town.world.asked("keys", "/botframework")[-1].at > clock() - timedelta(hours=1)

    async def test_that_are_unknown_are_refused_during_an_outage_and_accepted_after_it(
        self, database_url: str, clock: ShiftedClock
    ) -> None:
        async with built_town(database_url, clock) as town:
            await town.opened("finn")
            town.world.teams.keys.rotate()
            town.world.faults.add(Fault("keys", status=503, times=None))
            clock.advance(timedelta(hours=7))
            message = moment(town, "finn").message("rotated", "help")

            during = await town.world.teams.delivery.send(message)
            town.world.faults.clear()
            clock.advance(timedelta(minutes=1, seconds=1))
            after = await town.world.teams.delivery.send(message)

            assert (during.status, after.status) == (401, 202)
