"""An answer has the shape that Teams reads: in a message, or inside the HTTP response to a pressed button."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from http import HTTPStatus

from bot.answers import LOGIN_REQUEST, as_invoke, as_message, as_text, invoke_error, plain_invoke
from bot.codec import encode
from bot.wire import as_object
from cards.sign_in import Invitation
from cards.welcome import welcome
from tests.cards.samples import LINKS, reader

ASK = Invitation("r-1", answers=True)


class TestAsMessage:
    def test_carries_a_card_and_what_a_notification_shows(self) -> None:
        card = welcome(reader())

        sent = encode(as_message(card, reader(), LINKS))

        assert sent["attachments"] == [{"contentType": "application/vnd.microsoft.card.adaptive", "content": card}]
        assert sent["summary"] == card["fallbackText"]

    def test_asks_to_sign_in_with_a_card_that_teams_can_answer_by_itself(self) -> None:
        sent = encode(as_message(ASK, reader(), LINKS))

        content = sent["attachments"][0]["content"]
        assert sent["attachments"][0]["contentType"] == "application/vnd.microsoft.card.oauth"
        assert content["tokenExchangeResource"] == {"id": "r-1"}
        assert content["buttons"][0]["value"] == "https://bot.example/auth/start?request=r-1"


class TestAsText:
    def test_lets_nothing_be_read_as_markdown(self) -> None:
        assert encode(as_text("**1** [x](https://evil.example)"))["textFormat"] == "plain"


class TestAsInvoke:
    def test_puts_the_card_that_takes_the_old_ones_place_into_the_body(self) -> None:
        card = welcome(reader())

        answer = as_invoke(card, reader(), LINKS)

        assert answer.status == 200
        assert answer.body == {"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": card}

    def test_asks_to_sign_in_with_a_login_request(self) -> None:
        answer = as_invoke(ASK, reader(), LINKS)

        assert answer.status == 200
        assert (as_object(answer.body)["statusCode"], as_object(answer.body)["type"]) == (401, LOGIN_REQUEST)
        assert as_object(answer.body)["value"]["tokenExchangeResource"] == {"id": "r-1"}


class TestErrors:
    def test_stand_inside_a_200_for_a_pressed_button(self) -> None:
        answer = invoke_error(HTTPStatus.FORBIDDEN, "No.")

        assert answer.status == 200
        assert as_object(answer.body)["statusCode"] == 403
        assert as_object(answer.body)["type"] == "application/vnd.microsoft.error"
        assert as_object(answer.body)["value"] == {"code": "Forbidden", "message": "No."}

    def test_are_the_http_status_for_a_sign_in(self) -> None:
        assert plain_invoke(HTTPStatus.PRECONDITION_FAILED, {"id": "1"}).status == 412
