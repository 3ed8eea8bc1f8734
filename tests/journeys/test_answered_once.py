"""Nobody else answers a message while somebody is at it, however long that takes and whatever is in the way."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from datetime import timedelta

import pytest

from backends.postgres.database import Database, DatabaseRole
from bot.fairness import Bounds
from bot.turns import ABANDONED_AFTER, LIMITS
from tests.bot import receiver as receivers
from tests.bot.desk import Desk
from tests.bot.receiver import delivered, refused

ONE = Bounds(running=1, running_of_one=1, waiting=9, waiting_of_one=9)
ALMOST_TOO_LONG_S = int(LIMITS.waits_s) - 10
"""The machine takes some time of its own for so many seconds."""

ROUNDS = 4
"""Looks in each second, so that what others have begun meanwhile gets on as well."""


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[Database]:
    """Connect with more patience than there are seconds to pass: what is under way meanwhile takes none of them."""
    opened = await Database.open(database_url, DatabaseRole.APP, command_timeout_s=3600)
    yield opened
    await opened.close()


@pytest.fixture
async def desk(database: Database) -> AsyncGenerator[Desk]:
    """Return turns over a real inbox, one at a time."""
    async with receivers.serving() as receiver:
        made = Desk(receiver, database)
        made.limit(bounds=ONE)
        made.may.clear()
        # Connections for everybody, so that opening one takes nobody seconds of a time that is moved.
        await asyncio.gather(*(made.inbox.left_over(ABANDONED_AFTER, 0) for _ in range(4)))
        yield made


@pytest.fixture
async def second(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return what lets a second pass at once, for the loop and for the clock."""
    loop, ahead = asyncio.get_running_loop(), [0]
    real = loop.time
    monkeypatch.setattr(loop, "time", lambda: real() + ahead[0])

    def pass_by() -> None:
        ahead[0] += 1
        desk.clock.advance(timedelta(seconds=1))

    return pass_by


class TestBudget:
    async def test_is_less_than_the_time_after_which_another_process_answers(self, desk: Desk, second: Callable[[], None]) -> None:
        desk.receiver.pause = asyncio.sleep
        desk.receiver.replies = [delivered, refused(429, headers={"Retry-After": "25"})]
        await desk.accept("1", type="messageReaction", text="in front")
        await desk.begun.wait()
        await desk.accept("2")

        taken_over: list[bytes] = []

        async def others_look(seconds: float) -> None:
            for _ in range(int(seconds)):
                second()
                for _ in range(ROUNDS):
                    taken_over.extend(await desk.inbox.left_over(ABANDONED_AFTER, 9))

        await others_look(ALMOST_TOO_LONG_S)
        await desk.the_next_begins()
        await others_look(LIMITS.turn_s + 1)
        await desk.receiver.asked_for(2)
        await others_look(ABANDONED_AFTER.total_seconds())

        assert desk.seen == ["in front", "open invoices"]
        assert taken_over == []
