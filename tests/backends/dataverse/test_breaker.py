"""The circuit opens on a dead server, and closes by itself."""

import pytest
from aiohttp import ClientSession

from backends.dataverse.breaker import Circuit
from billing.errors import NotFound, SourceDown
from tests.backends.dataverse.script import (
    EMPTY,
    INVOICES,
    Held,
    Script,
    answer,
    client,
    rows_of,
)
from tests.make import guid


class TestCircuit:
    async def test_opens_and_closes(self, script: Script, session: ClientSession) -> None:
        script.then(*[answer({}, 503)] * 5, EMPTY)
        dataverse = client(session, script, failures=5, rest_s=15, backoff_s=0.001)

        with pytest.raises(SourceDown):
            await rows_of(dataverse)
        with pytest.raises(SourceDown):
            await rows_of(dataverse)
        states = [dataverse.circuit]
        script.clock.now += 15
        states.append(dataverse.circuit)
        await rows_of(dataverse)

        assert [*states, dataverse.circuit] == [Circuit.OPEN, Circuit.HALF_OPEN, Circuit.CLOSED]
        assert len(script.asked) == 6

    async def test_closes_when_the_server_answers_no(self, script: Script, session: ClientSession) -> None:
        script.then(answer({}, 503), answer({}, 404))
        dataverse = client(session, script, failures=1, rest_s=15, attempts=1)
        with pytest.raises(SourceDown):
            await rows_of(dataverse)
        script.clock.now += 15

        with pytest.raises(NotFound):
            await rows_of(dataverse)

        assert dataverse.circuit is Circuit.CLOSED

    async def test_stays_closed_while_the_server_only_asks_for_patience(self, script: Script, session: ClientSession) -> None:
        script.then(*[answer({}, 429)] * 8, EMPTY)
        dataverse = client(session, script, attempts=9)

        await rows_of(dataverse)

        assert dataverse.circuit is Circuit.CLOSED

    async def test_is_not_opened_by_callers_in_a_hurry(self, script: Script, session: ClientSession) -> None:
        held = Held()
        script.then(held)
        dataverse = client(session, script, failures=1, request_s=60, attempts=1)

        with pytest.raises(SourceDown):
            await dataverse.row(INVOICES, guid("1"), patience_s=0.02)
        held.free.set()

        assert dataverse.circuit is Circuit.CLOSED
