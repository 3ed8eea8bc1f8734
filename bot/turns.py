"""Turns in the background: a message is accepted at once, answered soon, and never lost or answered twice."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from time import monotonic
from typing import Final

from botbuilder.core import TurnContext
from botbuilder.schema import Activity, InvokeResponse

from billing import correlation
from billing.errors import Malformed, NotAllowed, Overloaded, Problem
from billing.people import Arrival, SignInRequest
from billing.ports import Clock, Inbox
from bot.adapter import Channel
from bot.answers import as_text, invoke_error
from bot.asker import reader_of
from bot.codec import decode
from bot.connector import NotDelivered
from bot.fairness import Bounds, Line
from bot.seats import Seats
from bot.typing_indicator import AFTER_S, TypingIndicator
from bot.wire import Wire, as_object
from words.reader import Reader

log = logging.getLogger(__name__)

BOUNDS: Final = Bounds(running=32, running_of_one=8, waiting=1000, waiting_of_one=100)
PRESSES: Final = Bounds(running=64, running_of_one=16, waiting=64, waiting_of_one=16)
ABANDONED_AFTER = timedelta(minutes=2)

OnTurn = Callable[[TurnContext], Awaitable[None]]
Said = Callable[[Reader], str]
Doubt = Callable[[str], None]
Key = tuple[str, str]
"""The ids of a conversation and of an activity in it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is taken on at a time, and how long anything may take; seconds.

    bounds    messages that run, and that wait
    waits_s   what has waited longer is left in the inbox
    turn_s    deadline of a message's turn
    sorry_s   deadline of the apology for it; together the three are less than ABANDONED_AFTER, so that nobody else answers meanwhile
    typing_s  after this long the person sees that the bot is typing
    presses   pressed buttons that run, and the few that wait, since Teams waits for them
    invoke_s  deadline of their turns, with the wait
    sweep_s   between two looks at what others have left behind
    """

    bounds: Bounds = BOUNDS
    waits_s: float = 50.0
    turn_s: float = 50.0
    sorry_s: float = 10.0
    typing_s: float = AFTER_S
    presses: Bounds = PRESSES
    invoke_s: float = 10.0
    sweep_s: float = 30.0


LIMITS: Final = Limits()


def _unconcerned(_: str) -> None:
    """Remember nothing of chats, and so have nothing to doubt."""


@dataclass(frozen=True, slots=True)
class _Accepted:
    """An activity that is in the inbox and waits for its turn."""

    activity: Activity
    key: Key
    typing: TypingIndicator
    correlation: str
    since: float


class Turns:
    """Runs botbuilder turns for verified activities.

    doubt  is told the conversation of each activity that comes from a chat in which the bot could not speak first
    """

    def __init__(
        self,
        channel: Channel,
        inbox: Inbox,
        on_turn: OnTurn,
        clock: Clock,
        limits: Limits = LIMITS,
        now: Callable[[], float] = monotonic,
        *,
        doubt: Doubt = _unconcerned,
    ) -> None:
        self._channel = channel
        self._inbox = inbox
        self._on_turn = on_turn
        self._clock = clock
        self._limits = limits
        self._now = now
        self._doubt = doubt
        self._line: Line[_Accepted] = Line(limits.bounds)
        self._seats = Seats(limits.presses)
        self._running: set[asyncio.Task[None]] = set()

    async def accept(self, wire: Wire, body: bytes) -> None:
        """Keep an activity durably and answer it in the background; a repeated one is dropped.

        Raises Overloaded where too many wait already, and then nothing is kept; Malformed, SourceDown.
        """
        activity = decode(wire)
        if not self._line.has_room(_owner(wire)):
            raise Overloaded(waiting=len(self._line))
        await self._keep_and_answer(activity, wire, body)

    async def invoke(self, wire: Wire) -> InvokeResponse | None:
        """Answer an invoke now, since Teams waits. Raises Overloaded, and TimeoutError after 10 seconds."""
        since = self._now()
        async with asyncio.timeout(self._limits.invoke_s), self._seats.one(_owner(wire)):
            return await self._channel.run(decode(wire), self._on_turn, since)

    def refusal(self, wire: Wire, problem: Problem) -> InvokeResponse:
        """Return what a pressed button gets instead of a turn, in the language of whoever pressed it. Raises Malformed."""
        return invoke_error(HTTPStatus(problem.status), reader_of(decode(wire), self._clock).problem(problem))

    async def resume(self, request: SignInRequest) -> None:
        """Answer the question that had to wait for a sign-in."""
        if request.question is not None:
            wire = {**request.question, "id": f"{request.question.get('id', '')}+{request.id}"}
            await self._keep_and_answer(decode(wire), wire, json.dumps(wire).encode())

    def say(self, wire: Wire, said: Said) -> None:
        """Say something in the background, instead of answering."""

        async def run() -> None:
            with suppress(NotDelivered, Malformed):
                await self._tell(decode(wire), said)

        self._keep(asyncio.create_task(run()))

    async def sweep(self) -> None:
        """Answer what another process has accepted and left behind, every half minute, until cancelled."""
        while True:
            await asyncio.sleep(self._limits.sweep_s)
            with suppress(Problem):
                since = self._now()
                for body in await self._inbox.left_over(ABANDONED_AFTER, max(0, self._limits.bounds.running - len(self._line))):
                    self._take_over(json.loads(body), since)

    def _take_over(self, wire: Wire, since: float) -> None:
        """Answer what another process has accepted; one that this version cannot read must not hold up the others."""
        try:
            self._wait(decode(wire), wire, since)
        except Malformed as problem:
            log.warning("turn.unreadable", extra={"facts": problem.facts})

    async def drain(self, patience_s: float) -> None:
        """Let accepted turns finish; what does not finish in time is left for another process."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                while self._running:
                    await asyncio.wait(self._running)
        for accepted in self._line.clear():
            await accepted.typing.end()
        for task in self._running:
            task.cancel()

    async def _keep_and_answer(self, activity: Activity, wire: Wire, body: bytes) -> None:
        conversation, activity_id = _key(wire)
        since = self._now()  # not later than by the inbox, from whose time on others leave it to us
        arrival = await self._inbox.accept(conversation, activity_id, body)
        if arrival is Arrival.REPEATED:
            log.info("turn.repeated")
            return
        if arrival is Arrival.UNKNOWN:
            self._doubt(conversation)
        self._wait(activity, wire, since)

    def _wait(self, activity: Activity, wire: Wire, since: float) -> None:
        """Stand in line; from now on the person is waiting."""
        typing = TypingIndicator(self._channel, activity, self._limits.typing_s)
        typing.begin()
        self._line.put(_owner(wire), _Accepted(activity, _key(wire), typing, correlation.current.get(), since))
        self._run_next()

    def _run_next(self) -> None:
        while (found := self._line.take()) is not None:
            self._keep(asyncio.create_task(self._serve(*found)))

    async def _serve(self, owner: str, accepted: _Accepted) -> None:
        try:
            if self._now() - accepted.since > self._limits.waits_s:
                await accepted.typing.end()
                log.warning("turn.left")
            else:
                correlation.current.set(accepted.correlation)
                await self._answer(accepted)
        finally:
            self._line.done(owner)
            self._run_next()

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _answer(self, accepted: _Accepted) -> None:
        activity = accepted.activity
        try:
            async with asyncio.timeout(self._limits.turn_s), accepted.typing:
                await self._channel.run(activity, self._with(accepted.typing), accepted.since)
        except (NotDelivered, NotAllowed, Malformed) as problem:
            log.warning("turn.unanswered", extra={"problem": type(problem).__name__, "facts": problem.facts})
        except Problem as problem:
            log.warning("turn.problem", extra={"type": activity.type, "problem": type(problem).__name__, "facts": problem.facts})
            await self._apologize(activity, partial(Reader.problem, problem=problem))
        except Exception:
            log.exception("turn.failed", extra={"type": activity.type})
            await self._apologize(activity, _sorry)
        await self._finish(accepted.key)

    def _with(self, typing: TypingIndicator) -> OnTurn:
        async def on_turn(context: TurnContext) -> None:
            context.on_send_activities(typing.before_sending)
            await self._on_turn(context)

        return on_turn

    async def _finish(self, key: Key) -> None:
        try:
            await self._inbox.done(*key)
        except Problem as problem:
            log.warning("turn.not_marked", extra={"facts": problem.facts})

    async def _apologize(self, activity: Activity, said: Said) -> None:
        if activity.type != "message":
            return

        def with_reference(reader: Reader) -> str:
            return reader.say("{sorry} (Reference: {reference})", sorry=said(reader), reference=correlation.current.get())

        with suppress(NotDelivered, TimeoutError):
            async with asyncio.timeout(self._limits.sorry_s):
                await self._tell(activity, with_reference)

    async def _tell(self, activity: Activity, said: Said) -> None:
        """Send a text in the language of whoever wrote *activity*."""

        async def tell(context: TurnContext) -> None:
            await context.send_activity(as_text(said(reader_of(activity, self._clock))))

        await self._channel.run(activity, tell)


def _sorry(reader: Reader) -> str:
    return reader.say("Sorry, that took too long or went wrong. Please ask again in a minute.")


def _key(wire: Wire) -> Key:
    return wire["conversation"]["id"], wire["id"]


def _owner(wire: Wire) -> str:
    """Return who shares the line with whom: a company's people with each other."""
    return str(as_object(as_object(wire.get("channelData")).get("tenant")).get("id"))
