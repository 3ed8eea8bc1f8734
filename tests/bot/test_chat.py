"""What every answer leaves behind: an audit entry with who, what and how it ended. The journeys have the answers themselves."""

import pytest

from backends.postgres.embedded import EmbeddedServer
from sandbox.demo import bill_id
from sandbox.driver import text_of
from sandbox.people import person
from tests import databases
from tests.journeys.speaking import press
from tests.make import guid
from tests.town import town

NOTED = "select what, invoice, outcome from bot.audit where person = $1 order by entry"
OPEN = bill_id("contoso.partial")


class TestAudit:
    async def test_has_an_entry_for_every_view_and_every_refusal(self, database_url: str, postgres: EmbeddedServer) -> None:
        async with town(database_url) as there, databases.superuser(postgres, database_url) as admin:
            chat = await there.signed_in("finn")
            await chat.ask("paid invoices")
            await press(there, "finn", "invoice.details", {"invoice": OPEN})
            await press(there, "finn", "invoice.details", {"invoice": bill_id("fabrikam.overdue")})
            await press(there, "finn", "invoice.details", {"invoice": guid("nobody's")})
            await chat.ask("invoice INV-99999")
            await press(there, "finn", "invoices.archive", {})
            await chat.ask("help")
            await chat.ask("sign out")

            noted = [tuple(row) for row in await admin.fetch(NOTED, person("finn").oid)]

        assert ("sign-in", "", "ok") in noted
        assert noted[-6:] == [
            ("view", "paid", "ok"),
            ("view", OPEN, "ok"),
            ("refusal", bill_id("fabrikam.overdue"), "NotFound"),
            ("refusal", guid("nobody's"), "NotFound"),
            ("refusal", "inv-99999", "NotFound"),
            ("sign-out", "", "ok"),
        ]


class TestTrouble:
    async def test_with_the_database_is_told_in_one_sentence(
        self, database_url: str, postgres: EmbeddedServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        async with town(database_url) as there, databases.superuser(postgres, database_url) as admin:
            chat = await there.signed_in("finn")
            await admin.execute("alter table bot.sessions rename to sessions_away")
            try:
                answer = await chat.ask("open invoices")
            finally:
                await admin.execute("alter table bot.sessions_away rename to sessions")

        assert "Reference: " in text_of(answer)
        assert "sessions" not in text_of(answer)
        assert any(each.levelname == "ERROR" for each in caplog.records)
