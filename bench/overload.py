"""One company asks ten times what can be answered, another one goes on as always: ``python -m bench.overload``.

Shown are how the flood is turned away, what the others notice of it, that nothing accepted is lost, and how fast it is over;
then what they notice of one person who writes without end.
"""

import argparse
import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from itertools import cycle
from time import perf_counter
from typing import Final

from bench.clouds import clouds
from bench.ledger import LedgerClouds, Posted, quantile_ms
from bench.mirror import mirror
from bench.ours import environment
from bench.people import COMPANIES, BenchPerson
from bench.processes import Server, keep_to, server
from bench.tables import Row, show
from bench.turns import FOLDER, OPEN

NOISY, QUIET = 2000, 50
"""People: of one company, and one each of others."""

PRESSURE: Final = 300
"""Messages of the noisy company that are under way at any moment."""

A_SECOND: Final = 200
"""Messages that the one person writes."""

SETTLES_WITHIN_S: Final = 60.0


async def measured(seconds: float) -> list[Row]:
    """Return a row each for the calm before, the flood, the calm after it, and the flood of one person."""
    keep_to(1)
    noisy, quiet = [BenchPerson(COMPANIES * n) for n in range(NOISY)], [BenchPerson(n) for n in range(1, QUIET + 1)]
    async with _running([*noisy, *quiet]) as (world, ours):
        calm = cycle(quiet)
        before = await _calm(world, ours, calm, seconds / 2)
        memory = ours.rss_mb
        flood, during = await _flooded(world, ours, cycle(noisy), calm, seconds)
        recovered = await world.settled(SETTLES_WITHIN_S)
        after = await _calm(world, ours, calm, seconds / 2)
        of_one, beside = await _flooded_by_one(world, ours, noisy[0], calm, seconds)
        return [
            {"when": "before", **_noticed(before)},
            {"when": "flood", **_noticed(during), **_turned_away(flood, seconds), "RSS grew, MB": round(ours.rss_mb - memory)},
            {"when": "after", **_noticed(after), "recovered within, s": round(recovered, 1)},
            {"when": "one person", **_noticed(beside), **_dropped(of_one, seconds)},
        ]


@asynccontextmanager
async def _running(crowd: list[BenchPerson]) -> AsyncGenerator[tuple[LedgerClouds, Server]]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with (
        clouds(FOLDER, LedgerClouds) as world,
        mirror(FOLDER / "postgres", 20_000, crowd) as database,
        server("ours", ["app.py", "serve"], environment(world, database)) as ours,
    ):
        world.ledger = {}
        yield world, ours


async def _calm(world: LedgerClouds, ours: Server, askers: Iterator[BenchPerson], seconds: float) -> list[Posted]:
    """Let quiet people ask, five a second."""
    found = await _asking(world, ours, askers, 5, seconds)
    await world.settled(SETTLES_WITHIN_S)
    return found


async def _asking(world: LedgerClouds, ours: Server, askers: Iterator[BenchPerson], a_second: float, seconds: float) -> list[Posted]:
    """Let people ask, one after the other, whether or not they are answered."""
    asked: list[asyncio.Task[Posted]] = []
    began = perf_counter()
    while (passed := perf_counter() - began) < seconds:
        while len(asked) <= passed * a_second:
            asked.append(asyncio.create_task(world.ask(ours.url, next(askers), OPEN)))
        await asyncio.sleep(min(0.01, 1 / a_second))
    return await asyncio.gather(*asked)


async def _flooded(
    world: LedgerClouds, ours: Server, askers: Iterator[BenchPerson], quiet: Iterator[BenchPerson], seconds: float
) -> tuple[list[Posted], list[Posted]]:
    flood: list[Posted] = []
    began = perf_counter()

    async def press() -> None:
        while perf_counter() - began < seconds:
            flood.append(await world.ask(ours.url, next(askers), OPEN))

    pressing = asyncio.gather(*(press() for _ in range(PRESSURE)))
    during = await _calm(world, ours, quiet, seconds)
    await pressing
    return flood, during


async def _flooded_by_one(
    world: LedgerClouds, ours: Server, noisy: BenchPerson, quiet: Iterator[BenchPerson], seconds: float
) -> tuple[list[Posted], list[Posted]]:
    """Let one person write without end; what is dropped stays without an answer, so it is taken out of the ledger."""
    flood, during = await asyncio.gather(_asking(world, ours, cycle([noisy]), A_SECOND, seconds), _asking(world, ours, quiet, 5, seconds))
    world.ledger = {key: each for key, each in world.ledger.items() if each.person != noisy}
    await world.settled(SETTLES_WITHIN_S)
    return flood, during


def _noticed(quiet: list[Posted]) -> dict[str, object]:
    """Return what the quiet people saw."""
    alive = [each.sign_of_life_s for each in quiet if each.sign_of_life_s is not None]
    return {
        "quiet asked": len(quiet),
        "answered": sum(len(each.answers) == 1 for each in quiet),
        "p50, ms": quantile_ms([each.answers[0] for each in quiet if each.answers], 0.5),
        "p95, ms": quantile_ms([each.answers[0] for each in quiet if each.answers], 0.95),
        "worst sign of life, ms": quantile_ms(alive, 1),
    }


def _turned_away(flood: list[Posted], seconds: float) -> dict[str, object]:
    """Return what became of the flood."""
    accepted = [each for each in flood if each.is_accepted]
    return {
        **_taken(flood, seconds),
        "accepted and dropped as a flood of one person, or lost": sum(not each.answers for each in accepted),
        "answered twice": sum(len(each.answers) > 1 for each in accepted),
        "accepted: worst sign of life, ms": quantile_ms([each.sign_of_life_s for each in accepted if each.sign_of_life_s is not None], 1),
    }


def _dropped(flood: list[Posted], seconds: float) -> dict[str, object]:
    """Return what became of one person's flood."""
    return {**_taken(flood, seconds), "answers to one person, with one notice": sum(len(each.answers) for each in flood)}


def _taken(flood: list[Posted], seconds: float) -> dict[str, object]:
    """Return how a flood was received."""
    statuses = Counter(each.status for each in flood)
    return {
        "flood, a second": round(len(flood) / seconds),
        "accepted": statuses[202],
        "turned away (503)": statuses[503],
        "otherwise": len(flood) - statuses[202] - statuses[503],
        "HTTP p99, ms": quantile_ms([each.taken_s for each in flood], 0.99),
    }


def main() -> None:
    """Print a table, and keep it as JSON."""
    parser = argparse.ArgumentParser(prog="bench.overload", description=__doc__)
    parser.add_argument("--seconds", type=float, default=20, help="how long the flood lasts")
    show("overload", asyncio.run(measured(parser.parse_args().seconds)))


if __name__ == "__main__":
    main()
