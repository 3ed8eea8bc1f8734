"""How an answer goes to Teams: as a message, or inside the HTTP response to an invoke."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from http import HTTPStatus
from typing import Self

from botbuilder.schema import Activity, InvokeResponse

from bot.wire import Wire
from cards.kit import Card
from cards.links import Links
from cards.sign_in import OAUTH_CARD, Invitation, sign_in
from words.reader import Reader

CARD_ACTION = "adaptiveCard/action"
"""The invoke of a pressed button."""

ADAPTIVE_CARD = "application/vnd.microsoft.card.adaptive"
ERROR = "application/vnd.microsoft.error"
LOGIN_REQUEST = "application/vnd.microsoft.activity.loginRequest"
LOGIN_FAILED = "application/vnd.microsoft.error.preconditionFailed"


class Outgoing(Activity):
    """A message that nobody else holds, so that botbuilder, which copies all that it sends, need not copy it."""

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        return self


def as_message(answer: Card | Invitation, reader: Reader, links: Links) -> Activity:
    """Return the message that carries an answer; its summary is what a notification shows."""
    if isinstance(answer, Invitation):
        card = sign_in(answer, reader, links)
        return Outgoing(type="message", summary=str(card["text"]), attachments=[{"contentType": OAUTH_CARD, "content": card}])
    return Outgoing(type="message", summary=answer["fallbackText"], attachments=[{"contentType": ADAPTIVE_CARD, "content": answer}])


def as_text(text: str) -> Activity:
    """Return a message without a card, in which nothing is read as Markdown."""
    return Outgoing(type="message", text=text, text_format="plain")


def in_short(answer: Card | Invitation, reader: Reader, links: Links) -> Activity:
    """Return a message without a card that leads to the page which shows the same: Teams has found the card too big."""
    page = links.invoice(answer.about.id) if isinstance(answer, Card) and answer.about else links.invoices()
    return as_text(f"{reader.say('This answer is too long for Teams. Here is the page that shows it:')}\n\n{page}")


def as_invoke(answer: Card | Invitation, reader: Reader, links: Links) -> InvokeResponse:
    """Return what a pressed button gets: the card that takes its place, or the request to sign in."""
    if isinstance(answer, Invitation):
        return inside_200(HTTPStatus.UNAUTHORIZED, LOGIN_REQUEST, sign_in(answer, reader, links))
    return inside_200(HTTPStatus.OK, ADAPTIVE_CARD, answer)


def invoke_error(status: HTTPStatus, said: str, kind: str = ERROR) -> InvokeResponse:
    """Return an error to a pressed button."""
    return inside_200(status, kind, {"code": status.phrase.replace(" ", ""), "message": said})


def inside_200(status: HTTPStatus, kind: str, value: Wire) -> InvokeResponse:
    """Return an invoke's answer as Teams reads it: the true status stands inside."""
    return InvokeResponse(status=int(HTTPStatus.OK), body={"statusCode": int(status), "type": kind, "value": value})


def plain_invoke(status: HTTPStatus, body: Wire | None = None) -> InvokeResponse:
    """Return an invoke's answer whose status is the HTTP status."""
    return InvokeResponse(status=int(status), body=body)
