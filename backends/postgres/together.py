"""Statements that are wanted at the same time go to the database as one, and each caller waits until its own part is done."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from billing.errors import Malformed

T = TypeVar("T")
R = TypeVar("R")

Write = Callable[[Sequence[T]], Awaitable[Sequence[R]]]
"""Writes all items or none, and returns what became of each, in their order."""


class Together(Generic[T, R]):
    """While one batch is being written, the next one gathers: under load a commit serves many callers, alone it waits for nobody."""

    def __init__(self, write: Write[T, R]) -> None:
        self._write = write
        self._gathering: list[tuple[T, asyncio.Future[R]]] = []
        self._alone: deque[tuple[T, asyncio.Future[R]]] = deque()
        self._batch: list[tuple[T, asyncio.Future[R]]] = []
        self._writing: asyncio.Task[Sequence[R]] | None = None

    async def __call__(self, item: T) -> R:
        """Write *item* and return what became of it. Raises what the writing raises; another's Malformed concerns nobody else."""
        written: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._gathering.append((item, written))
        if self._writing is None:
            self._begin()
        return await written

    def _begin(self) -> None:
        """Write in a task of its own: whoever gives up takes nobody along."""
        self._writing = asyncio.create_task(self._write_batch())
        self._writing.add_done_callback(self._settle)

    async def _write_batch(self) -> Sequence[R]:
        if self._alone:
            self._batch = [self._alone.popleft()]
        else:
            self._batch, self._gathering = self._gathering, []
        return await self._write([item for item, _ in self._batch])

    def _settle(self, writing: asyncio.Task[Sequence[R]]) -> None:
        """Tell everybody in the batch what became of theirs, and begin the next one."""
        self._writing = None
        waiting = [written for _, written in self._batch if not written.done()]  # whoever gave up is done
        if writing.cancelled():
            for written in waiting:
                written.cancel()
        elif (failure := writing.exception()) is None:
            for (_, written), result in zip(self._batch, writing.result(), strict=True):
                if not written.done():
                    written.set_result(result)
        elif isinstance(failure, Malformed) and len(self._batch) > 1:
            self._alone.extend(self._batch)
        else:
            for written in waiting:
                written.set_exception(failure)
        if self._alone or self._gathering:
            self._begin()
