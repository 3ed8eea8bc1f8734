"""Worker processes, as an operator starts them and as a power cut ends them; and a crowd to be reminded meanwhile."""

import asyncio
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from cryptography.fernet import Fernet

from backends.postgres.database import Database, DatabaseRole
from backends.postgres.ledger_oversight import PostgresOversight
from backends.postgres.migrations import migrate
from sandbox.demo import fill
from sandbox.faults import Fault
from sandbox.server import bot_environment, serving
from sandbox.world import World
from tests import databases
from tests.crowd import Crowd
from tests.reminding import POST

ROOT = Path(__file__).parents[1]
TICK_S = 0.05


class Worker:
    """One ``python app.py work``, or another command."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = {**os.environ, **environment}
        self._running: asyncio.subprocess.Process | None = None

    async def start(self, *words: str) -> None:
        """Start it."""
        quiet = asyncio.subprocess.DEVNULL
        command = sys.executable, "app.py", *(words or ("work",))
        self._running = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=self._environment, stdout=quiet, stderr=quiet)

    @property
    def peak_mb(self) -> float:
        """The most memory it has held so far."""
        if self._running is None:
            return 0
        status = Path(f"/proc/{self._running.pid}/status").read_text(encoding="ascii")
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 1024

    @property
    def cpu_s(self) -> float:
        """Processor seconds it has used so far, by all of its threads."""
        if self._running is None:
            return 0
        fields = Path(f"/proc/{self._running.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def halt(self, *, halted: bool = True) -> None:
        """Let it stand still where it is, or go on."""
        if self._running is not None:
            self._running.send_signal(signal.SIGSTOP if halted else signal.SIGCONT)

    async def kill(self) -> None:
        """End it as a power cut does: without a word."""
        if self._running is not None and self._running.returncode is None:
            self._running.kill()
            await self._running.wait()

    async def end(self) -> int:
        """Wait until it ends by itself, and return its exit code."""
        return await self._running.wait() if self._running else 0

    async def stop(self) -> int:
        """Ask it to end, wait until it has, and return its exit code."""
        if self._running is None:
            return 0
        if self._running.returncode is None:
            self._running.terminate()
            self.halt(halted=False)
        return await self._running.wait()


class Mortal(Protocol):
    """A process that may be killed and started again."""

    async def start(self) -> None:
        """Start it."""
        ...

    async def kill(self) -> None:
        """End it without a word."""
        ...

    async def stop(self) -> object:
        """Ask it to end, and wait until it has."""
        ...


@dataclass(frozen=True, slots=True)
class Shift:
    """A crowd that is due to be reminded, and what is needed to start workers on it."""

    world: World
    crowd: Crowd
    database: Database
    environment: Mapping[str, str]

    @property
    def posts(self) -> int:
        """How many messages have reached Teams."""
        return len(self.world.asked("connector", POST))

    async def states(self) -> Counter[str]:
        """Return the ledger's rows by state."""
        async with self.database.shared() as connection:
            rows = await connection.fetch("select state, count(*) from bot.reminder_ledger group by 1")
        return Counter({row[0]: row[1] for row in rows})

    async def reached(self, posts: int) -> None:
        """Return once so many messages have reached Teams, or nothing is left to send."""

        async def enough() -> bool:
            return self.posts >= posts or await self.is_done()

        await _until(enough)

    async def is_done(self) -> bool:
        """Whether everybody's reminder has been claimed or has ended."""
        found = await self.states()
        return found.total() == len(self.crowd.people) and not found["planned"]

    async def outcome(self) -> Mapping[str, Counter[int]]:
        """Return for each state how many people got how many messages, once no process is left: what was under way is in doubt."""
        await PostgresOversight(self.database).expire(timedelta(0))
        async with self.database.shared() as connection:
            rows = await connection.fetch("select person, state from bot.reminder_ledger")
        state_of = {row["person"]: row["state"] for row in rows}
        found: dict[str, Counter[int]] = {}
        for someone, got in zip(self.crowd.people, self.crowd.got(self.world), strict=True):
            found.setdefault(state_of.get(someone.oid, "missing"), Counter())[got] += 1
        return found


@asynccontextmanager
async def shift(database_url: str, companies: int, people_each: int, delay_s: float = 0.0) -> AsyncGenerator[Shift]:
    """Serve clouds with a crowd to whom it is noon and whose bills are due today; Teams takes *delay_s* for each message."""
    await migrate(database_url)
    now = datetime.now(UTC)
    crowd, world = Crowd.of(companies, people_each, f"Etc/GMT{now.hour - 12:+d}"), World()
    async with serving(world), databases.connected(database_url, DatabaseRole.SYNC) as database:
        fill(world)
        crowd.settle(world, now.date())
        await crowd.arrive(world, database)
        if delay_s:
            world.faults.add(Fault("connector", POST, times=None, delay_s=delay_s))
        told = {**bot_environment(world, 1), "DATABASE_URL": database_url, "SECRET_KEYS": Fernet.generate_key().decode()}
        environment = {**told, "SYNC_INTERVAL_S": "3600", "MAX_STALENESS_S": "86400"}
        mirrored = Worker(environment)
        await mirrored.start("sync")
        if await mirrored.end():
            raise RuntimeError("the first sync failed")
        yield Shift(world, crowd, database, environment)


async def killed_while_working(shift: Shift, workers: Sequence[Mortal], kills: int, patience_s: float) -> None:
    """Kill one worker after the other at random moments and start it anew, until everything has been claimed; then stop them."""
    chance = random.Random(kills)  # noqa: S311 - when the power fails
    try:
        async with asyncio.timeout(patience_s):
            for each in workers:
                await each.start()
            for _ in range(kills):
                await shift.reached(shift.posts + chance.randint(1, max(2, 2 * len(shift.crowd.people) // (kills + 1))))
                unlucky = chance.choice(workers)
                await unlucky.kill()
                await unlucky.start()
            await _until(shift.is_done)
        for each in workers:
            await each.stop()
    finally:
        for each in workers:
            await each.kill()


async def _until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Return once *condition* holds."""
    while not await condition():
        tick = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_later(TICK_S, tick.set_result, None)
        await tick
