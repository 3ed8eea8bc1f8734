"""Cards and answers of a bot."""

from typing import Any

from sandbox.connector.client import ADAPTIVE_CARD, OAUTH_CARD
from sandbox.tree import Json


def card(*actions: Json, text: str = "Open invoices") -> Json:
    """Return a card as an attachment."""
    content = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlock", "text": text}], "actions": list(actions)}
    return {"contentType": ADAPTIVE_CARD, "content": content}


def execute(**members: Any) -> Json:
    """Return a button."""
    return {"type": "Action.Execute", "title": "Details", "verb": "details", "data": {"invoice": "INV-1"}} | members


def answering(body: Any) -> Any:
    """Return a reply that is always the same."""

    async def reply(_activity: Json) -> Any:
        return body

    return reply


def login_request(**members: Any) -> Json:
    """Return the answer that asks the person to sign in."""
    button = {"type": "signin", "title": "Sign in", "value": "http://localhost/auth/start"}
    value = {"text": "Please sign in", "connectionName": "", "buttons": [button]} | members
    return {"statusCode": 401, "type": "application/vnd.microsoft.activity.loginRequest", "value": value}


def oauth_card() -> Json:
    """Return a sign-in card that a client can deal with by itself."""
    content = login_request(tokenExchangeResource={"id": "exchange-1"})["value"]
    return {"contentType": OAUTH_CARD, "content": content}
