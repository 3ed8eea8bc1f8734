"""The client reads what Dataverse sends, in the environment and nowhere else."""

import json
from decimal import Decimal

import pytest
from aiohttp import ClientSession

from billing.errors import NotFound, SourceDown
from tests.backends.dataverse.script import (
    CONTACTS,
    EMPTY,
    INVOICES,
    Elapsed,
    Script,
    Tokens,
    answer,
    broken_off,
    client,
    recorded,
    rows_of,
    serving,
)
from tests.make import guid


class TestPages:
    async def test_follows_the_next_link_unchanged(self, script: Script, session: ClientSession) -> None:
        first, last = recorded("contacts_first_page", script.url), recorded("contacts_last_page", script.url)
        script.then(answer(first), answer(last))

        rows = await rows_of(client(session, script))

        assert [row["fullname"] for row in rows] == ["Yvonne McKay (sample)", "Susanna Stubberod (sample)", "Nancy Anderson (sample)"]
        assert script.asked[1].path == json.loads(first)["@odata.nextLink"].removeprefix(script.url)

    async def test_asks_as_documented(self, script: Script, session: ClientSession) -> None:
        script.then(EMPTY)

        await rows_of(client(session, script))

        asked = script.asked[0]
        assert asked.path == "/api/data/v9.2/contacts?$select=fullname&$expand=adx_webrole_contact($select=adx_name)"
        expected = {"Authorization": "Bearer token-1", "Prefer": "odata.maxpagesize=2", "OData-Version": "4.0", "If-None-Match": "null"}
        assert expected.items() <= asked.headers.items()

    @pytest.mark.parametrize(
        "link",
        [
            "https://evil.example/api/data/v9.2/contacts",
            "{url}@evil.example/api/data/v9.2/contacts",
            "{url}/elsewhere",
            "http://me:secret@{host}/api/data/v9.2/contacts",
            "/api/data/v9.2/contacts",
            "//evil.example/api/data/v9.2/contacts",
            "http://[",
        ],
    )
    async def test_carries_no_token_out_of_the_environment(self, script: Script, session: ClientSession, link: str) -> None:
        script.then(answer({"value": [], "@odata.nextLink": link.replace("{url}", script.url).replace("{host}", script.url[7:])}))

        with pytest.raises(SourceDown):
            await rows_of(client(session, script))

        assert len(script.asked) == 1

    async def test_follows_no_redirect(self, script: Script, session: ClientSession) -> None:
        elsewhere = Script(Elapsed())
        elsewhere.then(EMPTY)
        async with serving(elsewhere):
            script.then(answer("", 302, Location=f"{elsewhere.url}/api/data/v9.2/contacts"))

            with pytest.raises(SourceDown):
                await rows_of(client(session, script))

        assert not elsewhere.asked

    async def test_repeats_a_page_that_broke_off(self, script: Script, session: ClientSession) -> None:
        first, last = recorded("contacts_first_page", script.url), recorded("contacts_last_page", script.url)
        script.then(answer(first), broken_off, answer(last))

        rows = await rows_of(client(session, script))

        assert len(rows) == 3
        assert script.asked[1].path == script.asked[2].path

    async def test_renews_the_token_in_the_middle(self, script: Script, session: ClientSession) -> None:
        first, last = recorded("contacts_first_page", script.url), recorded("contacts_last_page", script.url)
        script.then(answer(first), answer({}, 401), answer(last))

        rows = await rows_of(client(session, script))

        assert len(rows) == 3
        assert [asked.headers["Authorization"] for asked in script.asked] == ["Bearer token-1", "Bearer token-1", "Bearer token-2"]

    async def test_gives_up_when_the_new_token_is_refused_too(self, script: Script, session: ClientSession) -> None:
        script.then(answer({}, 401))

        with pytest.raises(SourceDown) as failure:
            await rows_of(client(session, script))

        assert failure.value.facts["status"] == 401
        assert len(script.asked) == 2

    async def test_stops_asking_when_nobody_listens(self, script: Script, session: ClientSession) -> None:
        script.then(answer(recorded("contacts_first_page", script.url)))
        pages = client(session, script).pages(CONTACTS)

        await anext(pages)
        await pages.aclose()

        assert len(script.asked) == 1


class TestRow:
    async def test_keeps_numbers_exact(self, script: Script, session: ClientSession) -> None:
        script.then(answer(recorded("invoice", script.url)))

        row = await client(session, script).row(INVOICES, guid("1"))

        assert row["totalamount"] == Decimal("1234567890123.4567")
        assert row["totaltax"] == Decimal("0.1")

    async def test_finds_nothing_where_dataverse_has_nothing(self, script: Script, session: ClientSession) -> None:
        script.then(answer(recorded("no_row", script.url), 404))

        with pytest.raises(NotFound):
            await client(session, script).row(INVOICES, guid("1"))

    @pytest.mark.parametrize("row_id", ["", "INV-1", "49b0be2e)?$select=name", "../contacts", "' or 1 eq 1"])
    async def test_asks_for_guids_only(self, script: Script, session: ClientSession, row_id: str) -> None:
        with pytest.raises(NotFound):
            await client(session, script).row(INVOICES, row_id)

        assert not script.asked

    async def test_names_the_reason_of_a_refusal(self, script: Script, session: ClientSession) -> None:
        script.then(answer(recorded("no_privilege", script.url), 403))

        with pytest.raises(SourceDown) as failure:
            await client(session, script).row(INVOICES, guid("1"))

        assert failure.value.facts == {"source": "dataverse", "status": 403, "code": "0x80040220"}
        assert len(script.asked) == 1


class TestDefinitions:
    async def test_tells_which_columns_a_table_has(self, script: Script, session: ClientSession) -> None:
        script.then(answer(recorded("definitions", script.url)))

        found = await client(session, script, Tokens()).definitions(["account", "work365_usageline"])

        assert found["account"].columns == {"accountid", "name"}
        assert "work365_usageline" not in found
