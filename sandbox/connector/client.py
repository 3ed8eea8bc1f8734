"""What a person's Teams client does: show, send, press, and sign in silently where it can."""

import asyncio
from dataclasses import dataclass, replace
from typing import Literal, cast

from sandbox.connector.conversation import Conversation, Entry, Event
from sandbox.connector.delivery import Answer, Delivery
from sandbox.connector.payloads import BOT_NAME, MENTION, Moment
from sandbox.entra.cloud import Entra
from sandbox.entra.errors import EntraError
from sandbox.people import DemoPerson
from sandbox.site import Site
from sandbox.tree import Json, items, part

ADAPTIVE_CARD = "application/vnd.microsoft.card.adaptive"
"""The content type of an Adaptive Card."""

OAUTH_CARD = "application/vnd.microsoft.card.oauth"
"""The content type of a card that asks to sign in, silently where it carries a ``tokenExchangeResource``."""

UNREACHABLE = "Unable to reach app. Please try again."
"""What Teams says when a button's answer does not come or cannot be understood."""

_LOGIN = "application/vnd.microsoft.activity.loginRequest"
_MESSAGE = "application/vnd.microsoft.activity.message"
_ERROR = "application/vnd.microsoft.error"
_OK = 200
_UNAUTHORIZED = 401
_PRECONDITION_FAILED = 412


