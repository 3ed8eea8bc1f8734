"""The Sessions of PostgreSQL keep the port's contract."""

import pytest

from backends.postgres.database import Database
from backends.postgres.sessions import PostgresSessions
from tests.contract.sessions import SessionsContract


class TestPostgresSessions(SessionsContract):
    @pytest.fixture
    def sessions(self, database: Database) -> PostgresSessions:
        return PostgresSessions(database)
