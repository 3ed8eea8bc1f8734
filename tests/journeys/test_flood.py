"""One person sends two hundred messages a second: one notice, a bounded number of answers, and nobody else notices."""

import asyncio
from datetime import timedelta
from time import perf_counter

from bot.flood import MESSAGES
from sandbox.driver import text_of
from tests import town as towns
from tests.clock import ShiftedClock
from tests.journeys.speaking import moment, signed_in
from tests.town import Town

A_SECOND = 200
SECONDS = 3
AT_ONCE = 20
PROMPTLY_S = 10.0
"""Far more than it takes, for load, clouds and bot share one processor here; the six hundred answers would take longer."""


async def flood(town: Town, clock: ShiftedClock) -> list[int]:
    """Let Finn write as fast as the bot takes it, which is two hundred messages for each second of the town; return the statuses."""
    told = moment(town, "finn")
    statuses: list[int] = []
    for batch in range(SECONDS * A_SECOND // AT_ONCE):
        clock.advance(timedelta(seconds=AT_ONCE / A_SECOND))
        messages = [told.message(f"{batch}.{n}", "help") for n in range(AT_ONCE)]
        answers = await asyncio.gather(*(town.world.teams.delivery.send(each) for each in messages))
        statuses += [each.status for each in answers]
    return statuses


class TestFlood:
    async def test_gets_one_notice_and_few_answers_while_another_company_is_answered(self, database_url: str, clock: ShiftedClock) -> None:
        async with towns.town(database_url, clock) as town:
            finn, fay = await signed_in(town, "finn"), await signed_in(town, "fay")
            clock.advance(timedelta(minutes=1))
            before, began = len(finn.shown), clock()

            flooding = asyncio.create_task(flood(town, clock))
            await finn.wait_for(lambda each: each.text.startswith("That was a lot at once."), 30)
            asked = perf_counter()
            answer = await fay.ask("open invoices", 2 * PROMPTLY_S)
            waited_s, was_flooding = perf_counter() - asked, not flooding.done()
            statuses = await flooding
            lasted_s = (clock() - began).total_seconds()
            await town.house.turns.drain(10)

            said = [text_of(each) for each in finn.shown[before:]]
            notices = [each for each in said if each.startswith("That was a lot at once.")]
            assert set(statuses) == {202}
            assert len(statuses) == SECONDS * A_SECOND
            assert len(notices) == 1
            assert MESSAGES.burst <= len(said) - len(notices) <= MESSAGES.burst + lasted_s * MESSAGES.per_s + 1
            assert text_of(answer).startswith("Open invoices")
            assert was_flooding
            assert waited_s < PROMPTLY_S