@dataclass(slots=True)
class Channel:
    """What all clients share.

    sso_clients  on how many devices each person is signed in: so many send the same ``signin/tokenExchange``
    """

    site: Site
    entra: Entra
    delivery: Delivery
    app_id: str
    sso_clients: int = 1
    last_id: int = 0

    @property
    def bot_id(self) -> str:
        """The bot's id in Teams."""
        return f"28:{self.app_id}"

    def next_id(self) -> str:
        """Return the id of a new message: milliseconds since 1970, none twice."""
        self.last_id = max(self.last_id + 1, int(self.site.clock().timestamp() * 1000))
        return str(self.last_id)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of pressing a button, as the person sees it.

    kind  ``card``: the card was replaced; ``message``: the text stands below it; ``sign_in``: a button that opens ``url``;
          ``error``: the text stands below it in red; ``sent``: nothing to see yet, the bot will answer
    """

    kind: Literal["card", "message", "sign_in", "error", "sent"]
    text: str = ""
    url: str = ""


class Client:
    """One person's view of one conversation."""

    def __init__(self, channel: Channel, conversation: Conversation, person: DemoPerson) -> None:
        self._channel = channel
        self.conversation = conversation
        self.person = person

    async def open(self) -> None:
        """Look at the chat; the first look installs the app."""
        if not self.conversation.is_installed:
            await self.install()

    async def install(self) -> None:
        """Add the app to the conversation."""
        self.conversation.is_installed = True
        await self._send(self._moment.installation("add"))
        await self._send(self._moment.members_added())

    async def uninstall(self) -> None:
        """Take the app out of the conversation; the bot can no longer speak in it."""
        self.conversation.is_installed = False
        await self._send(self._moment.installation("remove"))

    def block(self, *, blocked: bool = True) -> None:
        """Let the bot write no more in the conversation, or let it again; the app stays."""
        self.conversation.is_blocked = blocked

    async def say(self, text: str) -> Answer | None:
        """Send a message and return what the bot's HTTP answer was; None where the message is none of the bot's business.

        In a group chat or a channel the bot gets to see only messages with ``@My Invoices`` in them.
        """
        written = text.replace(f"@{BOT_NAME}", MENTION)
        activity = self._moment.message(self._channel.next_id(), written)
        await self._show(activity)
        if self.conversation.kind != "personal" and MENTION not in written:
            return None
        return await self._send(activity)

    async def press(self, entry_id: str, action: Json, inputs: Json | None = None, state: str = "") -> Outcome:
        """Press a button of the card in a message.

        action  the action as the card has it
        inputs  what the person filled in, by input id
        state   what a sign-in popup handed over; then the press is a repeat of one that asked to sign in
        """
        if action.get("type") == "Action.Submit":
            return await self._submit(entry_id, _filled(action, inputs))
        wanted = {name: action[name] for name in ("type", "id", "title", "verb") if name in action}
        value: Json = {"action": wanted | {"data": _filled(action, inputs)}, "trigger": "manual"}
        return await self._execute(entry_id, value | ({"state": state} if state else {}))

    async def verify(self, state: str) -> Answer:
        """Tell the bot that a sign-in popup is done, with what it handed over."""
        return await self._send(self._moment.invoke("signin/verifyState", {"state": state}))

    async def exchange(self, entry: Entry) -> None:
        """Answer a sign-in card silently; where that fails, show it."""
        card = sso_card(entry.activity)
        try:
            value = self._proof(card)
        except EntraError as error:
            await self._send(self._moment.invoke("signin/failure", {"code": "interactionrequired", "message": str(error)}))
            await self.conversation.put(replace(entry, is_hidden=False))
            return
        invokes = [self._moment.invoke("signin/tokenExchange", value, replyToId=entry.id) for _ in range(self._channel.sso_clients)]
        answers = await asyncio.gather(*(self._send(each) for each in invokes))
        await self.conversation.put(replace(entry, is_hidden=any(answer.status == _OK for answer in answers)))

    @property
    def _moment(self) -> Moment:
        channel = self._channel
        return Moment(self.person, self.conversation, channel.bot_id, channel.delivery.service_url, channel.site.clock())

    def _proof(self, card: Json) -> Json:
        """Return the token that a sign-in card asks for. Raises EntraError."""
        token = self._channel.entra.sso_token(self.person, self._channel.app_id)
        return {"id": part(card, "tokenExchangeResource").get("id"), "connectionName": card.get("connectionName", ""), "token": token}

    async def _show(self, activity: Json) -> None:
        await self.conversation.put(Entry(activity["id"], self.person, activity, self._channel.site.clock()))

    async def _send(self, activity: Json) -> Answer:
        answer = await self._channel.delivery.send(activity)
        if activity["type"] == "message" and not answer.is_taken:
            reason = f"the bot answered {answer.status}" if answer.status else "the bot did not answer"
            await self.conversation.tell(Event("failed", activity["id"], f"Not delivered: {reason}."))
        return answer

    async def _submit(self, entry_id: str, value: object) -> Outcome:
        hint = part(value, "msteams")
        if hint.get("type") == "signin":
            return Outcome("sign_in", url=str(hint.get("value", "")))
        if hint.get("type") == "imBack":
            await self.say(str(hint.get("value", "")))
        elif hint.get("type") == "messageBack":
            activity = self._moment.message(self._channel.next_id(), str(hint.get("text", "")), value=hint.get("value"), replyToId=entry_id)
            if hint.get("displayText"):
                await self._show(activity | {"text": hint["displayText"]})
            await self._send(activity)
        else:
            await self._send(self._moment.submit(self._channel.next_id(), entry_id, value))
        return Outcome("sent")

    async def _execute(self, entry_id: str, value: Json) -> Outcome:
        answer = await self._send(self._moment.invoke("adaptiveCard/action", value, replyToId=entry_id))
        body = part(answer.body) if answer.status == _OK else {}
        if body.get("type") == _LOGIN and body.get("statusCode") == _UNAUTHORIZED:
            return await self._sign_in(entry_id, value, part(body, "value"))
        if body.get("type") == ADAPTIVE_CARD and body.get("statusCode") == _OK:
            await self._replace(entry_id, part(body, "value"))
            return Outcome("card")
        if body.get("type") == _MESSAGE and body.get("statusCode") == _OK:
            return Outcome("message", str(body.get("value") or ""))
        if body.get("statusCode") == _PRECONDITION_FAILED:
            return Outcome("sign_in")
        if body.get("type") == _ERROR:
            return Outcome("error", str(part(body, "value").get("message") or UNREACHABLE))
        return Outcome("error", UNREACHABLE)

    async def _sign_in(self, entry_id: str, value: Json, card: Json) -> Outcome:
        """Repeat a press with a token; where that does not help, ask the person."""
        if card.get("tokenExchangeResource") and "authentication" not in value:
            try:
                repeated = await self._execute(entry_id, value | {"authentication": self._proof(card)})
            except EntraError:
                return _ask_to_sign_in(card)
            return _ask_to_sign_in(card) if repeated.kind == "sign_in" else repeated
        return _ask_to_sign_in(card)

    async def _replace(self, entry_id: str, card: Json) -> None:
        entry = self.conversation.entries.get(entry_id)
        if entry:
            attachment = {"contentType": ADAPTIVE_CARD, "content": card}
            await self.conversation.put(replace(entry, activity=entry.activity | {"attachments": [attachment]}))


def sso_card(activity: Json) -> Json:
    """Return the sign-in card that the client can deal with by itself; empty where there is none."""
    cards = [part(each, "content") for each in items(activity.get("attachments")) if each.get("contentType") == OAUTH_CARD]
    return part(next((each for each in cards if part(each, "tokenExchangeResource")), None))


def _filled(action: Json, inputs: Json | None) -> object:
    """Return an action's data with what the person filled in."""
    data: object = action.get("data") or {}
    return cast("Json", data) | (inputs or {}) if isinstance(data, dict) else data


def _ask_to_sign_in(card: Json) -> Outcome:
    url = next((str(each.get("value")) for each in items(card.get("buttons"))), "")
    return Outcome("sign_in", str(card.get("text") or "Please sign in."), url)
