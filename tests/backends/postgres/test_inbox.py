"""The Inbox of PostgreSQL keeps the port's contract."""

import pytest

from backends.postgres.database import Database
from backends.postgres.inbox import PostgresInbox
from tests.clock import ChosenClock
from tests.contract.inbox import InboxContract


class TestPostgresInbox(InboxContract):
    @pytest.fixture
    def clock(self) -> ChosenClock:
        return ChosenClock()

    @pytest.fixture
    def inbox(self, database: Database, clock: ChosenClock) -> PostgresInbox:
        return PostgresInbox(database, clock)
