"""Reminders: how many are planned and delivered a second, in how much memory, what chat notices, and what kill -9 costs.

``python -m bench.reminders [--people 10000] [--kills 50]``
"""

import argparse
import asyncio
import resource
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import aiohttp
from aiohttp import web

from auth.identity import Identity, IdentityRule
from backends.postgres.database import Database, DatabaseRole
from backends.postgres.directory import PostgresDirectory
from backends.postgres.ledger import PostgresPlans
from backends.work365.mapping import load
from bench.clouds import Clouds, clouds
from bench.database import empty
from bench.load import batch
from bench.ours import environment, typed
from bench.people import people
from bench.processes import server
from bench.reminder_people import seed, unsent
from bench.tables import Row, keep, markdown
from billing.due import Custom
from reminders.plan import Planner
from tests.workers import Worker, killed_while_working, shift

BILLS = 10
CHATTERS = 50
CHAT_S = 12.0


class PostOffice(Clouds):
    """Clouds that write down when each message arrived."""

    def __init__(self, http: aiohttp.ClientSession, certificate: Path) -> None:
        super().__init__(http, certificate)
        self.arrived: list[tuple[str, float]] = []
        self.expected = 0
        self.begun, self.done = asyncio.Event(), asyncio.Event()

    async def handle(self, request: web.Request) -> web.Response:
        """Take a message."""
        self.arrived.append((request.match_info["conversation"], perf_counter()))
        self.begun.set()
        if len(self.arrived) >= self.expected:
            self.done.set()
        return await super().handle(request)

    def expect(self, messages: int) -> None:
        """Count from nothing, until so many have arrived."""
        self.arrived, self.expected = [], messages
        self.begun, self.done = asyncio.Event(), asyncio.Event()


async def planned(url: str) -> tuple[int, float, float]:
    """Plan for everybody; return the rows, the seconds and the megabytes by which memory grew at its peak."""
    database = await Database.open(url, DatabaseRole.SYNC)
    try:
        rule = IdentityRule(load().role_names, by_email=False, by_app_roles=False, max_staleness=timedelta(days=1))
        identity = Identity(PostgresDirectory(database), rule, _now)
        planner = Planner(PostgresPlans(database, identity, by_email=False), Custom((0,), 9), _now)
        before, started = _peak_mb(), perf_counter()
        rows = await planner.run()
        return rows, perf_counter() - started, _peak_mb() - before
    finally:
        await database.close()


@asynccontextmanager
async def working(count: int, told: dict[str, str]) -> AsyncGenerator[Sequence[Worker]]:
    """Run so many workers."""
    workers = [Worker({**told, "SYNC_INTERVAL_S": "3600"}) for _ in range(count)]
    for each in workers:
        await each.start()
    try:
        yield workers
    finally:
        for each in workers:
            await each.stop()


async def delivered(office: PostOffice, admin_url: str, url: str, told: dict[str, str], workers: int, count: int) -> Row:
    """Deliver to everybody; return what that took, from the first message to the last."""
    await unsent(admin_url)
    await planned(url)
    office.expect(count)
    async with working(workers, told) as running:
        async with asyncio.timeout(600):
            await office.done.wait()
        memory = max(each.peak_mb for each in running)
    times = sorted(at for _, at in office.arrived)
    return {
        "workers": workers,
        "deliveries": count,
        "a second": round(count / (times[-1] - times[0])),
        "busiest second of one tenant": _busiest(office.arrived),
        "peak RSS of a worker, MB": round(memory),
    }


async def chatted(office: PostOffice, admin_url: str, url: str, told: dict[str, str], count: int) -> list[Row]:
    """Return how long chat turns take alone, and while two workers deliver."""
    rows: list[Row] = []
    async with server("bot", ["app.py", "serve"], told, core=0) as bot:
        for workers in (0, 2):
            await unsent(admin_url)
            await planned(url)
            office.expect(count)
            async with working(workers, told):
                if workers:
                    await office.begun.wait()
                turn = typed(office, bot.url, "open invoices")
                asked = await batch(bot, turn, cycle(people(CHATTERS)), at_once=1, seconds=CHAT_S)
            waited = {f"p{percent} ms": round(asked.waited_ms(percent / 100), 1) for percent in (50, 95)}
            rows.append({"workers": workers, "turns": len(asked.waited_s), **waited})
    return rows


async def killed(url: str, kills: int, companies: int = 20, people_each: int = 100) -> Row:
    """Kill workers while they deliver; return what became of everybody's message."""
    started = perf_counter()
    async with shift(url, companies, people_each, delay_s=0.05) as on:
        await killed_while_working(on, [Worker(on.environment), Worker(on.environment)], kills, patience_s=1800)
        outcome = await on.outcome()
    got = Counter[int]()
    for counted in outcome.values():
        got.update(counted)
    sent, doubt = outcome.get("sent", Counter[int]()), outcome.get("uncertain", Counter[int]())
    return {
        "kills": kills,
        "deliveries": companies * people_each,
        "seconds": round(perf_counter() - started),
        "sent, arrived once": sent[1],
        "sent, lost or twice": sent.total() - sent[1],
        "uncertain, arrived": doubt.total() - doubt[0],
        "uncertain, did not": doubt[0],
        "arrived twice": sum(number for times, number in got.items() if times > 1),
        "neither sent nor uncertain": sum(counted.total() for state, counted in outcome.items() if state not in {"sent", "uncertain"}),
    }


async def main(count: int, kills: int) -> None:
    """Measure everything, print it, keep it."""
    with TemporaryDirectory() as kept:
        folder = Path(kept)
        async with clouds(folder, PostOffice) as office, empty(folder / "postgres") as (url, admin_url):
            told = {**environment(office, url), "VAR_DIR": str(folder)}
            await seed(admin_url, office.service_url, count, BILLS)
            rows, seconds, grown = await planned(url)
            _show("reminders_planned", [{"planned": rows, "seconds": round(seconds, 1), "memory grew by, MB": round(grown)}])
            await seed(admin_url, office.service_url, count, 1)
            _show("reminders_delivered", [await delivered(office, admin_url, url, told, workers, count) for workers in (1, 2, 4)])
            _show("reminders_beside_chat", await chatted(office, admin_url, url, told, count))
        if kills:
            async with empty(folder / "postgres") as (url, _):
                _show("reminders_killed", [await killed(url, kills)])


def _show(name: str, rows: Sequence[Row]) -> None:
    print(f"\n{name}\n\n{markdown(rows)}", flush=True)
    keep(name, rows)


def _busiest(arrived: Sequence[tuple[str, float]]) -> int:
    """Return the most messages that any tenant got within any second."""
    tenant_of = {each.conversation: each.company for each in people(len({chat for chat, _ in arrived}))}
    times: dict[int, list[float]] = {}
    for chat, at in sorted(arrived, key=lambda each: each[1]):
        times.setdefault(tenant_of[chat], []).append(at)
    return max(sum(1 for each in mine if start <= each < start + 1) for mine in times.values() for start in mine)


def _now() -> datetime:
    return datetime.now(UTC)


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Benchmark the reminders.")
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=50)
    chosen = parser.parse_args()
    asyncio.run(main(chosen.people, chosen.kills))
