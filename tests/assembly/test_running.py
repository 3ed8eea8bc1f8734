"""The commands, as processes of their own."""

import asyncio
import os
import pty
import signal
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assembly.running import NICE, every
from backends.postgres.database import Database
from backends.postgres.mirror import Mirror
from backends.postgres.sessions import PostgresSessions
from billing.access import Person, PersonId, TenantId
from billing.errors import NotSignedIn, SourceDown
from billing.people import Session
from sandbox.faults import Fault
from tests import make
from tests.assembly.place import Place
from tests.make import ADA, guid
from tests.patience import PATIENCE_S

FINN = Person(ADA.tenant, PersonId(guid("finn")))
FAY = Person(TenantId(guid("tenant.fabrikam")), PersonId(guid("fay")))


async def mirrored(database: Database) -> int:
    async with database.shared() as connection:
        return await connection.fetchval("select count(*) from mirror.invoices")


class TestSync:
    async def test_copies_everything_and_says_so_in_one_line(self, place: Place, mirror: Mirror, sync_database: Database) -> None:
        before = datetime.now(UTC).replace(microsecond=0)

        status, said = await place.run("sync")

        count, as_of = await mirrored(sync_database), await mirror.as_of()
        assert status == 0
        assert said.startswith(f"{len(place.world.tables['accounts'])} accounts")
        assert f"{count} invoices" in said
        assert said.count("\n") == 1
        assert as_of is not None
        assert before <= as_of <= datetime.now(UTC)

    async def test_says_when_nothing_has_changed(self, place: Place) -> None:
        await place.run("sync")

        status, said = await place.run("sync")

        assert (status, said.partition(";")[0]) == (0, "nothing changed")

    async def test_reads_everything_again_when_told(self, place: Place) -> None:
        await place.run("sync")
        before = len(place.world.asked("dataverse", "invoices?"))

        status, _ = await place.run("sync", "--full")

        assert status == 0
        assert "modifiedon ge" not in place.world.asked("dataverse", "invoices?")[-1].path
        assert len(place.world.asked("dataverse", "invoices?")) > before

    async def test_shows_on_a_terminal_how_far_it_has_come(self, place: Place) -> None:
        ours, theirs = pty.openpty()
        with closing(os.fdopen(ours, "rb", buffering=0)) as terminal:
            process = await place.start("sync", stderr=theirs, LOG_LEVEL="ERROR")
            os.close(theirs)
            await process.communicate()
            shown = terminal.read(65_536).decode()

        assert f"{len(place.world.tables['invoices']):,} invoices" in shown
        assert shown.endswith("\r\x1b[K")
        assert "\n" not in shown

    async def test_shows_nothing_where_there_is_no_terminal(self, place: Place) -> None:
        process = await place.start("sync", LOG_LEVEL="ERROR")
        _, told = await process.communicate()

        assert b"\x1b" not in told

    async def test_fails_where_work365_cannot_be_read(self, place: Place) -> None:
        place.world.faults.add(Fault("dataverse", status=403, body={}, times=None))

        process = await place.start("sync")
        said, told = await process.communicate()

        assert (process.returncode, said) == (1, b"")
        assert b"sync failed: SourceDown" in told


class TestForget:
    async def test_deletes_a_person_and_says_how_much(self, place: Place, database: Database) -> None:
        sessions = PostgresSessions(database)
        for each in (ADA, FINN):
            await sessions.save(Session(each, "", "", make.NOW, frozenset(), b""))

        status, said = await place.run("forget", "--tenant", ADA.tenant.upper(), "--user", ADA.id)

        assert (status, said) == (0, "1 rows deleted\n")
        with pytest.raises(NotSignedIn):
            await sessions.get(ADA)
        assert (await sessions.get(FINN)).person == FINN

    async def test_deletes_everybody_of_a_tenant(self, place: Place, database: Database) -> None:
        sessions = PostgresSessions(database)
        for each in (ADA, FINN, FAY):
            await sessions.save(Session(each, "", "", make.NOW, frozenset(), b""))

        status, said = await place.run("forget", "--tenant", ADA.tenant)

        assert (status, said) == (0, "2 rows deleted\n")
        assert (await sessions.get(FAY)).person == FAY

    @pytest.mark.parametrize("words", [(), ("--tenant", "contoso.example"), ("--tenant", ADA.tenant, "--user", "ada")], ids=str)
    async def test_deletes_nothing_where_it_is_not_told_whom(self, place: Place, words: tuple[str, ...]) -> None:
        status, said = await place.run("forget", *words)

        assert (status, said) == (2, "")


class TestWork:
    @pytest.mark.parametrize("ends", [signal.SIGTERM, signal.SIGINT])
    async def test_syncs_until_it_is_told_to_end(self, place: Place, ends: signal.Signals) -> None:
        process = await place.start("work")
        assert process.stderr is not None
        while b"sync.done" not in await process.stderr.readline():
            assert process.returncode is None

        process.send_signal(ends)
        await process.communicate()

        assert process.returncode == 0

    async def test_ends_in_the_middle_of_a_pass(self, place: Place, mirror: Mirror) -> None:
        place.world.faults.add(Fault("dataverse", "invoices?", delay_s=60))
        process = await place.start("work")
        assert process.stderr is not None
        while b"work.started" not in await process.stderr.readline():
            assert process.returncode is None

        process.send_signal(signal.SIGTERM)
        await process.communicate()

        assert process.returncode == 0
        assert await mirror.as_of() is None

    async def test_lets_chat_go_first_and_the_database_that_it_starts_as_well(self, place: Place, servers_folder: Path) -> None:
        process = await place.start("work", DATABASE_URL="", VAR_DIR=str(servers_folder))
        assert process.stderr is not None
        while b"work.started" not in await process.stderr.readline():
            assert process.returncode is None

        server = (servers_folder / "postgres" / "postmaster.pid").read_text().split()[0]
        nice = [os.getpriority(os.PRIO_PROCESS, each) for each in (process.pid, int(server), os.getpid())]
        process.send_signal(signal.SIGTERM)
        await process.communicate()

        assert [each - nice[-1] for each in nice] == [NICE, 0, 0]


class TestEvery:
    @pytest.mark.parametrize("failure", [SourceDown(source="database"), ValueError("nobody foresaw this")])
    async def test_goes_on_after_a_failure_and_tells_it(self, failure: Exception, caplog: pytest.LogCaptureFixture) -> None:
        failures, went_on = [failure], asyncio.Event()

        async def job() -> None:
            if failures:
                raise failures.pop()
            went_on.set()

        task = asyncio.create_task(every(0, "sync", job))
        async with asyncio.timeout(PATIENCE_S):
            await went_on.wait()
        task.cancel()

        assert [record.message for record in caplog.records if record.message.startswith("job.")] in (["job.failed"], ["job.broke"])
