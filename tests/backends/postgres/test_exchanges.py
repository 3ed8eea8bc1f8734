"""The Exchanges of PostgreSQL keep the port's contract."""

import pytest

from backends.postgres.database import Database
from backends.postgres.exchanges import PostgresExchanges
from tests.clock import ChosenClock
from tests.contract.exchanges import ExchangesContract


class TestPostgresExchanges(ExchangesContract):
    @pytest.fixture
    def clock(self) -> ChosenClock:
        return ChosenClock()

    @pytest.fixture
    def exchanges(self, database: Database, clock: ChosenClock) -> PostgresExchanges:
        return PostgresExchanges(database, clock)
