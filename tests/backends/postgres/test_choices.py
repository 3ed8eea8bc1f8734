"""The Choices of PostgreSQL keep the port's contract."""

import pytest

from backends.postgres.choices import PostgresChoices
from backends.postgres.database import Database
from tests.contract.choices import ChoicesContract


class TestPostgresChoices(ChoicesContract):
    @pytest.fixture
    def choices(self, database: Database) -> PostgresChoices:
        return PostgresChoices(database)
