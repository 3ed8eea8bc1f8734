"""``check`` names what is wrong, says no secret, and fails."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from assembly import utc_now
from assembly.checking import OUTSIDE, check
from backends.postgres.database import DatabaseRole
from backends.postgres.embedded import EmbeddedServer
from backends.postgres.migrations import current, migrate, newest
from backends.postgres.mirror import Mirror
from sandbox.dataverse import Environment, environment
from sandbox.faults import Fault
from sandbox.world import BOT_SECRET, DATAVERSE_SECRET
from settings import Settings
from tests import databases
from tests.assembly.place import Place
from tests.ports import free_port

PASSWORD = "a-password-of-the-database"


async def checked(place: Place, **changes: str) -> bool:
    """Check; settings by their names in the environment."""
    return await check(Settings.load(_env_file=None, **place.told | changes))


def failures(said: str) -> list[str]:
    """Return the lines of the checks that failed."""
    return [line for line in said.splitlines() if line.startswith("FAIL")]


async def test_says_that_all_is_well(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    fine = await checked(place)

    said = capsys.readouterr().out
    assert fine
    assert failures(said) == []
    assert "every mapped table and column is there" in said


def without_table(tables: Environment) -> None:
    """Take a table away."""
    del tables["adx_externalidentities"]


def without_column(tables: Environment) -> None:
    """Rename a column."""
    columns = tables.table("invoices").definition.columns
    columns["new_totalamount"] = replace(columns.pop("totalamount"), name="new_totalamount")


def without_privilege(tables: Environment) -> None:
    """Take the right to read a table."""
    tables.table("invoicedetails").forbidden.add("Read")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (without_table, "identities = adx_externalidentity: there is no such table"),
        (without_column, "invoices.total = totalamount: there is no such column"),
        (without_privilege, "lines = invoicedetails: cannot be read"),
    ],
    ids=["table", "column", "privilege"],
)
async def test_names_what_work365_lacks(
    place: Place, capsys: pytest.CaptureFixture[str], change: Callable[[Environment], None], named: str
) -> None:
    change(environment(place.world))

    fine = await checked(place)

    (line,) = failures(capsys.readouterr().out)
    assert not fine
    assert line.startswith("FAIL  Work 365:")
    assert named in line


async def test_names_a_feature_that_is_switched_off(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    del environment(place.world).table("invoices").definition.columns["work365_invoice_paylink"]

    fine = await checked(place)

    assert fine
    assert "ok    Work 365: invoices.pay_link = work365_invoice_paylink: there is no such column; switched off" in capsys.readouterr().out


@pytest.mark.parametrize(("setting", "check_name"), [("DATAVERSE_CLIENT_SECRET", "Work 365"), ("ENTRA_CLIENT_SECRET", "bot registration")])
async def test_names_a_wrong_secret_and_does_not_say_it(
    place: Place, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, setting: str, check_name: str
) -> None:
    fine = await checked(place, **{setting: "a-wrong-secret"})

    told = capsys.readouterr()
    (line,) = failures(told.out)
    assert not fine
    assert line.startswith(f"FAIL  {check_name}:")
    assert not [secret for secret in ("a-wrong-secret", BOT_SECRET, DATAVERSE_SECRET) if secret in told.out + told.err + caplog.text]


async def test_says_which_host_does_not_answer_and_which_settings_to_look_at(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.world.faults.add(Fault("entra", "token", drop=True, times=None))
    place.world.faults.add(Fault("dataverse", "GET", status=503, times=None))

    fine = await checked(place)

    bot, work365 = failures(capsys.readouterr().out)
    assert not fine
    assert bot.startswith("FAIL  bot registration: SourceDown:")
    assert bot.endswith(
        "; look at MicrosoftAppId, MicrosoftAppTenantId, MicrosoftAppPassword or its certificate, and whether 127.0.0.1 can be reached"
    )
    assert "; look at DATAVERSE_URL, " in work365


@pytest.mark.parametrize(
    "address", ["postgresql://me:{password}@127.0.0.1:{port}/x", "{here}_that_does_not_exist"], ids=["down", "unknown"]
)
async def test_names_a_database_that_cannot_be_used(place: Place, capsys: pytest.CaptureFixture[str], address: str) -> None:
    url = address.format(password=PASSWORD, port=free_port(), here=place.told["DATABASE_URL"].partition("?")[0])

    fine = await checked(place, DATABASE_URL=url)

    said = capsys.readouterr().out
    (line,) = failures(said)
    assert not fine
    assert line.startswith("FAIL  database:")
    assert {name for name in OUTSIDE if f"ok    {name}:" in said} == OUTSIDE.keys()
    assert PASSWORD not in said


def in_days(days: int) -> str:
    """Return a day as the operator writes it."""
    return (utc_now() + timedelta(days=days)).date().isoformat()


@pytest.mark.parametrize(("days", "begins", "is_fine"), [(60, "ok  ", True), (20, "WARN", True), (-1, "FAIL", False)])
async def test_tells_when_a_client_secret_ends(
    place: Place, capsys: pytest.CaptureFixture[str], days: int, begins: str, *, is_fine: bool
) -> None:
    fine = await checked(place, CLIENT_SECRET_EXPIRES=in_days(days))

    (line,) = [each for each in capsys.readouterr().out.splitlines() if "credentials: " in each]
    assert fine is is_fine
    assert line.startswith(f"{begins}  credentials: ")
    assert f"CLIENT_SECRET_EXPIRES ends on {in_days(days)}" in line


@pytest.mark.parametrize(
    ("found", "line"),
    [
        ({}, "ok    left out: nothing that Work 365 has for customers was left out at the last comparison"),
        ({"without a known currency": 2, "unknown status 2/9": 1}, "WARN  left out: 2 without a known currency; 1 unknown status 2/9"),
    ],
    ids=["nothing", "something"],
)
async def test_tells_what_customers_do_not_see(place: Place, capsys: pytest.CaptureFixture[str], found: dict[str, int], line: str) -> None:
    await migrate(place.told["DATABASE_URL"])
    async with databases.connected(place.told["DATABASE_URL"], DatabaseRole.SYNC) as all_rows, Mirror(all_rows).writing() as batch:
        await batch.save_findings(found)

    assert await checked(place)

    assert line in capsys.readouterr().out.splitlines()


async def test_leaves_an_empty_database_empty(postgres: EmbeddedServer, place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    async with databases.empty(postgres) as url:
        fine = await checked(place, DATABASE_URL=url)

        assert await current(url) is None
    assert fine
    assert f"ok    database: reached; the next start brings it from nothing to {newest()}" in capsys.readouterr().out


async def test_names_a_database_of_a_newer_release(postgres: EmbeddedServer, place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    async with databases.empty(postgres) as url, databases.superuser(postgres, url) as admin:
        await migrate(url)
        await admin.execute("update public.alembic_version set version_num = 'r9999'")

        fine = await checked(place, DATABASE_URL=url)

    (line,) = failures(capsys.readouterr().out)
    assert not fine
    assert "r9999 is newer than this release" in line


async def test_names_a_mapping_that_cannot_be_used_and_goes_on(place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mapping.toml").write_text("[no_such_section]")

    fine = await checked(place, WORK365_MAPPING=str(tmp_path / "mapping.toml"))

    said = capsys.readouterr().out
    (line,) = failures(said)
    assert not fine
    assert line.startswith("FAIL  Work 365: BadMapping:")
    assert "ok    Pay now:" in said


@pytest.mark.parametrize(
    ("match", "check_name"), [("/botframework", "channel keys"), ("/organizations", "sign-in keys")], ids=["channel", "sign-in"]
)
async def test_names_keys_that_cannot_be_fetched(place: Place, capsys: pytest.CaptureFixture[str], match: str, check_name: str) -> None:
    place.world.faults.add(Fault("keys", match, status=503, body={}, times=None))

    fine = await checked(place)

    assert not fine
    assert [line.partition(":")[0] for line in failures(capsys.readouterr().out)] == [f"FAIL  {check_name}"]
