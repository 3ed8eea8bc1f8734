"""What people choose keeps the port's contract, under the role that chat has."""

import pytest

from backends.postgres.database import Database
from backends.postgres.ledger_wishes import PostgresChoosing
from tests.contract.choosing import ChoosingContract


class TestPostgresChoosing(ChoosingContract):
    @pytest.fixture
    def choosing(self, database: Database) -> PostgresChoosing:
        return PostgresChoosing(database)
