"""``python app.py serve``, which adds a line to the file COUNTS with each SIGUSR1: how many tasks there are, and how many objects."""

import asyncio
import gc
import os
import signal
import sys
from pathlib import Path
from types import FrameType

import app


def main() -> int:
    """Serve until SIGTERM."""
    signal.signal(signal.SIGUSR1, _count)
    return app.main(["serve"])


def _count(_signal: int, _frame: FrameType | None) -> None:
    """Count what the garbage collector would not free; what lives as long as the process is frozen, and not among it."""
    gc.collect()
    with Path(os.environ["COUNTS"]).open("a") as counts:
        counts.write(f"{len(asyncio.all_tasks())} {len(gc.get_objects())}\n")


if __name__ == "__main__":
    sys.exit(main())
