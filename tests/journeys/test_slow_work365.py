"""Work 365 takes half a minute: the message is taken at once, the bot is seen typing, and the copy is shown with its age."""

import asyncio
from time import perf_counter

from backends.dataverse.limits import Limits
from sandbox.demo import bill_id
from sandbox.driver import text_of
from sandbox.faults import Fault
from tests.journeys.speaking import signed_in
from tests.town import Town

BUDGET_S = Limits().one_s
SLOW_S = 30.0
BUSY_S = 8.0
"""What a busy machine may add; still far from SLOW_S."""


class TestSlowWork365:
    async def test_keeps_nobody_waiting_without_a_sign_of_life(self, town: Town) -> None:
        chat = await signed_in(town, "finn")
        conversation, number = chat.client.conversation, town.world.tables["invoices"][bill_id("contoso.week")]["invoicenumber"]
        chat.skip()
        town.world.faults.add(Fault("dataverse", delay_s=SLOW_S, times=None))
        before, asked = len(conversation.events), perf_counter()

        def happened(kind: str, times: int) -> bool | None:
            return [each.kind for each in conversation.events[before:]].count(kind) >= times or None

        typing = asyncio.create_task(conversation.wait_for(lambda: happened("typing", 1), SLOW_S))
        taken = await chat.say(f"invoice {number}")
        taken_s = perf_counter() - asked
        await typing
        typing_s = perf_counter() - asked
        answer = text_of(await chat.next(SLOW_S))
        answered_s = perf_counter() - asked

        assert taken is not None
        assert taken.status == 202
        assert taken_s < BUDGET_S  # nobody who waited for Work 365 would have answered by then
        assert [each.kind for each in conversation.events[before:]] == ["message", "typing", "message"]
        assert typing_s < answered_s < BUDGET_S + BUSY_S
        assert number in answer
        assert "not read afresh" in answer
