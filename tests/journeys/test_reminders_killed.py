"""Workers that die while they send: nothing is lost, nothing comes twice, and what nobody can know is marked so."""

from collections import Counter

from reminders.deliver import CHUNK
from tests.workers import Worker, killed_while_working, shift

KILLS = 5
COMPANIES = 4


async def test_a_death_while_sending_loses_nothing_and_repeats_nothing(database_url: str) -> None:
    async with shift(database_url, companies=COMPANIES, people_each=75, delay_s=0.2) as working:
        workers = [Worker(working.environment), Worker(working.environment)]

        await killed_while_working(working, workers, KILLS, patience_s=120)
        outcome = await working.outcome()

    doubts = outcome.get("uncertain", Counter[int]())
    assert set(outcome) <= {"sent", "uncertain"}
    assert outcome["sent"] == {1: 300 - doubts.total()}
    assert set(doubts) <= {0, 1}
    assert doubts.total() <= KILLS * COMPANIES * CHUNK


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
