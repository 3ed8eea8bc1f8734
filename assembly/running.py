"""What the commands do once the house is built: serve, work, and the jobs that run once and end."""

import asyncio
import gc
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta

from aiohttp import web

from assembly import House, gauges, house
from assembly.listening import listen, runner_of
from assembly.progress import ProgressLine
from backends.work365.changes import Changes
from billing.access import PersonId, TenantId
from billing.errors import Problem
from billing.measures import SYNC_CHANGES, SYNC_PASSES
from bot.turns import Turns
from reminders.pace import BESIDE_CHAT_PER_S, Pace
from settings import Settings

log = logging.getLogger("app")

DRAIN_S = 25.0
COLLECT_AFTER = 20_000
"""Objects: those of about twenty turns. Cards are trees without cycles, which are freed without the collector's help."""
ROUNDS = 5
"""Looks at the youngest objects for one at the older ones. With Python's own 10, 40 MB of an hour's chat wait for it."""
CLEAN_UP_EVERY_S = 3600.0
NICE = 5
RESTART_AFTER_S = 5.0
"""What runs until it is cancelled, and ends before, is begun again after this."""


async def serve(settings: Settings) -> None:
    """Listen until SIGTERM or SIGINT, then finish what has been begun."""
    stop = _told_to_stop()
    async with house(settings) as built:
        runner = runner_of(built.application)
        await listen(runner, settings.host, settings.port)
        _spare_the_collector()
        log.info("serve.listening", extra={"host": settings.host, "port": settings.port})
        ours = every(RESTART_AFTER_S, "sweep", built.turns.sweep), _measuring(built)
        jobs = [*ours, *(_jobs(built, settings, Pace(BESIDE_CHAT_PER_S)) if settings.worker == "embedded" else ())]
        background = [asyncio.ensure_future(job) for job in jobs]
        await stop.wait()
        await asyncio.gather(_cancel(background), _finish(runner, built.turns))


async def _finish(runner: web.AppRunner, turns: Turns) -> None:
    """Take no new requests, and answer what has been taken."""
    await runner.cleanup()
    await turns.drain(DRAIN_S)


def _spare_the_collector() -> None:
    """Let the garbage collector look at what turns leave behind, seldom, and never again at what stays until the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, ROUNDS, ROUNDS)


async def work(settings: Settings) -> None:
    """Do the jobs of a worker until SIGTERM or SIGINT."""
    stop = _told_to_stop()
    async with house(settings) as built:
        _step_back()  # not before: an embedded PostgreSQL would step back as well, and chat reads from it
        _spare_the_collector()
        background = [asyncio.ensure_future(job) for job in (_measuring(built), *_jobs(built, settings))]
        log.info("work.started")
        await stop.wait()
        await _cancel(background)


def _step_back() -> None:
    """Let a process that answers in chat go first on a processor that both want."""
    if hasattr(os, "nice"):  # not on Windows
        os.nice(NICE)


async def sync(settings: Settings, *, full: bool) -> None:
    """Run one pass from Work 365 and print what has changed."""
    async with house(settings) as built:
        line = ProgressLine(sys.stderr)
        try:
            changes = await built.sync.run(full=full, progress=line.show)
        finally:
            line.end()
        _let_chats_follow(built, changes)
        await built.following.settled()
        print(changes)


async def forget(settings: Settings, tenant: TenantId, person: PersonId | None) -> None:
    """Delete what is kept of a person or a company's people, and print how much that was."""
    async with house(settings) as built:
        print(f"{await built.forgetting.forget(tenant, person)} rows deleted")


def _jobs(built: House, settings: Settings, pace: Pace | None = None) -> Sequence[Awaitable[None]]:
    """Return what a worker does over and over; *pace* is that of all reminders together, None for as fast as can be."""

    async def remind() -> None:
        await built.reminders.schedule.run(pace)

    async def clean_up() -> None:
        grace, kept = timedelta(days=settings.forget_after_days), timedelta(days=settings.audit_days)
        log.info("clean_up.done", extra={"forgotten": await built.forgetting.clean_up(grace, kept)})

    async def keep_in_step() -> None:
        changes = await _measured(built)
        _let_chats_follow(built, changes)
        log.info("sync.done", extra={"changes": str(changes)})

    recurring = every(settings.sync_interval_s, "sync", keep_in_step), every(CLEAN_UP_EVERY_S, "clean_up", clean_up)
    return *recurring, every(RESTART_AFTER_S, "reminders", remind)


def _measuring(built: House) -> Awaitable[None]:
    return every(gauges.EVERY_S, "measure", built.gauges.read)


async def _measured(built: House) -> Changes:
    """Run one pass of the sync, and tell what it did. Raises SourceDown."""
    outcome = "failed"
    try:
        changes = await built.sync.run()
        outcome = "done" if changes.as_of else "elsewhere"
    finally:
        built.measures.count(SYNC_PASSES, outcome=outcome)
    for kind, rows in changes.counts.items():
        built.measures.count(SYNC_CHANGES, rows, kind=kind)
    return changes


def _let_chats_follow(built: House, changes: Changes) -> None:
    """Have chats put right after a pass of ours, beside whatever comes next: Teams may be slow. Other processes see to their own."""
    if changes.as_of:
        built.following.nudge()


async def every(seconds: float, name: str, job: Callable[[], Awaitable[None]]) -> None:
    """Run a job now and then; what fails is told, and tried again next time: a job that died in silence would be missed too late."""
    while True:
        try:
            await job()
        except Problem as problem:
            log.warning("job.failed", extra={"job": name, "problem": type(problem).__name__, "facts": problem.facts})
        except Exception:
            log.exception("job.broke", extra={"job": name})
        await asyncio.sleep(seconds)


def _told_to_stop() -> asyncio.Event:
    """Return what the signals set; called first, so that one during the start ends everything that has been started."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    return stop


async def _cancel(tasks: Sequence[asyncio.Future[None]]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError):
            await task
