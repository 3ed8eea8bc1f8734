"""How long ``serve`` takes until it listens, and how much memory it holds then: ``python -m bench.start``."""

import argparse
import asyncio
from statistics import median
from typing import Final

from bench.clouds import clouds
from bench.mirror import mirror
from bench.ours import environment, typed
from bench.people import people
from bench.processes import server
from bench.tables import Row, show
from bench.turns import FOLDER, OPEN

STARTS: Final = 5


async def measured(starts: int) -> list[Row]:
    """Return one row: a warm start, on a migrated database."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    listens: list[float] = []
    idle: list[float] = []
    answering = 0.0
    async with clouds(FOLDER) as world, mirror(FOLDER / "postgres", 1000, people(100)) as database:
        for number in range(starts):
            async with server("ours", ["app.py", "serve"], environment(world, database)) as ours:
                listens.append(ours.ready_s)
                idle.append(ours.rss_mb)
                await typed(world, ours.url, OPEN)(people(100)[number])
                answering = ours.rss_mb
    return [
        {
            "starts": starts,
            "listens after, s": round(median(listens), 2),
            "slowest, s": round(max(listens), 2),
            "RSS then, MB": round(median(idle)),
            "RSS after an answer, MB": round(answering),
        }
    ]


def main() -> None:
    """Print a table, and keep it as JSON."""
    parser = argparse.ArgumentParser(prog="bench.start", description=__doc__)
    parser.parse_args()
    show("start", asyncio.run(measured(STARTS)))


if __name__ == "__main__":
    main()
