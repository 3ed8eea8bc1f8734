"""Teams finds an answer too big: the person gets a sentence and the page instead."""

import pytest

from sandbox.demo import bill_id
from sandbox.driver import text_of
from tests.journeys.speaking import signed_in
from tests.town import Town

LARGEST_BYTES = 4096
"""A sentence has room in it, and no list of invoices."""


class TestTooBig:
    async def test_a_list_becomes_a_link_to_its_page(self, town: Town, caplog: pytest.LogCaptureFixture) -> None:
        chat = await signed_in(town, "finn")
        town.world.teams.largest_bytes = LARGEST_BYTES

        answer = await chat.ask("open invoices")
        await town.house.turns.drain(5)

        assert answer.text.startswith("This answer is too long for Teams.")
        assert answer.text.endswith(f"\n{town.url}/invoices")
        assert answer.attachments == []
        assert chat.shown[-1] == answer
        assert "chat.too_big" in {each.getMessage() for each in caplog.records}

    async def test_an_invoice_becomes_a_link_to_its_page(self, town: Town) -> None:
        chat = await signed_in(town, "finn")
        number = town.world.tables["invoices"][bill_id("contoso.partial")]["invoicenumber"]
        town.world.teams.largest_bytes = LARGEST_BYTES

        answer = await chat.ask(f"invoice {number}")

        assert answer.text.endswith(f"\n{town.url}/invoices/{bill_id('contoso.partial')}")

    async def test_an_answer_that_fits_again_is_a_card_again(self, town: Town) -> None:
        chat = await signed_in(town, "finn")
        before, town.world.teams.largest_bytes = town.world.teams.largest_bytes, LARGEST_BYTES
        await chat.ask("open invoices")
        town.world.teams.largest_bytes = before

        assert text_of(await chat.ask("open invoices")).startswith("Open invoices")

    async def test_a_sentence_that_is_too_big_as_well_is_given_up(self, town: Town, caplog: pytest.LogCaptureFixture) -> None:
        chat = await signed_in(town, "finn")
        before = len(chat.shown)
        town.world.teams.largest_bytes = 10

        await chat.say("open invoices")
        await town.house.turns.drain(5)

        assert len(chat.shown) == before
        assert "turn.unanswered" in {each.getMessage() for each in caplog.records}
