"""All requests together keep the limits, and the pauses that Dataverse asks for."""

import asyncio

import pytest
from aiohttp import ClientSession

from billing.errors import SourceDown
from tests.backends.dataverse.script import (
    EMPTY,
    INVOICES,
    Held,
    Script,
    answer,
    client,
    recorded,
    rows_of,
)
from tests.make import guid


class TestPatience:
    async def test_pauses_all_requests_for_retry_after(self, script: Script, session: ClientSession) -> None:
        script.then(answer(recorded("too_many_requests", script.url), 429, Retry_After="37"), EMPTY)
        dataverse = client(session, script, concurrent=1)

        await asyncio.gather(*(rows_of(dataverse) for _ in range(3)))

        assert [asked.at for asked in script.asked] == [0, 37, 37, 37]

    async def test_reads_retry_after_as_a_date(self, script: Script, session: ClientSession) -> None:
        dates = {"Date": "Mon, 23 Nov 2026 14:00:00 GMT", "Retry_After": "Mon, 23 Nov 2026 14:00:41 GMT"}
        script.then(answer({}, 429, **dates), EMPTY)

        await rows_of(client(session, script))

        assert script.clock.now == 41

    async def test_pauses_for_minutes_at_most(self, script: Script, session: ClientSession) -> None:
        script.then(answer({}, 429, Retry_After="9" * 400), EMPTY)

        await rows_of(client(session, script, patience_s=1e9))

        assert script.clock.now == 600

    async def test_backs_off_where_429_names_no_time(self, script: Script, session: ClientSession) -> None:
        script.then(answer({}, 429), answer({}, 429, Retry_After="soon"), EMPTY)

        await rows_of(client(session, script, backoff_s=8))

        assert 12 <= script.clock.now <= 24

    async def test_refuses_at_once_to_wait_longer_than_the_caller(self, script: Script, session: ClientSession) -> None:
        script.then(answer({}, 429, Retry_After="30"), EMPTY)
        dataverse = client(session, script)

        with pytest.raises(SourceDown):
            await dataverse.row(INVOICES, guid("1"), patience_s=2)
        with pytest.raises(SourceDown):
            await dataverse.row(INVOICES, guid("1"), patience_s=2)

        assert len(script.asked) == 1
        assert script.clock.now == 0

    @pytest.mark.parametrize("status", [502, 503, 504])
    async def test_survives_an_outage(self, script: Script, session: ClientSession, status: int) -> None:
        script.then(*[answer({}, status)] * 3, EMPTY)

        assert await rows_of(client(session, script)) == []

        assert len(script.asked) == 4
        assert 0 < script.clock.now < 10

    async def test_gives_up_after_so_many_attempts(self, script: Script, session: ClientSession) -> None:
        script.then(answer({}, 503))

        with pytest.raises(SourceDown):
            await rows_of(client(session, script, attempts=3))

        assert len(script.asked) == 3

    async def test_gives_up_when_the_time_is_up(self, script: Script, session: ClientSession) -> None:
        script.then(answer({}, 503))

        with pytest.raises(SourceDown):
            await rows_of(client(session, script, attempts=100, failures=100, patience_s=60))

        assert script.clock.now <= 60

    async def test_gives_up_on_an_answer_that_does_not_come(self, script: Script, session: ClientSession) -> None:
        held = Held()
        script.then(held)

        with pytest.raises(SourceDown) as failure:
            await rows_of(client(session, script, request_s=0.05, attempts=2))
        held.free.set()

        assert failure.value.facts["fault"] == "no answer in time"

    @pytest.mark.parametrize("body", ["", "<html>", '{"value": NaN}', "[]", "[" * 100_000, '{"value": 1' + "0" * 5000 + ".5e9"])
    async def test_repeats_what_it_cannot_read(self, script: Script, session: ClientSession, body: str) -> None:
        script.then(answer(body), EMPTY)

        assert await rows_of(client(session, script)) == []

    async def test_reports_a_connection_that_is_refused(self, script: Script, session: ClientSession) -> None:
        script.url = "http://127.0.0.1:9"

        with pytest.raises(SourceDown) as failure:
            await rows_of(client(session, script, attempts=1))

        assert failure.value.facts["source"] == "dataverse"


class TestLimits:
    async def test_keeps_below_so_many_at_once(self, script: Script, session: ClientSession) -> None:
        held = Held()
        script.then(held)
        dataverse = client(session, script, concurrent=3)

        reads = [asyncio.create_task(rows_of(dataverse)) for _ in range(9)]
        await held.until(3)
        held.free.set()
        await asyncio.gather(*reads)

        assert held.most == 3
        assert len(script.asked) == 9

    async def test_keeps_below_so_many_in_a_window(self, script: Script, session: ClientSession) -> None:
        script.then(EMPTY)
        dataverse = client(session, script, requests=2, window_s=100)

        for _ in range(5):
            await rows_of(dataverse)

        assert [asked.at for asked in script.asked] == [0, 0, 100, 100, 200]

    async def test_frees_the_place_of_somebody_who_left(self, script: Script, session: ClientSession) -> None:
        held = Held()
        script.then(held, EMPTY)
        dataverse = client(session, script, concurrent=1)
        leaving = asyncio.create_task(rows_of(dataverse))
        await held.until(1)

        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)

        assert await rows_of(dataverse) == []
        held.free.set()

    async def test_does_not_wait_for_a_place_longer_than_the_caller(self, script: Script, session: ClientSession) -> None:
        held = Held()
        script.then(held)
        dataverse = client(session, script, concurrent=1)
        first = asyncio.create_task(rows_of(dataverse))
        await held.until(1)

        with pytest.raises(SourceDown):
            await dataverse.row(INVOICES, guid("1"), patience_s=0.02)
        held.free.set()
        await first

        assert len(script.asked) == 1
