"""Please sign in: silently where Teams can, else by a button that opens the browser."""

from dataclasses import dataclass

from cards.links import Links
from words.reader import Reader

OAUTH_CARD = "application/vnd.microsoft.card.oauth"


@dataclass(frozen=True, slots=True)
class Invitation:
    """A sign-in that has to come first.

    request_id  the sign-in that a client's token exchange or a browser will finish
    answers     whether a question is waiting, which will be answered afterwards
    is_silent   whether Teams may first try without a word; not after the person has signed out
    """

    request_id: str
    answers: bool
    is_silent: bool = True


def sign_in(invitation: Invitation, reader: Reader, links: Links) -> dict[str, object]:
    """Return the content of an OAuthCard, which is also the value of a ``loginRequest``.

    Teams first tries the exchange resource without a word, and shows text and button only where that fails. No connection
    of the Bot Service is named: the exchange is ours.
    """
    silently = {"tokenExchangeResource": {"id": invitation.request_id}} if invitation.is_silent else {}
    return {
        "text": text(invitation, reader),
        "connectionName": "",
        **silently,
        "buttons": [{"type": "signin", "title": reader.say("Sign in"), "value": links.sign_in(invitation.request_id)}],
    }


def text(invitation: Invitation, reader: Reader) -> str:
    """Return what the person reads."""
    if invitation.answers:
        return reader.say("Please sign in with the work account that you use in Teams. Your question will be answered right after.")
    return reader.say("Please sign in with the work account that you use in Teams.")
