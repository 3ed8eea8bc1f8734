"""Reminders: how many are planned and delivered a second, in how much memory, what chat notices, and what kill -9 costs.

``python -m bench.reminders [--people 10000] [--kills 50]``; ``--people 0`` for the kills alone. It ends with 1 where a message was
lost or came twice.
"""

import argparse
import asyncio
import resource
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

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
from bench.processes import Server, postgres_cpu_s, server
from bench.reminder_people import seed, unsent
from bench.tables import Row, keep, markdown
from billing.due import Custom
from reminders.plan import Planner
from tests.workers import Worker, killed_while_working, shift

BILLS = 10
CHATTERS = 2_000
ROUNDS = 6
ROUND_S = 2.0


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


@dataclass(frozen=True, slots=True)
class Place:
    """Where reminders are measured: people, a database in *folder*, and what a process has to be told."""

    office: PostOffice
    folder: Path
    url: str
    admin_url: str
    told: dict[str, str]

    async def plan(self, count: int) -> None:
        """Let as many people have a reminder before them, and nobody behind."""
        await unsent(self.admin_url)
        await planned(self.url)
        self.office.expect(count)

    def cpu_s(self, workers: Sequence[Worker]) -> tuple[float, float, float]:
        """Return the processor seconds used so far: by workers, PostgreSQL, and the connector, which is this process."""
        return sum(each.cpu_s for each in workers), postgres_cpu_s(self.folder), process_time()


@asynccontextmanager
async def place(count: int, bills_each: int) -> AsyncGenerator[Place]:
    """Open one with as many people, each company with as many bills."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        office = await stack.enter_async_context(clouds(folder, PostOffice))
        url, admin_url = await stack.enter_async_context(empty(folder / "postgres"))
        await seed(admin_url, office.service_url, count, bills_each)
        yield Place(office, folder / "postgres", url, admin_url, {**environment(office, url), "VAR_DIR": str(folder)})


async def delivered(at: Place, workers: int, count: int) -> Row:
    """Deliver to everybody; return what that took, from the first message to the last."""
    await at.plan(count)
    async with working(workers, at.told) as running, asyncio.timeout(600):
        await at.office.begun.wait()
        before = at.cpu_s(running)
        await at.office.done.wait()
        used = [1000 * (now - then) / count for then, now in zip(before, at.cpu_s(running), strict=True)]
        memory = max(each.peak_mb for each in running)
    times = sorted(arrived for _, arrived in at.office.arrived)
    return {
        "workers": workers,
        "deliveries": count,
        "a second": round(count / (times[-1] - times[0])),
        **{f"cpu ms: {name}": round(each, 2) for name, each in zip(("workers", "postgres", "connector"), used, strict=True)},
        "busiest second of one tenant": _busiest(at.office.arrived),
        "peak RSS of a worker, MB": round(memory),
    }


async def chatted(at: Place, count: int) -> list[Row]:
    """Return how long chat turns take while two workers deliver, and while the chat's own process does."""
    async with server("bot", ["app.py", "serve"], at.told) as quiet:
        await at.plan(count)
        async with working(2, at.told) as workers:
            await at.office.begun.wait()
            beside = await _compared(at, "two workers", quiet, quiet, workers)
        await at.plan(count)
        async with server("bot", ["app.py", "serve"], {**at.told, "WORKER": "embedded", "SYNC_INTERVAL_S": "3600"}) as busy:
            await at.office.begun.wait()
            inside = await _compared(at, "the same process", quiet, busy, ())
    return [beside, inside]


