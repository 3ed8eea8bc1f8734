"""Wait for several answers at once."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from typing import TypeVar

T = TypeVar("T")


@asynccontextmanager
async def together() -> AsyncGenerator[asyncio.TaskGroup]:
    """Open a group of tasks in which the first failure cancels the others and is raised by itself."""
    try:
        async with asyncio.TaskGroup() as group:
            yield group
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from failures


async def ahead(source: AsyncGenerator[T]) -> AsyncGenerator[T]:
    """Yield what *source* yields, while its next item is on its way already; closing this closes *source*."""

    async def following() -> tuple[T, ...]:
        async for item in source:
            return (item,)
        return ()

    async with aclosing(source):
        coming = asyncio.create_task(following())
        try:
            while found := await coming:
                coming = asyncio.create_task(following())
                yield found[0]
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
