"""Load in short batches, and what a batch cost."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from time import perf_counter

from bench.people import BenchPerson
from bench.processes import Server

Turn = Callable[[BenchPerson], Awaitable[float]]
"""One question and its answer; returns the seconds that it took."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What some turns cost.

    cpu_s     processor seconds of the server
    took_s    wall clock
    waited_s  seconds of each turn, sorted
    """

    cpu_s: float
    took_s: float
    waited_s: list[float]

    @property
    def cpu_ms(self) -> float:
        """Processor milliseconds a turn."""
        return 1000 * self.cpu_s / len(self.waited_s)

    def waited_ms(self, quantile: float) -> float:
        """Return a quantile of the waiting time."""
        return 1000 * self.waited_s[min(int(len(self.waited_s) * quantile), len(self.waited_s) - 1)]


async def batch(server: Server, turn: Turn, askers: Iterator[BenchPerson], *, at_once: int, seconds: float, most: int = 10**9) -> Batch:
    """Keep *at_once* people asking for some seconds, or until they have asked *most* questions."""
    waited: list[float] = []
    cpu_s, started = server.cpu_s, perf_counter()

    async def ask() -> None:
        while len(waited) < most and perf_counter() - started < seconds:
            waited.append(await turn(next(askers)))

    await asyncio.gather(*(ask() for _ in range(at_once)))
    return Batch(server.cpu_s - cpu_s, perf_counter() - started, sorted(waited))
