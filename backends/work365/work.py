"""What every part of a sync's pass needs: where to read, where to write, by which names, and a place to count."""

from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TypeVar

from backends.dataverse.client import Dataverse, Page
from backends.dataverse.query import Filter, Query, both, is_in
from backends.postgres.mirror import Mirror
from backends.work365.changes import Tally
from backends.work365.mapping import Work365Mapping
from backends.work365.names import Names
from backends.work365.questions import Questions
from backends.work365.translate import Translator, Unreadable
from billing.ports import Json

T = TypeVar("T")

IDS = 120
"""Ids in one question: an address must stay below 8 KB, which is what some proxies let through."""


@dataclass(frozen=True, slots=True)
class Work:
    """One pass."""

    dataverse: Dataverse
    mirror: Mirror
    names: Work365Mapping
    tally: Tally = field(default_factory=Tally)

    @property
    def ask(self) -> Questions:
        """What can be asked."""
        return Questions(self.names)

    @property
    def translate(self) -> Translator:
        """Rows in our words."""
        return Translator(self.names)

    async def pages(self, query: Query) -> AsyncGenerator[Page]:
        """Yield the rows that *query* matches as they are, page by page."""
        async with aclosing(self.dataverse.pages(query)) as pages:
            async for page in pages:
                self.tally.saw(query.table, len(page.rows))
                yield page

    async def read(self, query: Query, translate: Callable[[Json], T | None]) -> AsyncGenerator[list[T]]:
        """Yield the rows that *query* matches in our words, page by page; one that makes no sense is counted and left out."""
        async with aclosing(self.pages(query)) as pages:
            async for page in pages:
                self.tally.answered(page.at)
                yield self.readable(query.table, page.rows, translate)

    async def read_all(self, query: Query, translate: Callable[[Json], T | None]) -> list[T]:
        """Return all rows that *query* matches, in our words."""
        async with aclosing(self.read(query, translate)) as pages:
            return [row async for page in pages for row in page]

    def readable(self, table: str, rows: Iterable[Json], translate: Callable[[Json], T | None]) -> list[T]:
        """Return *rows* in our words, without those that say nothing or make no sense."""
        found: list[T] = []
        for row in rows:
            try:
                translated = translate(row)
            except Unreadable as error:
                self.tally.reported[f"unreadable in {table}: {error}"] += 1
                continue
            if translated is not None:
                found.append(translated)
        return found

    async def gone(self, names: Names, ids: Sequence[str], where: Filter | None = None) -> list[str]:
        """Return those of *ids* that Work 365 lacks also when asked for them by name: a page may have skipped one."""
        gone: list[str] = []
        for part in parts(ids, IDS):
            named = is_in(names.id, part)
            async with aclosing(self.dataverse.keys(names.entity_set, names.id, both(named, where) if where else named)) as pages:
                kept = {each async for page in pages for each in page}
            gone += [each for each in part if each not in kept]
        return gone


def parts(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield *items* in their order, at most *size* at once."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
