"""A world with demo data, and the product's commands as processes of their own in it."""

import os
import sys
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE, Process
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.world import World

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Place:
    """Clouds, and settings that fit them, by their names in the environment."""

    world: World
    told: dict[str, str]

    async def start(self, *words: str, stderr: Any = PIPE, **changes: str) -> Process:
        """Run ``python app.py *words*``."""
        env = {"PATH": os.environ["PATH"], **self.told, **changes}
        return await create_subprocess_exec(sys.executable, str(ROOT / "app.py"), *words, cwd=ROOT, env=env, stdout=PIPE, stderr=stderr)

    async def run(self, *words: str, **changes: str) -> tuple[int | None, str]:
        """Run a command to its end; return its status and what it printed."""
        process = await self.start(*words, **changes)
        said, _ = await process.communicate()
        return process.returncode, said.decode()
