"""The SignIns of PostgreSQL keep the port's contract."""

import pytest

from backends.postgres.database import Database
from backends.postgres.sign_ins import PostgresSignIns
from tests.clock import ChosenClock
from tests.contract.sign_ins import SignInsContract


class TestPostgresSignIns(SignInsContract):
    @pytest.fixture
    def clock(self) -> ChosenClock:
        return ChosenClock()

    @pytest.fixture
    def sign_ins(self, database: Database, clock: ChosenClock) -> PostgresSignIns:
        return PostgresSignIns(database, clock)
