"""The pace of one tenant."""

from reminders.deliver import CHUNK
from reminders.pace import PER_S, Pace


class TestPace:
    async def test_spaces_messages_and_saves_nothing_up(self) -> None:
        waits: list[float] = []

        async def wait(seconds: float) -> None:
            waits.append(seconds)

        pace = Pace(sleep=wait)
        for _ in range(4):
            await pace.take(CHUNK)

        assert waits[0] == 0
        assert all(CHUNK / PER_S - 0.05 < each <= CHUNK / PER_S for each in waits[1:])

    def test_leaves_no_second_with_more_than_thirty(self) -> None:
        spaced = CHUNK / PER_S

        assert (1 / spaced + 1) * CHUNK <= 30
