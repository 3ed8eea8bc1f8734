"""Fixtures: a real PostgreSQL, and for each test that asks an empty database."""

import os
from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, settings
from playwright.async_api import Browser

from backends.postgres.database import Database, DatabaseRole
from backends.postgres.embedded import EmbeddedServer
from backends.postgres.mirror import Mirror
from telemetry import JsonLines
from tests import databases
from tests.browser import chromium


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Show a failed test's log as operators see it: the facts of an event, not only its name."""
    plugin = cast("Any", config.pluginmanager.getplugin("logging-plugin"))
    plugin.report_handler.setFormatter(JsonLines())
    plugin.caplog_handler.setFormatter(JsonLines())


@pytest.hookimpl(trylast=True)
def pytest_sessionstart() -> None:
    """Let Hypothesis try the same examples on every run, or FUZZ times as many that nobody has tried before.

    An example may take its time: how long it takes depends on what else the machine has to do.
    """
    times = int(os.environ.get("FUZZ", "0"))
    told = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=100 * max(times, 1), print_blob=True)
    settings.register_profile("any machine", told, derandomize=not times)
    settings.load_profile("any machine")


@pytest.fixture(scope="session")
def postgres(testrun_uid: str) -> Generator[EmbeddedServer]:
    """Run one server for all workers of this test run."""
    # Not in pytest's own folder: another test run closes that to everybody else, so also to the user that PostgreSQL runs as.
    with databases.running(Path(gettempdir()) / f"my-invoices-{testrun_uid}" / "postgres") as server:
        yield server


@pytest.fixture(scope="session")
def workers_database(postgres: EmbeddedServer) -> Generator[str]:
    """Make this worker's database."""
    with databases.migrated(postgres) as url:
        yield url


@pytest.fixture
def servers_folder() -> Generator[Path]:
    """Return an empty folder for a PostgreSQL of the test's own; not in pytest's either."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture
async def database_url(postgres: EmbeddedServer, workers_database: str) -> str:
    """Return the address of a database that has all tables and no rows."""
    await databases.clear(postgres, workers_database)
    return workers_database


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[Database]:
    """Connect as chat and pages do: to one account at a time."""
    async with databases.connected(database_url, DatabaseRole.APP) as opened:
        yield opened


@pytest.fixture
async def sync_database(database_url: str) -> AsyncGenerator[Database]:
    """Connect as the sync does: to everything."""
    async with databases.connected(database_url, DatabaseRole.SYNC) as opened:
        yield opened


@pytest.fixture
def mirror(sync_database: Database) -> Mirror:
    """Return the mirror's writing side."""
    return Mirror(sync_database)


@pytest.fixture
async def browser() -> AsyncGenerator[Browser]:
    """Return Chromium; skips the test where there is none, and fails it where CI is set."""
    async with chromium() as opened:
        yield opened
