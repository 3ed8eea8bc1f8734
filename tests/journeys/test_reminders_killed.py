"""Workers that die while they send: nothing is lost, nothing comes twice, and what nobody can know is marked so."""

import asyncio
from collections import Counter
from contextlib import closing

from reminders.deliver import CHUNK, UNDER_WAY
from tests.assembly.place import Place
from tests.nursery import Forked, nursery
from tests.patience import PATIENCE_S
from tests.ports import free_port
from tests.workers import Worker, killed_while_working, shift

KILLS = 10
COMPANIES, PEOPLE_EACH = 12, 30
GRACE_S = 40
"""After which who runs the process kills it."""


async def test_a_death_while_sending_loses_nothing_and_repeats_nothing(database_url: str) -> None:
    async with shift(database_url, COMPANIES, PEOPLE_EACH, delay_s=0.1) as working, nursery(working.environment) as bearing:
        workers = [Forked(bearing) for _ in range(3)]

        await killed_while_working(working, workers, KILLS, patience_s=PATIENCE_S)
        outcome = await working.outcome()

    doubts = outcome.get("uncertain", Counter[int]())
    assert set(outcome) <= {"sent", "uncertain"}
    assert outcome["sent"] == {1: COMPANIES * PEOPLE_EACH - doubts.total()}
    assert set(doubts) <= {0, 1}
    assert doubts.total() <= KILLS * UNDER_WAY * CHUNK
    assert 0 < doubts.total() < COMPANIES * PEOPLE_EACH  # some died in the middle, and some came through


async def test_a_worker_that_is_asked_to_stop_finishes_what_it_has_claimed(database_url: str) -> None:
    async with shift(database_url, companies=2, people_each=40, delay_s=0.2) as working:
        worker = Worker(working.environment)
        await worker.start()

        await working.reached(10)
        exit_code = await worker.stop()
        outcome = await working.outcome()

    assert exit_code == 0
    assert set(outcome) <= {"sent", "planned", "missing"}
    assert set(outcome["sent"]) == {1}


async def test_a_chat_process_that_is_asked_to_stop_claims_nothing_while_it_finishes_the_rest(database_url: str) -> None:
    async with shift(database_url, companies=1, people_each=200) as working:
        port = free_port()
        process = await Place(working.world, dict(working.environment)).start("serve", PORT=str(port))
        await working.reached(10)
        answered, unfinished = await asyncio.open_connection("127.0.0.1", port)
        with closing(unfinished):
            unfinished.write(b"POST /api/messages HTTP/1.1\r\nHost: a\r\nAuthorization: a\r\nContent-Type: application/json\r\n")
            unfinished.write(b"Content-Length: 9\r\nExpect: 100-continue\r\n\r\n")
            await answered.readuntil(b"100 Continue")
            before = working.posts

            process.terminate()
            assert process.stderr is not None
            while b"reminders.drained" not in await process.stderr.readline():
                assert process.returncode is None
            after = working.posts
            async with asyncio.timeout(GRACE_S):
                await process.communicate()
        outcome = await working.outcome()

    assert process.returncode == 0
    assert after - before <= CHUNK * UNDER_WAY
    assert set(outcome) == {"sent", "planned"}
