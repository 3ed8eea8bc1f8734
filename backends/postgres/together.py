"""Writes that arrive at the same time go to the database as one statement, and each caller waits until its own is durable."""

import asyncio
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
        self._gathering: tuple[list[T], asyncio.Task[Sequence[R]]] | None = None
        self._writing = asyncio.Lock()

    async def __call__(self, item: T) -> R:
        """Write *item* and return what became of it. Raises what the writing raises; another's Malformed concerns nobody else."""
        if self._gathering is None:
            begun: list[T] = []
            self._gathering = begun, asyncio.create_task(self._write_all(begun))
        items, written = self._gathering
        place = len(items)
        items.append(item)
        try:
            return (await asyncio.shield(written))[place]
        except Malformed:
            if len(items) == 1:
                raise
            return (await self._write([item]))[0]

    async def _write_all(self, items: list[T]) -> Sequence[R]:
        async with self._writing:
            self._gathering = None
            return await self._write(items)
