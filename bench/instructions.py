"""Instructions of a turn, counted by Valgrind: unlike time, the same whoever else uses the machine: ``python -m bench.instructions``.

What the kernel does is not counted, nor how long an instruction waits for memory; so a ratio here says how much work there is, and
``bench.turns`` what it costs.
"""

import argparse
import asyncio
import re
import shutil
from asyncio.subprocess import DEVNULL
from collections.abc import Iterator
from contextlib import AsyncExitStack
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.clouds import clouds
from bench.load import batch
from bench.mirror import mirror
from bench.people import BenchPerson, people
from bench.tables import Row, show
from bench.turns import FOLDER, Contender, contenders

AT_ONCE: Final = 8
WARM, COUNTED = 150, 200
"""Turns before the count, so that everybody has been met and every statement prepared, and turns that are counted."""

_TOTAL: Final = re.compile(r"^summary: (\d+)", re.MULTILINE)
_LONG_S: Final = 600.0


async def measured(turns: int) -> list[Row]:
    """Return a row for each contender, the floor first. Raises RuntimeError where Valgrind is missing."""
    if shutil.which("valgrind") is None:
        raise RuntimeError("valgrind is not installed: apt-get install valgrind")
    with TemporaryDirectory() as told:
        async with AsyncExitStack() as stack:
            crowd, folder = people(100), Path(told)
            world = await stack.enter_async_context(clouds(FOLDER))
            database = await stack.enter_async_context(mirror(FOLDER / "postgres", 20_000, crowd))
            tool = ("valgrind", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={folder}/%p")
            found = await stack.enter_async_context(contenders(world, database, peers={}, tool=tool))
            millions = [await _counted(each, turns, cycle(crowd), folder) for each in found]
    return [
        {"turn": each.name, "million instructions": round(count, 2), "x floor": round(count / millions[0], 2)}
        for each, count in zip(found, millions, strict=True)
    ]


async def _counted(each: Contender, turns: int, askers: Iterator[BenchPerson], folder: Path) -> float:
    """Return the millions of instructions that one turn takes."""
    await batch(each.server, each.turn, askers, at_once=AT_ONCE, seconds=_LONG_S, most=WARM)
    await _told(each, "--instr=on")
    await batch(each.server, each.turn, askers, at_once=AT_ONCE, seconds=_LONG_S, most=AT_ONCE)  # translates the code that is counted
    await _told(each, "--zero")
    done = await batch(each.server, each.turn, askers, at_once=AT_ONCE, seconds=_LONG_S, most=turns)
    await _told(each, "--dump")
    await _told(each, "--instr=off")
    return _taken(folder) / len(done.waited_s) / 1e6


def _taken(folder: Path) -> int:
    """Take what has been dumped out of *folder*, and return the instructions in it."""
    counted = 0
    for dump in folder.iterdir():
        counted += sum(map(int, _TOTAL.findall(dump.read_text(errors="replace"))))
        dump.unlink()
    return counted


async def _told(each: Contender, order: str) -> None:
    """Let Valgrind do something."""
    process = await asyncio.create_subprocess_exec("callgrind_control", order, str(each.server.pid), stdout=DEVNULL, stderr=DEVNULL)
    if await process.wait():
        raise RuntimeError(f"callgrind_control {order} failed")


def main() -> None:
    """Print a table, and keep it as JSON."""
    parser = argparse.ArgumentParser(prog="bench.instructions", description=__doc__)
    parser.add_argument("--turns", type=int, default=COUNTED, help="turns that are counted")
    show("instructions", asyncio.run(measured(parser.parse_args().turns)))


if __name__ == "__main__":
    main()
