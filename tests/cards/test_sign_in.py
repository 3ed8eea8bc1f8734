"""The invitation to sign in."""

import json

from cards.sign_in import Invitation, sign_in
from tests.cards.samples import LINKS, reader


class TestSignIn:
    def test_lets_teams_try_the_request_silently(self) -> None:
        card = sign_in(Invitation("r1", answers=True), reader(), LINKS)

        assert card["tokenExchangeResource"] == {"id": "r1"}
        assert card["connectionName"] == ""

    def test_leaves_it_to_a_click_after_a_sign_out(self) -> None:
        card = sign_in(Invitation("r1", answers=True, is_silent=False), reader(), LINKS)

        assert "tokenExchangeResource" not in card

    def test_leads_to_the_browser_with_the_request(self) -> None:
        card = sign_in(Invitation("r1", answers=True), reader(), LINKS)

        assert card["buttons"] == [{"type": "signin", "title": "Sign in", "value": "https://bot.example/auth/start?request=r1"}]

    def test_promises_the_answer_where_a_question_waits(self) -> None:
        promise = "Your question will be answered right after."

        assert promise in json.dumps(sign_in(Invitation("r1", answers=True), reader(), LINKS))
        assert promise not in json.dumps(sign_in(Invitation("r1", answers=False), reader(), LINKS))
