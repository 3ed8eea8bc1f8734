"""The bot for as long as you like, in mixed use, and whether anything in it grows without end: ``python -m bench.soak --minutes 60``."""

import argparse
import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

import aiohttp
import asyncpg
from cryptography.fernet import Fernet

from backends.postgres.embedded import NAME, EmbeddedServer
from bench.growth import Bound, Sample, grown, growth
from bench.processes import Server, server
from bench.tables import show
from bench.visits import Visitor, mornings, visitors
from sandbox.demo import fill
from sandbox.server import bot_environment, serving
from sandbox.world import World
from tests.ports import free_port

BOUNDS: Final = {
    "RSS, MB": Bound(an_hour=6, noise=20),  # of these, 16 are PDF files that are remembered
    "open files": Bound(an_hour=1, noise=8),
    "tasks": Bound(an_hour=1, noise=40),  # a payment that somebody went off to is watched for five minutes
    "objects": Bound(an_hour=5_000, noise=5_000),
    "PostgreSQL connections": Bound(an_hour=1, noise=3),
    "database, MB": Bound(an_hour=30, noise=4),
}
"""The database keeps an audit and grows with use; nothing else may grow."""

_SEEN: Final = "select (count(*), pg_database_size($1)) from pg_stat_activity where usename = $1"
_COUNTS_WITHIN_S: Final = 5.0
_READY_WITHIN_S: Final = 60.0
_TRY_AGAIN_S: Final = 0.02


@dataclass(frozen=True, slots=True)
class Soaking:
    """A bot in use, and where to look at it.

    counts     file to which the bot adds a line when it is told to count
    reminders  how many have been sent
    """

    bot: Server
    database: asyncpg.Pool
    counts: Path
    people: Sequence[Visitor]
    reminders: Counter[str]

    @property
    def done(self) -> Counter[str]:
        """What everybody has done, and the bot of its own accord."""
        return sum((each.done for each in self.people), self.reminders)

    @property
    def failed(self) -> Counter[str]:
        """What has gone wrong."""
        return sum((each.failed for each in self.people), Counter[str]())

    async def sample(self, at_s: float) -> Sample:
        """Measure everything once. Raises TimeoutError where the bot does not react."""
        tasks, objects = await self._counted()
        connections, size_bytes = await self.database.fetchval(_SEEN, NAME)
        measured = {
            "RSS, MB": self.bot.rss_mb,
            "open files": len(os.listdir(f"/proc/{self.bot.pid}/fd")),  # noqa: PTH208 - names of links that may be gone
            "tasks": tasks,
            "objects": objects,
            "PostgreSQL connections": connections,
            "database, MB": size_bytes / 2**20,
        }
        return Sample(at_s, measured)

    async def _counted(self) -> tuple[int, int]:
        """Return how many tasks and objects the bot counts in itself."""
        known = _lines(self.counts)
        os.kill(self.bot.pid, signal.SIGUSR1)
        async with asyncio.timeout(_COUNTS_WITHIN_S):
            while True:
                if len(lines := _lines(self.counts)) > len(known):
                    tasks, objects = lines[-1].split()
                    return int(tasks), int(objects)
                await asyncio.sleep(_TRY_AGAIN_S)


def _lines(counts: Path) -> list[str]:
    return counts.read_text().splitlines() if counts.exists() else []


@asynccontextmanager
async def soaking(folder: Path) -> AsyncGenerator[Soaking]:
    """Run clouds, PostgreSQL, and the bot with a worker inside; people come and stay until the end of the block."""
    world, port, counts = World(), free_port(), folder / "counts"
    postgres = await EmbeddedServer.start(folder / "postgres")
    try:
        async with serving(world):
            fill(world)
            world.nobody_has_consented()
            told = {**bot_environment(world, port), "DATABASE_URL": postgres.url, "SYNC_INTERVAL_S": "10"}
            told |= {"COUNTS": str(counts), "SECRET_KEYS": Fernet.generate_key().decode()}
            async with server("the bot", ["-m", "bench.servers.watched"], told, port=port) as bot:
                world.bot_url, people = bot.url, visitors(world, told["PUBLIC_URL"])
                await _synchronized(f"http://127.0.0.1:{port}/readyz")
                database = asyncpg.create_pool(urlsplit(postgres.admin_url)._replace(path=f"/{NAME}").geturl(), min_size=1, max_size=2)
                async with database, asyncio.TaskGroup() as group:
                    reminders = Counter[str]()
                    lives = mornings(world, database, reminders), *(each.stay() for each in people)
                    busy = [group.create_task(each) for each in lives]
                    yield Soaking(bot, database, counts, people, reminders)
                    for each in busy:
                        each.cancel()
    finally:
        await postgres.stop()


async def _synchronized(readiness: str) -> None:
    """Wait until the bot has read Work 365. Raises TimeoutError."""
    async with aiohttp.ClientSession() as http, asyncio.timeout(_READY_WITHIN_S):
        while True:
            async with http.get(readiness) as answer:
                if answer.ok:
                    return
            await asyncio.sleep(_TRY_AGAIN_S)


async def sampled(running: Soaking, seconds: float, every_s: float) -> list[Sample]:
    """Measure every few seconds, and print each time."""
    began, samples = monotonic(), list[Sample]()
    while (at_s := monotonic() - began) < seconds:
        samples.append(await running.sample(at_s))
        measured = "  ".join(f"{name} {number:,.1f}".removesuffix(".0") for name, number in samples[-1].measured.items())
        print(f"{at_s:6.0f} s  done {running.done.total()}  failed {running.failed.total()}  {measured}", flush=True)
        await asyncio.sleep(every_s)
    return samples


async def soak(minutes: float, every_s: float) -> int:
    """Soak the bot, print what has grown, and keep it; 1 where something grows, or where somebody was failed."""
    with TemporaryDirectory() as folder:
        async with soaking(Path(folder)) as running:
            samples = await sampled(running, minutes * 60, every_s)
    found = growth(samples, BOUNDS)
    print()
    show("soak", found)
    print(f"done: {dict(running.done)}", f"failed: {dict(running.failed) or 'nothing'}", sep="\n")
    print(f"grows: {', '.join(grown(found)) or 'nothing'}")
    return int(bool(grown(found) or running.failed))


def main() -> int:
    """Read the arguments."""
    parser = argparse.ArgumentParser(prog="bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=2, help="how long; %(default)g, which shows only what grows fast")
    parser.add_argument("--every", type=float, help="seconds between two samples; as many as there are minutes, and at least 5")
    given = parser.parse_args()
    return asyncio.run(soak(given.minutes, given.every or max(5, given.minutes)))


if __name__ == "__main__":
    sys.exit(main())
