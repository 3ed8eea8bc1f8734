"""The door to PGQueuer: one drain for each tenant that has something to send, found by looking at the ledger again and again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final, Protocol, Self

from pgqueuer import PgQueuer
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment, QueryQueueBuilder, QuerySchedulerBuilder
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.core.tm import TaskManager
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.domain.settings import DBSettings
from pgqueuer.models import Job, Schedule
from pgqueuer.ports.driver import Driver

from billing.access import TenantId
from billing.errors import Problem, SourceDown
from billing.measures import REMINDED, Measures
from billing.ports import Clock
from billing.ports_reminders import Outbox, Oversight
from reminders.deliver import Delivery
from reminders.pace import Pace
from reminders.plan import Planner

log = logging.getLogger(__name__)

LEASE: Final = timedelta(seconds=60)
"""How long a message may be under way: an attempt takes at most three times ten seconds."""

KEPT: Final = timedelta(days=400)
"""How long the ledger remembers what has ended. No stage comes back after that."""

_HEARTBEAT: Final = timedelta(seconds=6)
_POLL: Final = timedelta(seconds=2)
_AT_ONCE: Final = 40
_DRAIN: Final = "drain"


class Lines(Protocol):
    """The way to PostgreSQL. Every method may raise SourceDown."""

    async def fetch(self, query: str, *args: object) -> list[dict[str, object]]:
        """Return all rows."""
        ...

    async def execute(self, query: str, *args: object) -> str:
        """Run a statement and return its command tag."""
        ...

    async def notify(self, channel: str, payload: str) -> None:
        """Notify whoever listens on *channel*."""
        ...

    async def listen(self, channel: str, callback: Callable[[str | bytes | bytearray], None]) -> None:
        """Call *callback* with each notification, until ``hang_up``."""
        ...

    async def hang_up(self) -> None:
        """Stop listening."""
        ...


class _LineDriver(Driver):
    """PGQueuer's own idea of a connection."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._shutdown = asyncio.Event()
        self.fetch = lines.fetch
        self.execute = lines.execute
        self.notify = lines.notify
        self.add_listener = lines.listen

    @property
    def shutdown(self) -> asyncio.Event:
        return self._shutdown

    @property
    def tm(self) -> TaskManager:
        return TaskManager()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None


class ReminderSchedule:
    """What a worker does for reminders. Any number of workers share the load; each tenant is with one of them at a time."""

    def __init__(
        self,
        lines: Lines,
        planner: Planner,
        delivery: Delivery,
        outbox: Outbox,
        oversight: Oversight,
        clock: Clock,
        measures: Measures,
    ) -> None:
        self._lines = lines
        self._planner = planner
        self._delivery = delivery
        self._outbox = outbox
        self._oversight = oversight
        self._clock = clock
        self._measures = measures

    async def run(self, shared: Pace | None = None) -> None:
        """Plan every minute and deliver, until cancelled; then finish what has been claimed. Raises SourceDown: run it again.

        shared  the pace of everything that the process sends; None where nothing else suffers from it
        """
        engine = self._engine(shared)
        working = asyncio.ensure_future(self._work(engine))
        try:
            await asyncio.shield(working)
        except asyncio.CancelledError:
            self._delivery.stop()
            engine.shutdown.set()
            await asyncio.wait({working})
            raise
        except RuntimeError as failure:  # PGQueuer hears nothing any more
            raise SourceDown(source="database", failure=type(failure).__name__) from failure

    async def pump(self, queries: Queries) -> None:
        """Give a drain to each tenant that has something to send and none yet. Raises SourceDown."""
        if expired := await self._oversight.expire(LEASE):
            log.error("reminders.uncertain", extra={"messages": expired})
        if tenants := await self._outbox.tenants(self._clock()):
            count = len(tenants)
            payloads: list[bytes | None] = [tenant.encode() for tenant in tenants]
            keys: list[str | None] = list(tenants)
            await queries.enqueue([_DRAIN] * count, payloads, [0] * count, dedupe_key=keys, on_conflict="skip")

    async def _look(self, queries: Queries) -> None:
        """Plan, and see to it that what is planned is sent."""
        if new := await self._planner.run():
            log.info("reminders.planned", extra={"rows": new})
        await self.pump(queries)

    async def _work(self, engine: PgQueuer) -> None:
        await self._look(queries_over(self._lines))
        try:
            await engine.run(heartbeat_timeout=_HEARTBEAT, dequeue_timeout=_POLL, max_concurrent_tasks=_AT_ONCE)
        finally:
            await self._lines.hang_up()

    def _engine(self, shared: Pace | None) -> PgQueuer:
        driver = _LineDriver(self._lines)
        queries = _queries(driver)
        engine = PgQueuer(driver, queries=queries)

        async def drain(job: Job) -> None:
            drained = await self._delivery.drain(TenantId((job.payload or b"").decode()), shared)
            for state, messages in drained.tally.items():
                self._measures.count(REMINDED, messages, outcome=state)
            if drained.pause is not None:
                raise RetryRequested(delay=drained.pause, reason="the tenant has to pause")

        async def plan(_: Schedule) -> None:
            await self._look(queries)

        async def tidy(_: Schedule) -> None:
            now = self._clock()
            log.info("reminders.tidied", extra={"rows": await self._oversight.tidy(now - KEPT, now)})

        engine.entrypoint(_DRAIN)(drain)
        engine.schedule("plan", "* * * * *")(_told(plan))
        engine.schedule("tidy", "17 3 * * *")(_told(tidy))
        return engine


def _told(job: Callable[[Schedule], Awaitable[None]]) -> Callable[[Schedule], Awaitable[None]]:
    """Return *job*, which tells of a Problem in our own words; the next minute tries again."""

    async def run(schedule: Schedule) -> None:
        try:
            await job(schedule)
        except Problem as problem:
            log.warning("reminders.interrupted", extra={"failure": type(problem).__name__, "facts": problem.facts})

    return run


def queries_over(lines: Lines) -> Queries:
    """Return PGQueuer's statements, in the schema where the migration has put its tables."""
    return _queries(_LineDriver(lines))


def _queries(driver: Driver) -> Queries:
    settings = DBSettings(db_schema="queue")
    return Queries(driver, QueryBuilderEnvironment(settings), QueryQueueBuilder(settings), QuerySchedulerBuilder(settings))
