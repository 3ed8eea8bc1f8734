"""``make run`` as a newcomer meets it: the real processes, their words, and that nothing is left of them."""

import asyncio
import os
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import SIGHUP, SIGINT, Signals
from tempfile import TemporaryDirectory

import aiohttp
import pytest

from sandbox.companion import shown
from tests.patience import PATIENCE_S
from tests.ports import free_port

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Run:
    """The sandbox with its bot, started in a folder of its own."""

    process: Process
    folder: Path
    port: int
    sandbox_port: int

    async def addresses(self) -> dict[str, str]:
        """Return what it prints once it is ready, by name."""
        assert self.process.stdout is not None
        told: dict[str, str] = {}
        async with asyncio.timeout(PATIENCE_S):
            async for line in self.process.stdout:
                name, _, rest = line.decode().strip().partition(" ")
                told |= {name: rest.strip()}
                if name == "Ctrl-C":
                    break
        return told

    async def end(self, number: Signals | None = None) -> tuple[int, str, str]:
        """Send a signal, or none, and return the exit status and what else was said: standard output, standard error."""
        if number is not None:
            self.process.send_signal(number)
        out, err = await asyncio.wait_for(self.process.communicate(), PATIENCE_S)
        assert self.process.returncode is not None
        return self.process.returncode, out.decode(), err.decode()

    def left_over(self) -> list[str]:
        """Return what has not ended."""
        ports = {"bot": self.port, "sandbox": self.sandbox_port}
        left = [name for name, port in ports.items() if listens(port)]
        return left + (["postgres"] if (self.folder / "postgres" / "postmaster.pid").exists() else [])


@pytest.fixture
def folder() -> Generator[Path]:
    """Return an empty folder with a space in its path; not in pytest's, which another run may close to PostgreSQL's user."""
    with TemporaryDirectory(prefix="my invoices ") as made:
        yield Path(made) / "var"


@asynccontextmanager
async def running(folder: Path, **settings: str) -> AsyncGenerator[Run]:
    """Start it on free ports; whatever the test does, it ends."""
    port, sandbox_port = free_port(), free_port()
    told = {"VAR_DIR": str(folder), "PORT": str(port), "SANDBOX_PORT": str(sandbox_port)} | settings
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", "--bot", cwd=ROOT, env=os.environ | told, stdout=PIPE, stderr=PIPE
    )
    try:
        yield Run(process, folder, port, sandbox_port)
    finally:
        if process.returncode is None:
            process.terminate()
            await asyncio.wait_for(process.wait(), PATIENCE_S)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def answer(url: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, await response.text()


class TestRun:
    async def test_prints_where_everything_is_answers_there_and_leaves_nothing_behind(self, folder: Path) -> None:
        async with running(folder) as run:
            told = await run.addresses()
            chat = await answer(told["Chat"])
            ready = await answer(told["Bot"])
            ended = await run.end(SIGINT)

        assert (chat[0], "<title>My Invoices" in chat[1]) == (200, True)
        assert (ready[0], '"ready": true' in ready[1]) == (200, True)
        assert (ended, run.left_over()) == ((0, "", ""), [])
        assert "serve.listening" in await asyncio.to_thread(Path(told["Log"]).read_text)

    async def test_lets_an_operator_ask_in_another_shell(self, folder: Path) -> None:
        async with running(folder) as run:
            told = await run.addresses()
            asked = await asyncio.create_subprocess_shell(told["Try"], cwd=ROOT, env={"PATH": os.environ["PATH"]}, stdout=PIPE)
            said, _ = await asyncio.wait_for(asked.communicate(), PATIENCE_S)

        assert asked.returncode == 0
        assert "ok    Work 365" in said.decode()

    async def test_ends_with_its_terminal_even_while_it_starts(self, folder: Path) -> None:
        async with running(folder) as run:
            async with asyncio.timeout(PATIENCE_S):
                while not (folder / "postgres" / "postmaster.pid").exists():  # noqa: ASYNC110 - another process writes it
                    await asyncio.sleep(0)
            ended = await run.end(SIGHUP)

        assert (ended, run.left_over()) == ((0, "", ""), [])

    @pytest.mark.parametrize("setting", ["PORT", "SANDBOX_PORT"])
    async def test_names_a_port_that_is_taken_and_the_way_out(self, folder: Path, setting: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            async with running(folder, **{setting: str(port)}) as run:
                status, out, err = await run.end()

        assert (status, out) == (1, "")
        assert (
            err
            == f"The sandbox cannot start: port {port} on 127.0.0.1 is not free (Address already in use); choose another with {setting}\n"
        )

    async def test_shows_what_is_wrong_with_the_bots_settings(self, folder: Path) -> None:
        async with running(folder, LOG_LEVEL="LOUD", MicrosoftAppPassword="of the real bot") as run:
            status, out, err = await run.end()

        assert (status, out) == (2, "")
        assert "LOG_LEVEL: " in err
        assert "MicrosoftAppPassword: must not be set together with SANDBOX_URL" in err
        assert err.endswith("The bot has ended by itself, with status 2; it says above why.\n")

    async def test_refuses_what_is_no_port(self, folder: Path) -> None:
        async with running(folder, PORT="many") as run:
            status, _, err = await run.end()

        assert (status, "'many' is not a port" in err) == (2, True)


class TestShown:
    LOG = Path("var/bot.log")

    def test_passes_on_what_was_said_in_plain_words(self) -> None:
        assert shown("The settings cannot be used:\n", self.LOG) == "The settings cannot be used:"

    @pytest.mark.parametrize("level", ["INFO", "WARNING"])
    def test_leaves_the_log_in_its_file(self, level: str) -> None:
        assert not shown(f'{{"level": "{level}", "event": "sync.done"}}\n', self.LOG)

    def test_tells_of_an_error_in_one_line(self) -> None:
        told = shown('{"level": "ERROR", "event": "page.failed\\nsecond line", "trace": "Traceback"}\n', self.LOG)

        assert told == "The bot reports an error, page.failed; var/bot.log says more."
