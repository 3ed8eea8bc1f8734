"""The bot beside the sandbox: a process of its own, whose log is kept and whose words to people are passed on."""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO

_ROOT = Path(__file__).parent.parent
_ENDS_WITHIN_S = 30.0
_LONGEST_LINE = 2**24


@asynccontextmanager
async def companion(settings: Mapping[str, str], log: Path) -> AsyncGenerator[Process]:
    """Run ``app.py serve``; at the end of the block the bot is told to stop and, if it does not, killed.

    What it logs goes to *log*, anew for each run. What it says in plain words, and where the log has an error, goes to standard error.
    """
    with _emptied(log) as kept:
        bot = await asyncio.create_subprocess_exec(
            sys.executable, "app.py", "serve", cwd=_ROOT, env=settings, stderr=PIPE, limit=_LONGEST_LINE, start_new_session=True
        )
        listening = asyncio.create_task(_listen(bot, log, kept))
        try:
            yield bot
        finally:
            await _end(bot)
            await listening


async def _listen(bot: Process, log: Path, kept: BinaryIO) -> None:
    assert bot.stderr is not None  # noqa: S101 - it is a pipe
    async for line in bot.stderr:
        kept.write(line)
        if told := shown(line.decode(errors="replace"), log):
            sys.stderr.write(f"{told}\n")


def shown(line: str, log: Path) -> str:
    """Return what a person at the terminal has to see of a line of the bot's standard error; empty for most of its log."""
    try:
        record = json.loads(line)
    except ValueError:
        return line.rstrip()
    if record["level"] not in {"ERROR", "CRITICAL"}:
        return ""
    return f"The bot reports an error, {record['event'].partition(chr(10))[0]}; {log} says more."


async def _end(bot: Process) -> None:
    if bot.returncode is None:
        bot.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(bot.wait(), _ENDS_WITHIN_S)
    except TimeoutError:
        bot.kill()
        await bot.wait()


def _emptied(log: Path) -> BinaryIO:
    log.parent.mkdir(parents=True, exist_ok=True)
    return log.open("wb", buffering=0)
