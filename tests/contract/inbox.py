"""The contract of Inbox. Give the fixtures ``inbox`` and ``clock``."""

import asyncio
from collections import Counter
from datetime import timedelta

from billing.people import Arrival
from billing.ports import Inbox
from tests.clock import ChosenClock

_SOON = timedelta(minutes=2)


class InboxContract:
    async def test_accepts_an_activity_once(self, inbox: Inbox) -> None:
        first = await inbox.accept("chat", "1", b"{}")
        again = await inbox.accept("chat", "1", b"{}")

        assert (first, again) == (Arrival.UNKNOWN, Arrival.REPEATED)

    async def test_accepts_one_of_twenty_parallel_deliveries(self, inbox: Inbox) -> None:
        accepted = await asyncio.gather(*(inbox.accept("chat", "1", b"{}") for _ in range(20)))

        assert Counter(accepted) == {Arrival.UNKNOWN: 1, Arrival.REPEATED: 19}

    async def test_tells_conversations_and_activities_apart(self, inbox: Inbox) -> None:
        accepted = [
            await inbox.accept(*ids, b"{}") for ids in (("a", "bc"), ("ab", "c"), ("a", "b"), ("a\0", "b"), ("a\ud800", "b" * 9999))
        ]

        assert Arrival.REPEATED not in accepted

    async def test_hands_out_what_nobody_answered(self, inbox: Inbox, clock: ChosenClock) -> None:
        await inbox.accept("chat", "1", b"lost")
        clock.advance(_SOON)
        await inbox.accept("chat", "2", b"under way")

        assert await inbox.left_over(_SOON, 10) == [b"lost"]

    async def test_hands_nothing_out_that_was_answered(self, inbox: Inbox, clock: ChosenClock) -> None:
        await inbox.accept("chat", "1", b"answered")
        await inbox.done("chat", "1")
        clock.advance(_SOON)

        assert await inbox.left_over(_SOON, 10) == []
        assert await inbox.accept("chat", "1", b"answered") is Arrival.REPEATED

    async def test_hands_each_out_three_times(self, inbox: Inbox, clock: ChosenClock) -> None:
        await inbox.accept("chat", "1", b"poison")

        handed_out: list[int] = []
        for _ in range(5):
            clock.advance(_SOON)
            handed_out.append(len(await inbox.left_over(_SOON, 10)))

        assert handed_out == [1, 1, 1, 0, 0]

    async def test_hands_each_to_one_process_at_a_time(self, inbox: Inbox, clock: ChosenClock) -> None:
        bodies = [str(number).encode() for number in range(40)]
        for body in bodies:
            await inbox.accept("chat", body.decode(), body)
        clock.advance(_SOON)

        claimed = await asyncio.gather(*(inbox.left_over(_SOON, 5) for _ in range(20)))

        handed_out = [body for bodies_ in claimed for body in bodies_]
        assert len(handed_out) == len(set(handed_out))
        assert set(handed_out) | set(await inbox.left_over(timedelta(0), 40)) == set(bodies)

    async def test_remembers_an_activity_for_a_day(self, inbox: Inbox, clock: ChosenClock) -> None:
        await inbox.accept("chat", "1", b"{}")
        clock.advance(timedelta(hours=23, minutes=59))
        await inbox.left_over(_SOON, 10)
        again = await inbox.accept("chat", "1", b"{}")
        clock.advance(_SOON)
        await inbox.left_over(_SOON, 10)

        assert again is Arrival.REPEATED
        assert await inbox.accept("chat", "1", b"{}") is Arrival.UNKNOWN
