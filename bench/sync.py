"""How fast Work 365 is copied, beside only downloading the same pages: ``python -m bench.sync --invoices 100000``."""

import argparse
import asyncio
import json
import resource
from collections.abc import Awaitable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Final

import aiohttp

from backends.dataverse.client import Dataverse
from backends.dataverse.limits import Limits
from backends.postgres.database import Database, DatabaseRole
from backends.postgres.mirror import Mirror
from backends.work365.mapping import load
from backends.work365.questions import Questions
from backends.work365.schema import Schema
from backends.work365.sync import Sync
from bench.database import empty
from bench.processes import Server, postgres_cpu_s, server
from bench.tables import Row, show

PAGES_S: Final = (0.0, 0.5)
"""Seconds for a page: no time at all, and what is still quick for Dataverse."""

CHANGED: Final = 1_000
"""Invoices that change before the last pass, with their lines."""

_NO_LIMITS = Limits(requests=10**9, concurrent=100)


class _NoToken:
    """Nobody asks for one here."""

    async def __call__(self, *, fresh: bool = False) -> str:
        """Return nothing of worth."""
        return "none" if fresh else ""


async def measured(invoices: int, lines: int = 2, page_s: float = 0) -> list[Row]:
    """Return one row: seconds to download, to copy, and for a pass in which nothing is new, or a thousand invoices have changed."""
    told = {"INVOICES": str(invoices), "LINES": str(lines), "PAGE_S": str(page_s)}
    with TemporaryDirectory() as kept:
        folder = Path(kept) / "postgres"
        async with (
            empty(folder) as (url, _),
            server("dataverse", ["-m", "bench.servers.dataverse"], told, core=1) as source,
            aiohttp.ClientSession() as http,
        ):
            database = await Database.open(url, DatabaseRole.SYNC)
            try:
                return [
                    {"invoices": invoices, "lines": invoices * lines, "page_s": page_s, **await _measured(folder, database, source, http)}
                ]
            finally:
                await database.close()


async def _measured(folder: Path, database: Database, source: Server, http: aiohttp.ClientSession) -> Row:
    environment = source.url.removesuffix("/api/messages")
    download = await _timed(folder, _download(http, environment))
    dataverse = Dataverse(http, environment, _NoToken(), _NO_LIMITS)
    sync = Sync(dataverse, Schema(dataverse, load()), Mirror(database))
    rss_mb = _peak_rss_mb()
    first = await _timed(folder, sync.run())
    asked = await _asked(http, environment)
    again = await _timed(folder, sync.run())
    asked_again = await _asked(http, environment) - asked
    async with http.get(f"{environment}/change", params={"invoices": CHANGED}):
        changed = await _timed(folder, sync.run())
    return {
        "download_s": round(download.s, 1),
        "sync_s": round(first.s, 1),
        "ratio": round(download.s / first.s, 2),
        "download_cpu_s": round(download.cpu_s, 1),
        "sync_cpu_s": round(first.cpu_s, 1),
        "postgres_cpu_s": round(first.postgres_cpu_s, 1),
        "peak_rss_mb": round(_peak_rss_mb()),
        "rss_grew_mb": round(_peak_rss_mb() - rss_mb),
        "nothing_new_s": round(again.s, 3),
        "nothing_new_requests": asked_again,
        "changed_s": round(changed.s, 2),
        "changed_cpu_s": round(changed.cpu_s, 2),
        "changed_postgres_cpu_s": round(changed.postgres_cpu_s, 2),
    }


@dataclass(frozen=True, slots=True)
class _Spent:
    """Seconds by the clock on the wall, of this process's processor, and of PostgreSQL's."""

    s: float
    cpu_s: float
    postgres_cpu_s: float


async def _timed(folder: Path, work: Awaitable[object]) -> _Spent:
    s, cpu_s, theirs_s = perf_counter(), process_time(), postgres_cpu_s(folder)
    await work
    return _Spent(perf_counter() - s, process_time() - cpu_s, postgres_cpu_s(folder) - theirs_s)


async def _download(http: aiohttp.ClientSession, environment: str) -> None:
    """Get all pages, and find the way from each to the next."""
    ask = Questions(load())
    for query in (ask.invoices(None), ask.lines(None)):
        link: str | None = f"{environment}/api/data/v9.2/{query}"
        while link:
            async with http.get(link) as answer:
                link = json.loads(await answer.read()).get("@odata.nextLink")


async def _asked(http: aiohttp.ClientSession, environment: str) -> int:
    async with http.get(f"{environment}/") as answer:
        return int(await answer.json())


def _peak_rss_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print a table with a row for each speed of the source, and keep it as JSON."""
    parser = argparse.ArgumentParser(prog="bench.sync", description=__doc__)
    parser.add_argument("--invoices", type=int, default=100_000)
    parser.add_argument("--lines", type=int, default=2, choices=(1, 2, 4, 5), help="lines of each invoice")
    parser.add_argument("--page-s", type=float, nargs="+", default=PAGES_S, help="seconds that the source takes for a page")
    given = parser.parse_args()
    show("sync", [row for page_s in given.page_s for row in asyncio.run(measured(given.invoices, given.lines, page_s))])


if __name__ == "__main__":
    main()
