"""Work 365 takes half a minute: the message is taken at once, the bot is seen typing, and the copy is shown with its age."""

from time import perf_counter

from backends.dataverse.limits import Limits
from sandbox.demo import bill_id
from sandbox.driver import text_of
from sandbox.faults import Fault
from tests import town as towns
from tests.journeys.speaking import signed_in

SLOW_S = 30.0


class TestSlowWork365:
    async def test_keeps_nobody_waiting_without_a_sign_of_life(self, database_url: str) -> None:
        async with towns.town(database_url, limits=Limits()) as town:  # as patient as the product
            chat = await signed_in(town, "finn")
            conversation, number = chat.client.conversation, town.world.tables["invoices"][bill_id("contoso.week")]["invoicenumber"]
            chat.skip()
            town.world.faults.add(Fault("dataverse", delay_s=SLOW_S, times=None))
            before, asked = len(conversation.events), perf_counter()

            taken = await chat.say(f"invoice {number}")
            shown_by_then = [each.kind for each in conversation.events[before:]]
            answer = text_of(await chat.next())
            waited_s = perf_counter() - asked

            assert taken is not None
            assert taken.status == 202
            assert shown_by_then.count("message") == 1  # the question, not the answer
            assert [each.kind for each in conversation.events[before:]] == ["message", "typing", "message"]
            assert waited_s < SLOW_S
            assert number in answer
            assert "not read afresh" in answer
