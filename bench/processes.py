"""Server processes on a processor of their own, and what the kernel says that they have used."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import aiohttp

from tests.ports import free_port

ROOT = Path(__file__).parent.parent
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_STARTS_WITHIN_S = 30.0
_TRY_AGAIN_S = 0.02


@dataclass(frozen=True, slots=True)
class Server:
    """A running server.

    url      of its messaging endpoint
    ready_s  seconds from its start until it listened
    """

    name: str
    pid: int
    url: str
    ready_s: float

    @property
    def cpu_s(self) -> float:
        """Processor seconds used so far, by all of its threads."""
        return _cpu_s(self.pid)

    @property
    def rss_mb(self) -> float:
        """Memory held now."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * _PAGE_BYTES / 2**20


def postgres_cpu_s(folder: Path) -> float:
    """Return the processor seconds of the PostgreSQL in *folder*, its ended and running backends included."""
    postmaster = int((folder / "postmaster.pid").read_text().split()[0])
    while True:
        fields = _stat(postmaster)
        ended = (int(fields[13]) + int(fields[14])) / _TICKS_PER_S
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        with suppress(FileNotFoundError):  # one has ended between the two looks: then its time is among the ended ones'
            return ended + sum(_cpu_s(int(each)) for each in (str(postmaster), *children))


def _cpu_s(pid: int) -> float:
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S


def _stat(pid: int) -> list[str]:
    """Return the fields of proc(5)'s ``stat`` from the third on."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def keep_to(core: int) -> None:
    """Keep this process, and those that it starts, to one processor, if there are two."""
    if (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {core})


@asynccontextmanager
async def server(
    name: str,
    command: Sequence[str],
    environment: Mapping[str, str],
    python: Path | str = sys.executable,
    core: int = 0,
    port: int | None = None,
) -> AsyncGenerator[Server]:
    """Run ``python *command*`` with PORT set, to a free one unless told which, on the processor *core*.

    Raises RuntimeError where it does not listen.
    """
    port, started = port or free_port(), perf_counter()
    pinned = ["taskset", "-c", str(core)] if (os.cpu_count() or 1) > 1 else []
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment, "PORT": str(port)}
    process = await asyncio.create_subprocess_exec(*pinned, str(python), *command, cwd=ROOT, env=env, stdout=DEVNULL, stderr=DEVNULL)
    try:
        await _listening(name, process, port)
        yield Server(name, process.pid, f"http://127.0.0.1:{port}/api/messages", perf_counter() - started)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _listening(name: str, process: Process, port: int) -> None:
    async with aiohttp.ClientSession() as http, asyncio.timeout(_STARTS_WITHIN_S):
        while process.returncode is None:
            try:
                async with http.get(f"http://127.0.0.1:{port}/"):
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(_TRY_AGAIN_S)
    raise RuntimeError(f"{name} ended with {process.returncode} before it listened")
