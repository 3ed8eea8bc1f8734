"""A message is answered once: not never, and not twice."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import asyncio
import json
from datetime import timedelta

import pytest

from backends.postgres.database import Database
from billing.errors import Malformed, Overloaded, SourceDown
from billing.people import SignInRequest
from bot.fairness import Bounds
from bot.turns import ABANDONED_AFTER
from tests.bot.activities import ADA, recorded
from tests.bot.desk import FEW, Desk
from tests.bot.receiver import Receiver, refused
from tests.make import NOW
from tests.patience import PATIENCE_S


@pytest.fixture
def desk(receiver: Receiver, database: Database) -> Desk:
    """Return turns over a real inbox."""
    return Desk(receiver, database)


class TestAccept:
    async def test_answers_and_forgets(self, desk: Desk) -> None:
        await desk.accept()
        await desk.turns.drain(PATIENCE_S)

        assert desk.said() == ["re: open invoices"]
        assert await desk.left() == 0

    async def test_answers_at_once_that_it_will_answer(self, desk: Desk) -> None:
        desk.may.clear()

        await desk.accept()

        assert desk.said() == []
        desk.may.set()
        await desk.turns.drain(PATIENCE_S)
        assert desk.said() == ["re: open invoices"]

    async def test_answers_a_repeated_delivery_once(self, desk: Desk) -> None:
        for _ in range(5):
            await desk.accept()
        await desk.turns.drain(PATIENCE_S)

        assert desk.said() == ["re: open invoices"]

    async def test_answers_once_when_two_processes_get_it_at_the_same_time(self, desk: Desk) -> None:
        wire, processes = desk.wire(), [desk.another() for _ in range(2)]

        await asyncio.gather(*(each.accept(wire, b"{}") for each in processes for _ in range(5)))
        await asyncio.gather(*(each.drain(PATIENCE_S) for each in processes))

        assert desk.said() == ["re: open invoices"]

    async def test_refuses_what_cannot_be_read_and_keeps_nothing_of_it(self, desk: Desk) -> None:
        with pytest.raises(Malformed):
            await desk.accept(text={"not": "a text"})

        assert await desk.left() == 0


class TestFailure:
    @pytest.mark.parametrize(("locale", "said"), [("en-US", "Sorry, that took too long"), ("de-DE", "Das hat leider zu lange gedauert")])
    async def test_is_apologized_for_with_a_reference(self, desk: Desk, locale: str, said: str) -> None:
        desk.failure = RuntimeError("secret detail")

        await desk.accept(locale=locale)
        await desk.turns.drain(PATIENCE_S)

        [told] = desk.said()
        assert told.startswith(said)
        assert " (Referen" in told
        assert "secret" not in told
        assert await desk.left() == 0

    async def test_is_explained_where_we_foresaw_it(self, desk: Desk) -> None:
        desk.failure = SourceDown(source="database")

        await desk.accept()
        await desk.turns.drain(PATIENCE_S)

        assert desk.said()[0].startswith(SourceDown.say)

    async def test_is_not_apologized_for_where_nobody_asked(self, desk: Desk) -> None:
        desk.failure = RuntimeError("x")

        await desk.accept(type="messageReaction")
        await desk.turns.drain(PATIENCE_S)

        assert desk.said() == []
        assert await desk.left() == 0

    async def test_ends_a_turn_that_takes_too_long(self, desk: Desk) -> None:
        desk.limit(turn_s=0.01)
        desk.may.clear()

        await desk.accept()
        await desk.turns.drain(PATIENCE_S)

        assert desk.said()[0].startswith("Sorry, ")

    async def test_to_deliver_is_not_tried_again(self, desk: Desk) -> None:
        desk.receiver.replies = [refused(500)]

        await desk.accept()
        await desk.turns.drain(PATIENCE_S)

        assert len(desk.receiver.asked) == 1
        assert await desk.left() == 0


class TestInvoke:
    async def test_is_answered_now(self, desk: Desk) -> None:
        answered = await desk.turns.invoke(recorded("adaptive_card_action"))

        assert answered is not None
        assert answered.status == 200

    async def test_is_not_waited_for_without_end(self, desk: Desk) -> None:
        desk.limit(invoke_s=0.01)
        desk.may.clear()

        with pytest.raises(TimeoutError):
            await desk.turns.invoke(recorded("adaptive_card_action"))


class TestDrain:
    async def test_waits_for_every_running_turn(self, desk: Desk) -> None:
        desk.may.clear()
        for number in range(100):
            await desk.accept(str(number), channelData={"tenant": {"id": f"company {number % 7}"}})

        asyncio.get_running_loop().call_soon(desk.may.set)
        await desk.turns.drain(PATIENCE_S)

        assert len(desk.said()) == 100
        assert await desk.left() == 0

    async def test_leaves_what_does_not_finish_to_another_process(self, desk: Desk) -> None:
        desk.may.clear()
        await desk.accept()

        await desk.turns.drain(0.01)

        assert desk.said() == []
        assert await desk.left() == 1

    async def test_of_nothing_takes_no_time(self, desk: Desk) -> None:
        await desk.turns.drain(PATIENCE_S)


class TestOverload:
    """Every turn waits until ``may`` is set, so what runs and what waits is exact."""

    @pytest.fixture(autouse=True)
    def few(self, desk: Desk) -> None:
        """Let two turns run, one of a company, and six wait, four of a company."""
        desk.limit(bounds=FEW)
        desk.may.clear()

    async def ask(self, desk: Desk, company: str, *numbers: int) -> None:
        """Let people of *company* ask."""
        for number in numbers:
            await desk.accept(f"{company}{number}", text=f"{company}{number}", channelData={"tenant": {"id": company}})

    async def test_lets_companies_take_turns(self, desk: Desk) -> None:
        await self.ask(desk, "noisy", 1, 2, 3, 4, 5)
        await self.ask(desk, "quiet", 1)
        await self.ask(desk, "other", 1)

        desk.may.set()
        await desk.turns.drain(PATIENCE_S)

        assert desk.seen[:2] == ["noisy1", "quiet1"]
        assert desk.seen.index("other1") < desk.seen.index("noisy3")
        assert sorted(desk.seen) == sorted([f"noisy{number}" for number in range(1, 6)] + ["quiet1", "other1"])

    async def test_refuses_a_company_that_has_too_much_waiting_and_no_other(self, desk: Desk) -> None:
        await self.ask(desk, "noisy", 1, 2, 3, 4, 5)

        with pytest.raises(Overloaded):
            await self.ask(desk, "noisy", 6)
        await self.ask(desk, "quiet", 1)

        desk.may.set()
        await desk.turns.drain(PATIENCE_S)
        assert "noisy6" not in desk.seen
        assert "quiet1" in desk.seen

    async def test_refuses_everybody_when_too_much_waits(self, desk: Desk) -> None:
        for company in "abcd":
            await self.ask(desk, company, 1, 2)

        with pytest.raises(Overloaded):
            await self.ask(desk, "e", 1)

        desk.may.set()
        await desk.turns.drain(PATIENCE_S)
        assert len(desk.said()) == 8

    async def test_keeps_nothing_of_what_it_refuses(self, desk: Desk) -> None:
        await self.ask(desk, "noisy", 1, 2, 3, 4, 5)
        with pytest.raises(Overloaded):
            await self.ask(desk, "noisy", 6)
        desk.may.set()
        await desk.turns.drain(PATIENCE_S)

        await self.ask(desk, "noisy", 6)
        await desk.turns.drain(PATIENCE_S)

        assert desk.seen.count("noisy6") == 1

    async def test_leaves_what_waits_to_another_process_when_it_ends(self, desk: Desk) -> None:
        await self.ask(desk, "noisy", 1, 2, 3)

        await desk.turns.drain(0.01)

        assert desk.seen == ["noisy1"]
        assert await desk.left() == 3

    async def test_leaves_what_has_waited_too_long_to_another_process(self, desk: Desk) -> None:
        desk.limit(bounds=FEW, waits_s=0.5)
        await self.ask(desk, "noisy", 1, 2)

        asyncio.get_running_loop().call_later(0.7, desk.may.set)
        await desk.turns.drain(PATIENCE_S)

        assert desk.seen == ["noisy1"]
        assert await desk.left() == 1

    async def test_shows_typing_to_those_who_wait(self, desk: Desk) -> None:
        desk.limit(bounds=FEW, typing_s=0.0)

        await self.ask(desk, "noisy", 1, 2, 3)
        await desk.receiver.asked_for(3)

        assert set(desk.said()) == {"typing"}
        desk.may.set()
        await desk.turns.drain(PATIENCE_S)
        assert desk.said()[-3:] == ["re: noisy1", "re: noisy2", "re: noisy3"]

    async def test_bounds_invokes_too(self, desk: Desk) -> None:
        desk.limit(bounds=FEW, presses=Bounds(running=2, running_of_one=1, waiting=2, waiting_of_one=1))
        first, second = (asyncio.create_task(desk.turns.invoke(recorded("adaptive_card_action"))) for _ in range(2))
        await desk.begun.wait()

        with pytest.raises(Overloaded):
            await desk.turns.invoke(recorded("adaptive_card_action"))

        desk.may.set()
        answers = await asyncio.gather(first, second)
        assert [each.status for each in answers if each] == [200, 200]


class TestSweep:
    async def test_answers_what_another_process_left_behind(self, desk: Desk) -> None:
        desk.limit(sweep_s=0.0)
        wire = desk.wire()
        await desk.inbox.accept(wire["conversation"]["id"], wire["id"], json.dumps(wire).encode())
        desk.clock.advance(ABANDONED_AFTER)

        sweeping = asyncio.create_task(desk.turns.sweep())
        async with asyncio.timeout(PATIENCE_S):
            await desk.begun.wait()
        sweeping.cancel()
        await desk.turns.drain(PATIENCE_S)

        assert desk.said() == ["re: open invoices"]
        assert await desk.left() == 0


class TestResume:
    async def test_answers_the_question_once(self, desk: Desk) -> None:
        request = SignInRequest("r1", ADA, "a:1", desk.wire(), NOW + timedelta(minutes=10))

        await desk.turns.resume(request)
        await desk.turns.resume(request)
        await desk.turns.drain(PATIENCE_S)

        assert desk.said() == ["re: open invoices"]

    async def test_answers_it_although_it_was_seen_before_the_sign_in(self, desk: Desk) -> None:
        await desk.accept()
        await desk.turns.resume(SignInRequest("r1", ADA, "a:1", desk.wire(), NOW))
        await desk.turns.drain(PATIENCE_S)

        assert desk.said() == ["re: open invoices"] * 2

    async def test_says_nothing_where_there_was_no_question(self, desk: Desk) -> None:
        await desk.turns.resume(SignInRequest("r1", ADA, "a:1", None, NOW))

        assert desk.seen == []
