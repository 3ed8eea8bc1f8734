"""What is kept of a question while its author signs in. The journeys have the events of Teams themselves."""

import json

from backends.postgres.embedded import EmbeddedServer
from sandbox.tree import Json
from tests import databases
from tests.journeys.speaking import press
from tests.town import town

KEPT = "select question from bot.sign_in_requests"


class TestQuestion:
    async def test_is_kept_as_a_message_with_no_more_than_is_needed(self, database_url: str, postgres: EmbeddedServer) -> None:
        async with town(database_url) as there, databases.superuser(postgres, database_url) as admin:
            chat = await there.opened("finn")
            await chat.ask("paid invoices")
            await press(there, "finn", "invoices.list", {"show": "overdue"})

            typed, pressed = sorted((json.loads(row["question"]) for row in await admin.fetch(KEPT)), key=lambda each: "value" in each)

        assert (typed["type"], typed["text"]) == ("message", "paid invoices")
        assert (pressed["type"], pressed["value"]) == ("message", {"show": "overdue", "verb": "invoices.list"})
        for question in (typed, pressed):
            assert unneeded(question) == set()


def unneeded(question: Json) -> set[str]:
    """Return the members of a question that its answer does not need."""
    who_and_where = {"from", "recipient", "conversation", "channelData", "channelId", "serviceUrl"}
    return set(question) - who_and_where - {"type", "id", "timestamp", "text", "value", "locale", "localTimezone", "entities"}
