"""The personal chats that the bot knows, so that it can speak first: kept when they change, one person each."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from botbuilder.schema import Activity

from billing.errors import NotAllowed, NotFound
from billing.ports import Audit, Clock, Conversations
from bot.asker import Asker, TwoTenants, says_where
from bot.codec import encode
from bot.wire import Wire

if TYPE_CHECKING:
    from billing.people import Conversation

REMEMBERED = 10_000
BELIEVED_FOR = timedelta(minutes=5)
"""Another process may meanwhile have learnt that the app was removed."""


class KnownChats:
    """Remembers what it has kept, so that an unchanged chat costs no query."""

    def __init__(self, conversations: Conversations, audit: Audit, clock: Clock, remembered: int = REMEMBERED) -> None:
        self._conversations = conversations
        self._audit = audit
        self._clock = clock
        self._remembered = remembered
        self._kept: dict[str, tuple[Conversation, datetime]] = {}

    async def asker(self, activity: Activity) -> Asker:
        """Return who wrote *activity*, as they read so far where it does not say how; one that contradicts itself is noted.

        Raises UnknownPerson, SourceDown.
        """
        try:
            asker = Asker.of(activity)
        except TwoTenants as problem:
            await self._audit.note(problem.person, "refusal", "two tenants")
            raise
        if says_where(activity) or not asker.is_personal:
            return asker
        with suppress(NotFound):
            return Asker.of(activity, await self._conversations.get(asker.person))
        return asker

    async def keep(self, asker: Asker, activity: Activity, *, is_installed: bool = False) -> bool:
        """Keep how to speak first; True when the chat is new, or new again after an uninstall.

        Nothing is kept where the app was removed since: a question that waited for a sign-in brings nobody back.
        Raises NotAllowed where the conversation is known to be another person's.
        """
        conversation, now = asker.kept(_reference(activity)), self._clock()
        known, at = self._kept.get(asker.conversation, (None, now))
        if known == conversation and timedelta(0) <= now - at < BELIEVED_FOR and not is_installed:
            return False
        try:
            is_new = await self._conversations.save(conversation, None if is_installed else _written(activity, now))
        except NotFound:
            return False
        except NotAllowed:
            await self._audit.note(asker.person, "refusal", "another person's conversation")
            raise
        if len(self._kept) >= self._remembered:
            self._kept.pop(next(iter(self._kept)))
        self._kept[asker.conversation] = (conversation, now)
        return is_new

    def doubt(self, conversation: str) -> None:
        """Believe nothing of a chat any more: the database does not know it, or not as one that can be reached."""
        self._kept.pop(conversation, None)

    async def removed(self, asker: Asker) -> None:
        """Note that the person has removed the app."""
        self._kept.pop(asker.conversation, None)
        await self._conversations.removed(asker.person)


def _written(activity: Activity, now: datetime) -> datetime:
    """Return when *activity* was written, by Teams' clock; *now* where it does not say so."""
    told: datetime | None = activity.timestamp
    return told if told is not None and told.tzinfo is not None else now


def _reference(activity: Activity) -> Wire:
    """Return how to speak first; not as a reply to this activity. The SDK's own function copies everything before."""
    parties = {"user": activity.from_property, "bot": activity.recipient, "conversation": activity.conversation}
    place = {"channelId": activity.channel_id, "locale": activity.locale, "serviceUrl": activity.service_url}
    return {name: encode(each) for name, each in parties.items() if each} | {name: each for name, each in place.items() if each}
