"""Workers that are born by fork, from a process that has imported everything: many deaths cost little time."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
TICK_S = 0.02


class Forked:
    """One ``python app.py work``, for as long as it lives."""

    def __init__(self, nursery: asyncio.subprocess.Process) -> None:
        self._nursery = nursery
        self._pid = 0

    async def start(self) -> None:
        """Start it."""
        if self._nursery.stdin is None or self._nursery.stdout is None:
            raise RuntimeError("a nursery without ears")
        self._nursery.stdin.write(b"\n")
        self._pid = int(await self._nursery.stdout.readline())

    async def kill(self) -> None:
        """End it as a power cut does: without a word."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """Ask it to end, and wait until it has."""
        await self._end(signal.SIGTERM)

    async def _end(self, how: signal.Signals) -> None:
        wanted: int = how
        while self._pid:
            try:
                os.kill(self._pid, wanted)
            except ProcessLookupError:
                self._pid = 0
            else:
                wanted = 0  # only asks whether it is still there
                await _tick()


async def _tick() -> None:
    passed = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(TICK_S, passed.set_result, None)
    await passed


@asynccontextmanager
async def nursery(environment: Mapping[str, str]) -> AsyncGenerator[asyncio.subprocess.Process]:
    """Run a process that bears workers."""
    pipe, quiet = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.nursery", cwd=ROOT, env={**os.environ, **environment}, stdin=pipe, stdout=pipe, stderr=quiet
    )
    try:
        yield running
    finally:
        running.kill()
        await running.wait()


def main() -> None:
    """Bear a worker for each line that is read, and say its process id."""
    import app  # noqa: PLC0415 - what takes the time is done before the first birth

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the dead
    for _ in sys.stdin:
        if born := os.fork():
            sys.stdout.write(f"{born}\n")
            sys.stdout.flush()
        else:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os._exit(app.main(["work"]))


if __name__ == "__main__":
    main()
