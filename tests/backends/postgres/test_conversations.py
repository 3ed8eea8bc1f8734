"""The Conversations of PostgreSQL keep the port's contract."""

import pytest

from backends.postgres.conversations import PostgresConversations
from backends.postgres.database import Database
from tests.clock import ChosenClock
from tests.contract.conversations import ConversationsContract


class TestPostgresConversations(ConversationsContract):
    @pytest.fixture
    def conversations(self, database: Database) -> PostgresConversations:
        return PostgresConversations(database, ChosenClock())
