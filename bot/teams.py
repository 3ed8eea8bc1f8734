"""The bot as Teams meets it: messages, buttons, installation. botbuilder's ActivityHandler, one method an event."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import logging
from functools import partial
from http import HTTPStatus

from botbuilder.core import ActivityHandler, TurnContext
from botbuilder.schema import Activity, ActivityTypes, InvokeResponse

from auth.sign_in import OnSignedIn
from billing.delivery import NotDelivered, Outcome
from billing.errors import Malformed, Problem, UnknownPerson
from billing.people import SignInRequest
from billing.ports import Clock, Shown
from bot.adapter import waited_s
from bot.answers import CARD_ACTION, LOGIN_FAILED, as_invoke, as_message, as_text, in_short, invoke_error, plain_invoke
from bot.asker import Asker, reader_of
from bot.chat import Chat
from bot.codec import encode
from bot.intents import Intent, Outdated, parse, pressed
from bot.known_chats import KnownChats
from bot.sign_in import NAMES, ChatSignIn
from bot.wire import Wire, as_object
from cards.kit import Card
from cards.links import Links
from cards.sign_in import Invitation
from cards.verbs import Key
from cards.welcome import welcome
from words.reader import Reader

log = logging.getLogger(__name__)

KEPT_IN_QUESTION = (
    "type", "id", "timestamp", "channelId", "serviceUrl", "from", "recipient", "conversation", "channelData",
    "locale", "localTimezone", "text", "value",
)  # fmt: skip


class TeamsBot(ActivityHandler):
    """Answers what Teams sends.

    on_signed_in  answers the question that waited for a sign-in, as a turn of its own: Teams does not wait for it
    """

    def __init__(
        self, chat: Chat, sign_in: ChatSignIn, on_signed_in: OnSignedIn, known: KnownChats, shown: Shown, links: Links, clock: Clock
    ) -> None:
        self._chat = chat
        self._sign_in = sign_in
        self._on_signed_in = on_signed_in
        self._known = known
        self._shown = shown
        self._links = links
        self._clock = clock

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        """Answer a typed question, or a button of a client that knows only Action.Submit."""
        activity = turn_context.activity
        asker = await self._known.asker(activity)
        if not asker.is_personal:
            await turn_context.send_activity(as_text(_in_private(asker.reader(self._clock))))
            return
        await self._known.keep(asker, activity)
        intent = _meant(activity)
        with self._chat.timed(intent, waited_s(turn_context)):
            await self._tell(turn_context, asker, intent)

    async def on_invoke_activity(self, turn_context: TurnContext) -> InvokeResponse:
        """Answer a button or a step of a sign-in; an invoke that nobody here knows gets 501."""
        activity = turn_context.activity
        if activity.name in NAMES and (await self._known.asker(activity)).is_personal:  # a sign-in brings an answer, which no group may see
            return await self._signing_in(activity)
        if activity.name != CARD_ACTION:
            return plain_invoke(HTTPStatus.NOT_IMPLEMENTED)
        try:
            return await self._pressed(turn_context)
        except Problem as problem:
            log.warning("invoke.problem", extra={"problem": type(problem).__name__, "facts": problem.facts})
            return invoke_error(HTTPStatus(problem.status), reader_of(activity, self._clock).problem(problem))

    async def _pressed(self, turn_context: TurnContext) -> InvokeResponse:
        activity = turn_context.activity
        asker = await self._known.asker(activity)
        reader = asker.reader(self._clock)
        if not asker.is_personal:
            return invoke_error(HTTPStatus.FORBIDDEN, _in_private(reader))
        await self._known.keep(asker, activity)
        proof = as_object(as_object(activity.value).get("authentication"))
        if proof and not await self._sign_in.exchange(asker, proof, _answered_here):
            return invoke_error(HTTPStatus.PRECONDITION_FAILED, reader.say("Please sign in with the button."), LOGIN_FAILED)
        intent = _meant(activity)
        with self._chat.timed(intent, waited_s(turn_context)):
            answer = await self._chat.answer(asker, intent, partial(_question, activity))
            await self._remember(asker, answer, activity.reply_to_id, is_in_place=True)
        return as_invoke(answer, reader, self._links)

    async def on_installation_update_add(self, turn_context: TurnContext) -> None:
        """Say hello, once for each installation and to the person alone."""
        try:
            asker = await self._known.asker(turn_context.activity)
        except UnknownPerson:
            return
        if asker.is_personal and await self._known.keep(asker, turn_context.activity, is_installed=True):
            reader = asker.reader(self._clock)
            await turn_context.send_activity(as_message(welcome(reader), reader, self._links))

    async def on_installation_update_remove(self, turn_context: TurnContext) -> None:
        """Speak no more to a person who has removed the app; an upgrade removes nothing."""
        asker = await self._known.asker(turn_context.activity)
        if asker.is_personal and turn_context.activity.action == "remove":
            await self._known.removed(asker)

    async def _signing_in(self, activity: Activity) -> InvokeResponse:
        asker = await self._known.asker(activity)
        reader = asker.reader(self._clock)
        return await self._sign_in.answer(asker, reader, activity.name or "", as_object(activity.value), self._on_signed_in)

    async def _tell(self, turn_context: TurnContext, asker: Asker, intent: Intent) -> None:
        answer = await self._chat.answer(asker, intent, partial(_question, turn_context.activity))
        reader = asker.reader(self._clock)
        try:
            sent = await turn_context.send_activity(as_message(answer, reader, self._links))
        except NotDelivered as failure:
            if failure.outcome is not Outcome.TOO_BIG:
                raise
            log.warning("chat.too_big", extra={"facts": failure.facts})
            await turn_context.send_activity(in_short(answer, reader, self._links))
        else:
            await self._remember(asker, answer, sent.id if sent else "")

    async def _remember(self, asker: Asker, answer: Card | Invitation, message_id: str | None, *, is_in_place: bool = False) -> None:
        """Note which message shows an invoice, so that it can follow a payment, and which one no longer does.

        Where that fails, the answer is all the same: a card that follows no payment is better than none, or than an apology behind it.
        """
        if not isinstance(answer, Card) or not message_id:
            return
        try:
            if answer.about is not None:
                await self._shown.note(asker.person, answer.about, message_id)
            elif is_in_place:
                await self._shown.covered(asker.person, message_id)
        except Problem as problem:
            log.warning("chat.not_remembered", extra={"problem": type(problem).__name__, "facts": problem.facts})


async def _answered_here(_: SignInRequest) -> None:
    """Hand on nothing: what waited for the sign-in is the button, which is pressed again along with the proof of it."""


def _in_private(reader: Reader) -> str:
    return reader.say("Invoices are shown in your personal chat with me only. Open it from my name or picture, and ask there.")


def _meant(activity: Activity) -> Intent:
    """Return what a message or a button means."""
    value = as_object(activity.value)
    try:
        if activity.type == ActivityTypes.invoke:
            return pressed(*_action(value))
        if Key.VERB in value:  # a client that knows no Action.Execute
            return pressed(value[Key.VERB], value)
    except Malformed as problem:
        return Outdated(problem)
    return parse(activity.text or "")


def _action(value: object) -> tuple[object, object]:
    action = as_object(as_object(value).get("action"))
    return action.get("verb"), action.get("data")


def _question(activity: Activity) -> Wire:
    """Return the activity as a message, to be answered after a sign-in; a pressed button becomes a submitted one."""
    wire = encode(activity)
    kept = {key: wire[key] for key in KEPT_IN_QUESTION if key in wire}
    if activity.type == "invoke":
        verb, data = _action(activity.value)
        kept |= {"type": "message", "value": {**as_object(data), Key.VERB.value: verb}}
    return kept
