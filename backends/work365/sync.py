"""Bring the mirror up to date with Work 365: what changed, and now and then what vanished.

A pass in which nothing has changed costs five requests, as long as each table fits a page of 5,000 rows:

1. **provider accounts**, 2. **contacts with their web roles**, 3. **external identities** are read whole every time. They are
   the rights, and rights go without a trace: a web role taken away does not touch its contact's ``modifiedon``, and a deleted
   identity leaves nothing that could be asked for. ``as_of`` vouches for them. So are, by a sixth request, **accounts** where
   a web role hangs on one.
4. **invoices** and 5. **lines** are asked for by ``modifiedon`` (see ``watermark``). An invoice that changed is read with all
   its lines and written with them in one transaction; a line that changed alone makes its invoice count as changed. An
   invoice that became a draft, was cancelled or got a status that nobody knows is taken out.

Two kinds of work are done more rarely, by the server's clock:

- every ``slow_every``: **accounts** (which is how the first web role on one is found), **contracts** and **currencies**, read
  whole. A currency that an invoice names and nobody knows is looked up at once.
- every ``compare_every``, and with ``full``: the ids of every other table are compared with the mirror's, since deletions leave
  no trace. An invoice that the mirror lacks is read; a row that Work 365 lacks is deleted, once it was asked for by its id too,
  since a page may have skipped it. ``full`` also reads every invoice again with its lines.

Until the mirror has been complete once, nobody is shown anything; so the first load streams invoices and lines side by side,
without the indexes that only readers need, which is faster. A pass that dies leaves what it wrote, with the watermark that
belongs to it, and the next goes on from there.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from backends.dataverse.client import Dataverse
from backends.postgres.mirror import Mirror
from backends.work365.bills import INVOICES, LINES, Bills
from backends.work365.changes import NOT_OUR_TURN, Changes, Progress, Tally, silent
from backends.work365.people import copy_rights, copy_terms
from backends.work365.schema import Schema
from backends.work365.vanished import compare
from backends.work365.watermark import Watermark
from backends.work365.work import Work
from billing.errors import NotFound, SourceDown

log = logging.getLogger(__name__)

OVERLAP = timedelta(minutes=5)
SLOW_EVERY = timedelta(minutes=5)
COMPARE_EVERY = timedelta(hours=1)

_SLOW = "slow"
_COMPARED = "compared"


class Sync:
    """Copies Work 365 into the mirror, one pass at a time on all machines together."""

    def __init__(
        self,
        dataverse: Dataverse,
        schema: Schema,
        mirror: Mirror,
        *,
        overlap: timedelta = OVERLAP,
        slow_every: timedelta = SLOW_EVERY,
        compare_every: timedelta = COMPARE_EVERY,
    ) -> None:
        self._dataverse = dataverse
        self._schema = schema
        self._mirror = mirror
        self._overlap = overlap
        self._slow_every = slow_every
        self._compare_every = compare_every
        self._watermarks: dict[str, Watermark] = {}

    async def run(self, *, full: bool = False, progress: Progress = silent) -> Changes:
        """Make one pass and return what it changed. Raises SourceDown; what has been written by then stays.

        full  compare every id and read every invoice again
        """
        async with self._mirror.alone() as ours:
            if not ours:
                return NOT_OUR_TURN
            try:
                changes = await self._pass(Tally(progress), full=full)
            except (SourceDown, NotFound) as failure:
                self._schema.forget()  # a name may have changed: find out which before the next pass
                raise SourceDown(**{"source": "work365", **failure.facts}) from failure
        if changes.reported:
            log.warning("sync.left_out", extra={"reported": dict(changes.reported)})
        return changes

    async def _pass(self, tally: Tally, *, full: bool) -> Changes:
        work = Work(self._dataverse, self._mirror, await self._schema.names(), tally)
        stored, before = await self._mirror.watermarks(), await self._mirror.as_of()
        self._go_on(work, stored)
        if full:
            self._watermarks[INVOICES].forget()
        bills, marks = Bills(work, is_full=full), (self._watermarks[INVOICES], self._watermarks[LINES])
        is_first = before is None
        compares = before is not None and (full or _is_due(stored.get(_COMPARED), before, self._compare_every))
        is_slow = before is None or full or _is_due(stored.get(_SLOW), before, self._slow_every)
        if compares:
            await compare(work, None if full else bills)  # a full pass reads every invoice anyway
        await copy_rights(work, is_slow=is_slow)
        if is_slow:
            await copy_terms(work)
        await (bills.load(*marks) if is_first else bills.follow(*marks))
        await self._complete(work, {_SLOW: is_slow, _COMPARED: compares or is_first})
        return work.tally.done()

    def _go_on(self, work: Work, stored: Mapping[str, str]) -> None:
        """Let the watermarks start where the last pass, in whatever process, has left them."""
        names = work.names
        for name, modified, key in (
            (INVOICES, names.invoices.modified, names.invoices.id),
            (LINES, names.lines.modified, names.lines.id),
        ):
            watermark = self._watermarks.setdefault(name, Watermark(self._overlap, modified, key))
            watermark.go_on(datetime.fromisoformat(stored[name]) if name in stored else None)

    async def _complete(self, work: Work, done: Mapping[str, bool]) -> None:
        """Note in one transaction how far everything has come."""
        as_of = work.tally.began
        async with self._mirror.writing() as batch:
            for name, watermark in self._watermarks.items():
                start = watermark.complete(as_of)
                await batch.save_watermark(name, start.isoformat() if start else "")
            for name in (name for name, was_done in done.items() if was_done):
                await batch.save_watermark(name, as_of.isoformat())
            if done[_COMPARED]:
                await batch.save_findings(work.tally.reported)
            await batch.mark_complete(as_of)


def _is_due(last: str | None, now: datetime, every: timedelta) -> bool:
    return last is None or now - datetime.fromisoformat(last) >= every