async def _compared(at: Place, who: str, quiet: Server, busy: Server, workers: Sequence[Worker]) -> Row:
    """Ask both bots in turns, so that both suffer alike from whatever else the machine does; workers stand still for the quiet one."""
    alone, meanwhile, deliveries = list[float](), list[float](), 0
    for _ in range(ROUNDS):
        for each in workers:
            each.halt()
        alone += await _asked(at, quiet)
        for each in workers:
            each.halt(halted=False)
        before = len(at.office.arrived)
        waited = await _asked(at, busy)
        meanwhile += waited
        deliveries += len(at.office.arrived) - before - len(waited)
    times = {
        f"p{percent} ms {name}": round(_quantile_ms(each, percent), 1)
        for percent in (50, 95)
        for name, each in (("alone", alone), ("then", meanwhile))
    }
    ratio = round(_quantile_ms(meanwhile, 95) / _quantile_ms(alone, 95), 2)
    return {"who delivers": who, "deliveries a second": round(deliveries / ROUNDS / ROUND_S), **times, "p95 ratio": ratio}


async def _asked(at: Place, bot: Server) -> list[float]:
    """Ask for open invoices, one after the other; return how long each took."""
    turn = typed(at.office, bot.url, "open invoices")
    return (await batch(bot, turn, cycle(people(CHATTERS)), at_once=1, seconds=ROUND_S)).waited_s


def _quantile_ms(waited_s: Sequence[float], percent: int) -> float:
    return 1000 * sorted(waited_s)[len(waited_s) * percent // 100]


async def killed(url: str, kills: int) -> Row:
    """Kill workers while they deliver; return what became of everybody's message."""
    started, companies, people_each = perf_counter(), 20, 100
    async with shift(url, companies, people_each, delay_s=0.05) as on:
        await killed_while_working(on, [Worker(on.environment), Worker(on.environment)], kills, patience_s=1800)
        outcome = await on.outcome()
    return {"kills": kills, "deliveries": companies * people_each, "seconds": round(perf_counter() - started), **ended(outcome)}


def ended(outcome: Mapping[str, Counter[int]]) -> Row:
    """Return what became of messages, from how many people in each state got how many."""
    got = Counter[int]()
    for counted in outcome.values():
        got.update(counted)
    sent, doubt = outcome.get("sent", Counter[int]()), outcome.get("uncertain", Counter[int]())
    return {
        "sent, arrived once": sent[1],
        "sent, lost or twice": sent.total() - sent[1],
        "uncertain, arrived": doubt.total() - doubt[0],
        "uncertain, did not": doubt[0],
        "arrived twice": sum(number for times, number in got.items() if times > 1),
        "neither sent nor uncertain": sum(counted.total() for state, counted in outcome.items() if state not in {"sent", "uncertain"}),
    }


def faults(row: Row) -> list[str]:
    """Return what is wrong with what became of the messages: lost, or come twice, or in no state that says what may have become of it."""
    return [name for name in ("sent, lost or twice", "arrived twice", "neither sent nor uncertain") if row[name]]


async def measured(count: int, kills: int) -> list[str]:
    """Measure everything, print it, keep it; return what is wrong with it. No people: the kills alone."""
    if count:
        await _timed(count)
    if not kills:
        return []
    with TemporaryDirectory() as folder:
        async with empty(Path(folder)) as (url, _):
            row = await killed(url, kills)
    _show("reminders_killed", [row])
    return faults(row)


async def _timed(count: int) -> None:
    async with place(count, BILLS) as at:
        found, seconds, grown = await planned(at.url)
        _show("reminders_planned", [{"planned": found, "seconds": round(seconds, 1), "memory grew by, MB": round(grown)}])
    async with place(count, 1) as at:
        _show("reminders", [await delivered(at, workers, count) for workers in (1, 2, 4)])
    async with place(count, 1) as at:
        _show("reminders_beside_chat", await chatted(at, count))


def main() -> int:
    """Print tables, and keep them as JSON; 1 where a message was lost, or came twice."""
    parser = argparse.ArgumentParser(prog="bench.reminders", description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=50)
    given = parser.parse_args()
    if wrong := asyncio.run(measured(given.people, given.kills)):
        print("WRONG: " + "; ".join(wrong), file=sys.stderr)
    return 1 if wrong else 0


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
    sys.exit(main())
