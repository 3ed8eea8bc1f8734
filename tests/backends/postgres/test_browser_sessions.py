"""The BrowserSessions of PostgreSQL keep the port's contract."""

import pytest

from backends.postgres.browser_sessions import PostgresBrowserSessions
from backends.postgres.database import Database
from tests.contract.browser_sessions import BrowserSessionsContract


class TestPostgresBrowserSessions(BrowserSessionsContract):
    @pytest.fixture
    def browser_sessions(self, database: Database) -> PostgresBrowserSessions:
        return PostgresBrowserSessions(database)
