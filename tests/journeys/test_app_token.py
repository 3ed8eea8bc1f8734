"""The bot's own token is renewed beside the conversation, not in its way."""

from datetime import timedelta

from sandbox.driver import text_of
from sandbox.faults import Fault
from tests.clock import ShiftedClock
from tests.town import town


class TestSlowEntra:
    async def test_holds_up_no_answer_while_the_old_token_is_good(self, database_url: str, clock: ShiftedClock) -> None:
        async with town(database_url, clock) as there:
            chat = await there.opened("finn")
            asked = len(there.world.asked("entra", "oauth2/v2.0/token"))
            there.world.faults.add(Fault("entra", "oauth2/v2.0/token", delay_s=10))
            clock.advance(timedelta(minutes=38))

            answers = [text_of(await chat.ask("help", timeout_s=5)) for _ in range(2)]

            assert all(each.startswith("What you can ask") for each in answers)
            assert len(there.world.asked("entra", "oauth2/v2.0/token")) == asked + 1
