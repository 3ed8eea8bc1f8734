"""One answer to one person: who they are, what they may see, and a kind card when they may not."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from time import perf_counter

from auth.callers import ConfirmedCallers
from auth.sign_in import SignIn
from billing import correlation
from billing.errors import Malformed, NotAllowed, NotSignedIn, Problem
from billing.measures import REFUSALS, TURN, TURNS, UNMEASURED, Measures
from billing.ports import Audit, Clock, Forgets, Json
from bot.asker import Asker
from bot.asks import Ask
from bot.commands import Commands
from bot.intents import Find, Intent, List, Numberless, Open, Outdated, Switch, Unknown
from cards.choose import ask_number
from cards.contact import Provider, contact
from cards.courtesy import agreed, parted, thanked
from cards.disclosure import disclosure
from cards.forget import ask_to_delete, deleted
from cards.help import COMMANDS, help_card, not_understood
from cards.kit import Card
from cards.links import Links
from cards.problem import problem_card
from cards.sign_in import Invitation
from cards.signed_out import signed_out
from cards.who_am_i import who_am_i
from words.reader import Reader

log = logging.getLogger(__name__)

BY_WORDS = {each.typed: each for each in COMMANDS}
ALIKE = {Ask.HELP: help_card, Ask.DELETE_DATA: ask_to_delete, Ask.THANKS: thanked, Ask.OK: agreed, Ask.BYE: parted}
"""What is answered to everybody alike."""

NOBODY = Provider()


@dataclass(frozen=True, slots=True)
class Records:
    """What is kept about people: how it is deleted, where it is noted who did what, and where it is handed out."""

    forgets: Forgets
    audit: Audit
    links: Links


class Chat:
    """Turns an intent into a card, whoever asks and however it ends."""

    def __init__(
        self,
        sign_in: SignIn,
        callers: ConfirmedCallers,
        commands: Commands,
        records: Records,
        clock: Clock,
        *,
        provider: Provider = NOBODY,
        measures: Measures = UNMEASURED,
    ) -> None:
        self._sign_in = sign_in
        self._callers = callers
        self._commands = commands
        self._records = records
        self._clock = clock
        self._provider = provider
        self._measures = measures

    def timed(self, intent: Intent, waited_s: float) -> AbstractContextManager[None]:
        """Time a turn: the block asks for the answer to *intent* and brings it to the person."""
        return self._measures.timed(TURN, waited_s, intent=_named(intent))

    async def answer(self, asker: Asker, intent: Intent, question: Callable[[], Json]) -> Card | Invitation:
        """Return the card for *intent*, or the sign-in that has to come first.

        question  returns the activity to answer after that sign-in
        """
        asked, started, outcome = _named(intent), perf_counter(), "failed"
        reader = asker.reader(self._clock)
        try:
            card = await self._public(asker, intent, reader) or await self._private(asker, intent, reader)
            outcome = "answered"
        except NotSignedIn:
            outcome = "sign_in"
            return await self._invitation(asker, intent, question())
        except Problem as problem:
            outcome = type(problem).__name__
            return await self._refusal(asker, intent, problem, reader)
        finally:
            self._measures.count(TURNS, intent=asked, outcome=outcome)
            spent_ms = round((perf_counter() - started) * 1000)
            log.info("intent.done", extra={"intent": asked, "outcome": outcome, "ms": spent_ms, "caller": asker.person.hashed})
        return card

    async def _public(self, asker: Asker, intent: Intent, reader: Reader) -> Card | None:
        """Answer what needs no sign-in; None for everything else."""
        match intent:
            case Ask() if intent in ALIKE:
                return ALIKE[intent](reader)
            case Unknown(typed, nearest):
                return not_understood(reader, typed=typed, nearest=[BY_WORDS[each] for each in nearest])
            case Numberless(typed):
                return ask_number(reader, typed=typed)
            case Ask.CONTACT:
                return contact(reader, self._provider)
            case Outdated(problem):
                raise problem
            case Ask.SIGN_OUT | Ask.REMINDERS_OFF | Ask.EXPORT_DATA | Ask.DELETE_DATA_NOW:
                return await self._own(asker, intent, reader)
            case _:
                return None

    async def _own(self, asker: Asker, intent: Ask, reader: Reader) -> Card:
        """Answer what people may always ask about themselves: they are known by the activity, and need no session for this."""
        match intent:
            case Ask.SIGN_OUT:
                await self._sign_in.sign_out(asker.person)
                return signed_out(reader)
            case Ask.REMINDERS_OFF:
                return await self._commands.reminders.turn_off(asker.person, reader)
            case Ask.EXPORT_DATA:
                return disclosure(reader, self._records.links)
            case _:
                return await self._forgotten(asker, reader)

    async def _forgotten(self, asker: Asker, reader: Reader) -> Card:
        """Delete everything about the person."""
        await self._records.audit.note(asker.person, "forget", "ok")
        await self._records.forgets.forget(asker.person.tenant, asker.person.id)
        return deleted(reader)

    async def _private(self, asker: Asker, intent: Intent, reader: Reader) -> Card:
        if isinstance(intent, Switch):
            return who_am_i(await self._callers.switch(asker.person, intent.account), reader)
        caller = await self._callers.caller(asker.person)
        card = await self._commands.answer(intent, caller, reader, is_phone=asker.is_phone)
        await self._records.audit.note(asker.person, "view", "ok", _about(intent))
        return card

    async def _refusal(self, asker: Asker, intent: Intent, problem: Problem, reader: Reader) -> Card:
        outcome = type(problem).__name__
        log.info("chat.problem", extra={"problem": outcome, "facts": problem.facts})
        self._measures.count(REFUSALS, where="chat", reason=outcome)
        if not isinstance(problem, Malformed):
            await self._records.audit.note(asker.person, "refusal", outcome, _about(intent))
        person = asker.person if isinstance(problem, NotAllowed) else None
        return problem_card(problem, reader, reference=correlation.current.get(), person=person)

    async def _invitation(self, asker: Asker, intent: Intent, question: Json) -> Invitation:
        request = await self._sign_in.ask(asker.person, asker.conversation, question)
        is_silent = not await self._sign_in.wants_a_click(asker.person)
        return Invitation(request.id, answers=intent is not Ask.SIGN_IN, is_silent=is_silent)


def _named(intent: Intent) -> str:
    return intent.name.lower() if isinstance(intent, Ask) else type(intent).__name__.lower()


def _about(intent: Intent) -> str:
    """Return what an audit entry says about the subject: an invoice's id or number, or which list."""
    match intent:
        case Open(invoice):
            return invoice
        case Find(number):
            return number
        case List(place):
            return place.show.value
        case _:
            return ""
