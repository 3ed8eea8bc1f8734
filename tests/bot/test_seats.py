"""Whoever presses takes no answer from anybody else, and is told where it was too much."""

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest

from billing.errors import Overloaded
from bot.fairness import Bounds
from bot.flood import PRESSES
from bot.seats import Seats
from bot.turns import PRESSES as BOUNDS
from tests.bot.doors import Answer, Door, standing
from tests.clock import ChosenClock

FEW = Bounds(running=2, running_of_one=1, waiting=4, waiting_of_one=2)


class Crowd:
    """People who press; ``served`` tells their order. They keep their seats until ``may`` is set."""

    def __init__(self) -> None:
        self.seats = Seats(FEW)
        self.served: list[str] = []
        self.may = asyncio.Event()

    async def press(self, name: str) -> None:
        """Take a seat of the company that *name* begins with."""
        async with self.seats.one(name[0]):
            self.served.append(name)
            await self.may.wait()

    async def pressing(self, *names: str) -> list[asyncio.Task[None]]:
        """Let people press, one after the other."""
        tasks = [asyncio.create_task(self.press(name)) for name in names]
        await asyncio.sleep(0)
        return tasks


class TestSeats:
    async def test_are_given_to_companies_in_turn(self) -> None:
        crowd = Crowd()

        pressing = await crowd.pressing("a1", "a2", "a3", "b1", "c1")
        first = list(crowd.served)
        crowd.may.set()
        await asyncio.gather(*pressing)

        assert first == ["a1", "b1"]
        assert crowd.served.index("c1") < crowd.served.index("a3")

    async def test_are_refused_to_a_company_that_waits_for_many_and_to_no_other(self) -> None:
        crowd = Crowd()
        pressing = await crowd.pressing("a1", "a2", "a3")

        with pytest.raises(Overloaded):
            await crowd.press("a4")
        pressing += await crowd.pressing("b1")

        assert crowd.served == ["a1", "b1"]
        crowd.may.set()
        await asyncio.gather(*pressing)

    async def test_are_not_lost_to_those_who_give_up(self) -> None:
        crowd = Crowd()
        sits, waits = await crowd.pressing("a1", "a2")

        for each in (waits, sits):
            each.cancel()
        await asyncio.gather(waits, sits, return_exceptions=True)
        crowd.may.set()
        await asyncio.gather(*await crowd.pressing("a3", "a4", "b1"))

        assert sorted(crowd.served) == ["a1", "a3", "a4", "b1"]

    async def test_are_not_lost_to_those_who_give_up_the_moment_they_are_called(self) -> None:
        crowd = Crowd()
        (sits,) = await crowd.pressing("a1")
        (waits,) = await crowd.pressing("a2")
        crowd.may.set()

        await asyncio.sleep(0)
        await sits
        waits.cancel()
        await asyncio.gather(waits, return_exceptions=True)
        async with asyncio.timeout(5):
            await crowd.press("a3")

        assert crowd.served[-1] == "a3"


@pytest.fixture
def clock() -> ChosenClock:
    """Return a time that stands still until a test moves it."""
    return ChosenClock()


@pytest.fixture
async def door(database_url: str, clock: ChosenClock) -> AsyncGenerator[Door]:
    """Return a door behind which nobody's button is answered until ``may`` is set."""
    async with standing(database_url, clock) as opened:
        opened.may.clear()
        yield opened


def pressed(door: Door, company: str, **changes: Any) -> dict[str, Any]:
    """Return the press of somebody of *company* who has not pressed before."""
    return door.wire("adaptive_card_action", channelData={"tenant": {"id": company}}, **changes)


def inside(answers: Sequence[Answer]) -> list[int]:
    """Return the statuses that Teams reads inside of the answers."""
    return [json.loads(each.text)["statusCode"] for each in answers if each.status == 200]


async def first_of(pressing: Sequence[asyncio.Task[Answer]], count: int) -> list[Answer]:
    """Return the first answers that come."""
    coming = asyncio.as_completed(pressing, timeout=10)
    return [await next(coming) for _ in range(count)]


class TestCompany:
    async def test_that_presses_slow_buttons_holds_up_no_other(self, door: Door) -> None:
        pressing = [asyncio.create_task(door.post(pressed(door, "a"))) for _ in range(64)]
        refused = await first_of(pressing, 64 - BOUNDS.running_of_one - BOUNDS.waiting_of_one)

        theirs = await door.post(pressed(door, "b", name="known"))
        door.may.set()
        answers = await asyncio.gather(*pressing)

        assert inside([theirs]) == [200]
        assert {each.status for each in answers} == {200}
        assert inside(refused) == [503] * len(refused)
        assert inside(answers).count(200) == BOUNDS.running_of_one + BOUNDS.waiting_of_one

    async def test_is_told_in_the_language_of_whoever_pressed(self, door: Door) -> None:
        pressing = [asyncio.create_task(door.post(pressed(door, "a", locale="de-DE"))) for _ in range(64)]

        refused, *_ = await first_of(pressing, 1)

        told = json.loads(refused.text)
        assert (told["statusCode"], told["type"]) == (503, "application/vnd.microsoft.error")
        assert told["value"]["message"].startswith("Derzeit gibt es mehr Fragen")
        door.may.set()
        await asyncio.gather(*pressing)

    async def test_gets_503_for_what_is_no_button(self, door: Door) -> None:
        pressing = [asyncio.create_task(door.post(pressed(door, "a"))) for _ in range(64)]
        await first_of(pressing, 64 - BOUNDS.running_of_one - BOUNDS.waiting_of_one)

        answer = await door.post(pressed(door, "a", name="signin/tokenExchange"))

        assert answer.status == 503
        assert answer.headers["Retry-After"]
        door.may.set()
        await asyncio.gather(*pressing)


class TestPerson:
    ADA: Mapping[str, str] = {"id": "29:ada", "aadObjectId": "b7d1f7c2-3f0a-4a55-8a0c-51a3f25f1d20"}

    async def presses(self, door: Door, times: int, **changes: Any) -> list[Answer]:
        """Let Ada press, again and again."""
        return [await door.post(pressed(door, "a", **{"from": self.ADA, **changes})) for _ in range(times)]

    async def test_who_presses_without_end_is_told_so_and_reaches_no_turn(self, door: Door, clock: ChosenClock) -> None:
        door.may.set()
        burst = int(PRESSES.burst)

        answers = await self.presses(door, 2 * burst)
        clock.advance(timedelta(minutes=1))
        (later,) = await self.presses(door, 1)

        assert inside(answers) == [200] * burst + [429] * burst
        assert "a lot at once" in answers[-1].text
        assert len(door.seen) == burst + 1
        assert inside([later]) == [200]

    async def test_holds_up_nobody_else(self, door: Door) -> None:
        door.may.set()
        await self.presses(door, 2 * int(PRESSES.burst))

        assert inside([await door.post(pressed(door, "a"))]) == [200]
