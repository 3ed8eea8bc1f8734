"""The main job: ask for open invoices, sign in, get the card, use its buttons."""

from sandbox.driver import text_of
from tests.town import Town


class TestOpenInvoices:
    """A finance manager asks for the first time."""

    async def test_answers_the_question_that_was_asked_before_signing_in(self, town: Town) -> None:
        chat = town.chat("finn")
        await chat.open()
        welcome = await chat.next()

        invitation = await chat.ask("open invoices")
        page = await town.sign_in(chat, invitation)
        answer = await chat.next()

        assert "help" in text_of(welcome).lower()
        assert "You are signed in" in page.text
        assert "Open invoices" in text_of(answer)
        assert text_of(answer).count("INV-") == 8
