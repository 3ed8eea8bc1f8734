"""Speaking first: the Messenger port over the connector, one attempt a message."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from billing.access import Person
from billing.delivery import NotDelivered, Outcome
from billing.errors import NotFound, Problem
from billing.people import Conversation
from billing.ports import Conversations, Json
from bot.connector import Connector

log = logging.getLogger(__name__)

GCC: Final = "https://smba.infra.gcc.teams.microsoft.com/teams"
"""Where bots reach tenants of the US government's community cloud; source: "Global service URLs", Microsoft Learn."""

_OTHER_HOST: Final = "InvalidBotApiHost"


class Notifier:
    """Posts to a stored conversation.

    gcc  where a tenant of the community cloud is reached, when Teams says that the stored address is the wrong one
    """

    def __init__(self, connector: Connector, conversations: Conversations, gcc: str = GCC) -> None:
        self._connector = connector
        self._conversations = conversations
        self._gcc = gcc

    async def send(self, conversation: Conversation, card: Json, summary: str) -> None:
        """Post a card, one attempt. Raises NotDelivered."""
        try:
            await self._post(conversation, card, summary)
        except NotDelivered as failure:
            if failure.outcome is not Outcome.WRONG_HOST or failure.facts.get("code") != _OTHER_HOST:
                raise
            moved = replace(conversation, reference={**conversation.reference, "serviceUrl": self._gcc})
            if not await self._is_known(conversation.person):
                raise
            await self._post(moved, card, summary)
            await self._keep(moved)

    async def _is_known(self, person: Person) -> bool:
        """Whether the person still has a chat: they may have been forgotten, or have removed the app, while a message was under way.

        Raises NotDelivered where that cannot be found out: nothing has arrived by then.
        """
        try:
            await self._conversations.get(person)
        except NotFound:
            return False
        except Problem as problem:
            raise NotDelivered(Outcome.UNREACHED, failure=type(problem).__name__) from problem
        return True

    async def replace(self, conversation: Conversation, activity_id: str, card: Json, summary: str) -> None:
        """Put a card in the place of a message of ours. Raises NotDelivered, GONE where the person deleted it."""
        activity = {**proactive(conversation.reference, card, summary), "id": activity_id}
        await self._connector.update(str(conversation.reference.get("serviceUrl", "")), conversation.id, activity_id, activity)

    async def _keep(self, moved: Conversation) -> None:
        """Keep an address that has just worked; where that fails the message has arrived all the same, and the next one finds it anew."""
        try:
            await self._conversations.moved(moved)
        except Problem as problem:
            log.warning("notifier.address_lost", extra={"failure": type(problem).__name__, "facts": problem.facts})

    async def _post(self, conversation: Conversation, card: Json, summary: str) -> None:
        activity = proactive(conversation.reference, card, summary)
        await self._connector.send_once(str(conversation.reference.get("serviceUrl", "")), conversation.id, activity)


def proactive(reference: Mapping[str, object], card: Json, summary: str) -> dict[str, object]:
    """Return the activity that carries a card to a stored conversation."""
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    routing = {name: reference[name] for name in ("channelId", "serviceUrl", "conversation", "locale") if name in reference}
    parties = {"from": reference.get("bot"), "recipient": reference.get("user")}
    return {"type": "message", "summary": summary, "attachments": [attachment], **routing, **parties}
