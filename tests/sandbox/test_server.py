"""The server and the command that starts it."""

import asyncio
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import aiohttp
import pytest

from sandbox.server import bot_environment, serving
from sandbox.world import BOT_APP_ID, World
from settings import Settings
from tests.patience import PATIENCE_S
from tests.ports import free_port

ROOT = Path(__file__).parent.parent.parent


async def sandbox(*arguments: str) -> Process:
    """Start the command."""
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "sandbox", *arguments, cwd=ROOT, stdout=PIPE, stderr=PIPE)


class TestServing:
    @pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::"])  # noqa: S104 - the point is that it is refused
    async def test_refuses_every_address_but_loopback(self, host: str) -> None:
        with pytest.raises(ValueError, match="loopback"):
            async with serving(World(), host=host):
                pass

    async def test_says_where_it_listens(self) -> None:
        world = World()
        port = free_port()

        async with serving(world, port):
            assert world.base_url == f"http://127.0.0.1:{port}"


class TestBotEnvironment:
    async def test_is_accepted_by_the_bots_settings(self, world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.chdir(tmp_path)
        for name, value in bot_environment(world, 3978).items():
            monkeypatch.setenv(name, value)

        settings = Settings.load()

        assert settings.sandbox_url == world.base_url
        assert settings.dataverse_url == world.dataverse_url
        assert settings.public == "http://localhost:3978"
        assert settings.app_id == settings.entra_client_id == BOT_APP_ID


class TestCommand:
    async def test_serves_until_it_is_told_to_stop(self) -> None:
        port = free_port()
        running = await sandbox("--port", str(port))
        assert running.stdout

        line = await asyncio.wait_for(running.stdout.readline(), PATIENCE_S)
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/chat/people") as response:
            status = response.status
        running.send_signal(signal.SIGINT)

        assert line.decode().split() == ["Sandbox", f"http://127.0.0.1:{port}"]
        assert status == 200
        assert await asyncio.wait_for(running.wait(), PATIENCE_S) == 0

    async def test_says_so_when_the_port_is_taken(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            running = await sandbox("--port", str(port))
            _, complaint = await asyncio.wait_for(running.communicate(), PATIENCE_S)

        assert running.returncode == 1
        assert f"port {port} on 127.0.0.1 is not free" in complaint.decode()
        assert "SANDBOX_PORT" in complaint.decode()
