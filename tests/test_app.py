"""The command line: refuses what it cannot run with, starts, and stops without losing anybody's question."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientSession
from cryptography.fernet import Fernet

from sandbox.demo import fill
from sandbox.driver import Chat, text_of
from sandbox.faults import Fault
from sandbox.people import person
from sandbox.server import bot_environment, serving
from sandbox.world import World
from tests.patience import PATIENCE_S
from tests.ports import free_port

APP = Path(__file__).parents[1] / "app.py"


@asynccontextmanager
async def running(*words: str, settings: Mapping[str, str], folder: Path) -> AsyncGenerator[Process]:
    """Run a command with these settings and no others, in a folder without a ``.env``."""
    machine = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(APP), *words, cwd=folder, env={**machine, **settings}, stdout=PIPE, stderr=PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def listening(process: Process) -> None:
    """Read the log up to the line that says so."""
    assert process.stderr is not None
    async with asyncio.timeout(PATIENCE_S):
        async for line in process.stderr:
            if b"serve.listening" in line:
                return
    raise AssertionError("it ended before it listened")


@asynccontextmanager
async def served(database_url: str, folder: Path) -> AsyncGenerator[tuple[World, Process]]:
    """Serve among clouds with demo data; nothing has been synchronized."""
    world, port = World(), free_port()
    async with serving(world):
        fill(world)
        keys = {"SECRET_KEYS": Fernet.generate_key().decode(), "WORKER": "external"}
        settings = {**bot_environment(world, port), **keys, "DATABASE_URL": database_url}
        async with running("serve", settings=settings, folder=folder) as process:
            await listening(process)
            world.bot_url = f"http://127.0.0.1:{port}/api/messages"
            yield world, process


class TestSettings:
    async def test_are_refused_with_every_mistake_named(self, tmp_path: Path) -> None:
        settings = {"PORT": "0", "REMINDER_HOUR": "25", "PUBLIC_URL": "ftp://x", "MicrosoftAppPassword": "a-secret", "SECRET_KEYS": "a-key"}
        settings |= {"DATABASE_URL": "mysql://me:a-secret@x/y", "WORK365_MAPPING": "no.toml"}

        async with running("serve", settings=settings, folder=tmp_path) as process:
            _, told = await process.communicate()

        lines = told.decode().splitlines()
        named = {line.strip().partition(":")[0] for line in lines[1:]}
        expected = {"PORT", "REMINDER_HOUR", "PUBLIC_URL", "SECRET_KEYS", "MicrosoftAppId", "DATAVERSE_URL", "DATAVERSE_TENANT_ID"}
        assert process.returncode == 2
        assert lines[0] == "The settings cannot be used:"
        assert expected | {"DATABASE_URL", "WORK365_MAPPING"} <= named
        assert b"a-secret" not in told
        assert b"a-key" not in told
        assert b"Traceback" not in told

    @pytest.mark.parametrize("words", [(), ("serve",), ("sync", "--full")], ids=str)
    async def test_are_looked_at_before_anything_else(self, tmp_path: Path, words: tuple[str, ...]) -> None:
        async with running(*words, settings={}, folder=tmp_path) as process:
            _, told = await process.communicate()

        assert process.returncode == 2
        assert b"MicrosoftAppId: required" in told
        assert os.listdir(tmp_path) == []  # noqa: PTH208 - a folder on a local disk

    async def test_name_a_sandbox_that_others_could_reach(self, tmp_path: Path) -> None:
        settings = {"SANDBOX_URL": "http://127.0.0.1:3979", "HOST": "0.0.0.0"}  # noqa: S104 - that is the mistake

        async with running("serve", settings=settings, folder=tmp_path) as process:
            _, told = await process.communicate()

        assert process.returncode == 2
        assert b"HOST: must be a loopback address" in told


class TestCommands:
    async def test_nobody_knows_are_refused(self, tmp_path: Path) -> None:
        async with running("destroy", settings={}, folder=tmp_path) as process:
            await process.communicate()

        assert process.returncode == 2

    async def test_say_what_is_not_there(self, tmp_path: Path) -> None:
        nobody = f"postgresql://nobody@127.0.0.1:{free_port()}/none"
        settings = {"SANDBOX_URL": "http://127.0.0.1:9", "DATAVERSE_URL": "http://127.0.0.1:9", "DATABASE_URL": nobody}

        async with running("sync", settings=settings, folder=tmp_path) as process:
            _, told = await process.communicate()

        assert process.returncode == 1
        assert b"sync failed: " in told
        assert b"Traceback" not in told

    async def test_say_what_is_wrong_with_the_mapping(self, tmp_path: Path) -> None:
        (tmp_path / "mapping.toml").write_text("[no_such_section]\n[nor_this]")
        settings = {"SANDBOX_URL": "http://127.0.0.1:9", "DATAVERSE_URL": "http://127.0.0.1:9", "WORK365_MAPPING": "mapping.toml"}

        async with running("sync", settings=settings, folder=tmp_path) as process:
            _, told = await process.communicate()

        first, *wrong = told.decode().splitlines()
        assert (process.returncode, first) == (1, "sync failed: WORK365_MAPPING cannot be used:")
        assert [line for line in wrong if "no_such_section" in line or "nor_this" in line] == wrong != []


class TestManifest:
    async def test_says_where_it_cannot_be_written(self, tmp_path: Path) -> None:
        tenant = "11111111-1111-4111-8111-111111111111"
        settings = {"MicrosoftAppId": tenant, "MicrosoftAppPassword": "x", "MicrosoftAppTenantId": tenant, "DATAVERSE_TENANT_ID": tenant}
        settings |= {"DATAVERSE_URL": "https://x.example", "PUBLIC_URL": "https://x.example", "SECRET_KEYS": Fernet.generate_key().decode()}

        async with running("manifest", "--out", "no/such/app.zip", settings=settings, folder=tmp_path) as process:
            _, told = await process.communicate()

        assert (process.returncode, told) == (1, b"no/such/app.zip cannot be written: No such file or directory\n")


class TestServe:
    async def test_names_the_settings_where_it_cannot_listen(self, database_url: str, tmp_path: Path) -> None:
        world = World()
        async with serving(world):
            taken = urlsplit(world.base_url).port or 0
            settings = {**bot_environment(world, taken), "DATABASE_URL": database_url, "SECRET_KEYS": Fernet.generate_key().decode()}
            async with running("serve", settings=settings, folder=tmp_path) as process:
                _, told = await process.communicate()

        said = told.decode().splitlines()[-1].lower()
        assert process.returncode == 1
        assert said.startswith(f"serve failed: nobody can listen on 127.0.0.1, port {taken}, which host and port name: ")
        assert said.endswith("address already in use")

    async def test_stops_when_told_with_every_question_answered(self, database_url: str, tmp_path: Path) -> None:
        async with served(database_url, tmp_path) as (world, process):
            chat = Chat(world, person("finn"))
            await chat.open()
            await chat.next()
            world.faults.add(Fault("connector", "POST", delay_s=1.0))

            taken = await chat.say("help")
            process.terminate()
            _, told = await process.communicate()

        assert taken is not None
        assert taken.status == 202
        assert process.returncode == 0
        assert text_of(chat.shown[-1]).startswith("What you can ask")
        assert all(json.loads(line) for line in told.decode().splitlines())

    async def test_stops_in_the_middle_of_a_hundred_questions_with_each_answered_once(self, database_url: str, tmp_path: Path) -> None:
        async with served(database_url, tmp_path) as (world, process):
            chats = [Chat(world, person(name)) for name in ("ada", "finn", "nora", "sami", "fay", "taro", "uma", "walt")]
            for chat in chats:
                await chat.open()
                await chat.next()
            world.faults.add(Fault("connector", "POST", delay_s=0.3, times=None))

            taken = [await chat.say("help") for chat in chats for _ in range(13)]
            process.terminate()
            await process.communicate()

        answers = [entry for chat in chats for entry in chat.shown if text_of(entry).startswith("What you can ask")]
        assert [each.status for each in taken if each] == [202] * 104
        assert (process.returncode, len(answers)) == (0, 104)

    async def test_is_alive_before_anything_is_synchronized_and_ready_after(self, database_url: str, tmp_path: Path) -> None:
        world, port = World(), free_port()
        keys = Fernet.generate_key().decode()
        async with serving(world), ClientSession() as http:
            fill(world)
            settings = {**bot_environment(world, port), "DATABASE_URL": database_url, "SECRET_KEYS": keys, "WORKER": "external"}
            async with running("serve", settings=settings, folder=tmp_path) as process:
                await listening(process)
                before = await status(http, port, "/livez"), await status(http, port, "/readyz")
                async with running("sync", settings=settings, folder=tmp_path) as syncing:
                    done, _ = await syncing.communicate()
                after = await status(http, port, "/readyz")

        assert before == (200, 503)
        assert (syncing.returncode, after) == (0, 200)
        assert done


async def status(http: ClientSession, port: int, path: str) -> int:
    """Return the status of an address."""
    async with http.get(f"http://127.0.0.1:{port}{path}") as answer:
        return answer.status
