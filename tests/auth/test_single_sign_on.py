"""Teams' token signs in the person who sends it, once, and nobody else."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession

from auth.single_sign_on import Exchanged, SingleSignOn
from backends.postgres.audit import PostgresAudit
from backends.postgres.database import Database
from backends.postgres.exchanges import ABANDONED_AFTER, PostgresExchanges
from backends.postgres.sign_ins import PostgresSignIns
from billing.errors import BadToken, NotSignedIn, SignInCancelled, SourceDown
from billing.people import SignInRequest
from sandbox.faults import Fault
from sandbox.people import DemoPerson, person
from sandbox.world import BOT_APP_ID
from tests.auth.clouds import Clouds
from tests.auth.parts import FAY, FINN, Parts, whom
from tests.clock import ShiftedClock

ADA = person("ada")


@pytest.fixture
def parts(clouds: Clouds, database: Database, http: ClientSession, clock: ShiftedClock) -> Parts:
    return Parts(clouds, database, http, clock)


@pytest.fixture
def single_sign_on(parts: Parts) -> SingleSignOn:
    return another(parts)


class Questions:
    """Where questions are handed on: the first *failing* times in vain.

    reached  set once one is there, which waits until *may* is set
    """

    def __init__(self, failing: int = 0) -> None:
        self.handed_on: list[SignInRequest] = []
        self.reached = asyncio.Event()
        self.may = asyncio.Event()
        self.may.set()
        self._failing = failing

    async def hand_on(self, request: SignInRequest) -> None:
        """Take one. Raises SourceDown while failing."""
        self.reached.set()
        await self.may.wait()
        if self._failing:
            self._failing -= 1
            raise SourceDown(source="test")
        self.handed_on.append(request)


async def waiting(parts: Parts, someone: DemoPerson = FINN) -> SignInRequest:
    """Let a question wait for a sign-in, for longer than any test."""
    request = SignInRequest("e1", whom(someone), "a:1", {"text": "open invoices"}, parts.clock() + timedelta(days=365))
    await PostgresSignIns(parts.database, parts.clock).ask(request)
    return request


def another(parts: Parts) -> SingleSignOn:
    """Return single sign-on as another process has it."""
    database, clock = parts.database, parts.clock
    stores = PostgresExchanges(database, clock), PostgresSignIns(database, clock), PostgresAudit(database, clock)
    return SingleSignOn(parts.clouds.entra, parts.clouds.registration, parts.tokens, parts.sessions(), *stores)


def token(parts: Parts, **changes: Any) -> str:
    """Return Finn's token as Teams obtains it; with *changes*, signed by Entra all the same."""
    made = parts.world.entra.sso_token(FINN, BOT_APP_ID)
    return parts.world.entra.keys.sign(parts.world.entra.claims(made, BOT_APP_ID) | changes)


async def outcomes(sync_database: Database) -> list[tuple[str, str]]:
    """Return whose sign-ins the audit knows, and how they ended."""
    async with sync_database.shared() as connection:
        return [tuple(row) for row in await connection.fetch("select person, outcome from bot.audit where what = 'sign-in' order by entry")]


class TestEnter:
    async def test_signs_in_whom_the_token_names(self, parts: Parts, single_sign_on: SingleSignOn, sync_database: Database) -> None:
        assert await single_sign_on.enter(token(parts), is_asked=False) == whom(FINN)

        assert (await parts.kept()).person == whom(FINN)
        assert await outcomes(sync_database) == [(FINN.oid, "ok")]

    async def test_asks_entra_for_nothing_where_there_is_a_session(self, parts: Parts, single_sign_on: SingleSignOn) -> None:
        await single_sign_on.enter(token(parts), is_asked=False)

        await single_sign_on.enter(token(parts), is_asked=False)

        assert parts.asked_for_tokens() == 1

    async def test_needs_a_click_after_sign_out(self, parts: Parts, single_sign_on: SingleSignOn) -> None:
        await (await parts.signed_in()).leave(whom(FINN))

        with pytest.raises(NotSignedIn):
            await single_sign_on.enter(token(parts), is_asked=False)
        assert await single_sign_on.enter(token(parts), is_asked=True) == whom(FINN)

    async def test_needs_a_click_after_a_sign_out_that_a_confirmation_met(self, parts: Parts) -> None:
        sessions = await parts.signed_in()
        parts.clock.advance(timedelta(minutes=60))

        async with parts.late(lambda: sessions.leave(whom(FINN))) as late:
            with pytest.raises(NotSignedIn):
                await another(late).enter(token(parts), is_asked=False)

        with pytest.raises(NotSignedIn):
            await parts.kept()

    async def test_says_where_consent_is_missing_and_works_after_it(
        self, parts: Parts, single_sign_on: SingleSignOn, sync_database: Database
    ) -> None:
        parts.world.entra.withdraw_consent(FINN, BOT_APP_ID)
        with pytest.raises(SignInCancelled):
            await single_sign_on.enter(token(parts), is_asked=False)
        parts.world.entra.give_consent(FINN, BOT_APP_ID)

        await single_sign_on.enter(token(parts), is_asked=False)

        assert await outcomes(sync_database) == [(FINN.oid, "consent or interaction needed"), (FINN.oid, "ok")]

    @pytest.mark.parametrize(
        "changes",
        [{"aud": "https://graph.microsoft.com"}, {"scp": "User.Read"}, {"exp": 1}, {"iss": "https://evil.example"}, {"tid": FAY.tenant.id}],
        ids=str,
    )
    async def test_believes_no_token_that_is_not_for_this(
        self, parts: Parts, single_sign_on: SingleSignOn, changes: dict[str, Any]
    ) -> None:
        with pytest.raises(BadToken):
            await single_sign_on.enter(token(parts, **changes), is_asked=True)

        assert parts.asked_for_tokens() == 0

    @pytest.mark.parametrize("fault", [Fault("entra", "/token", 503), Fault("keys", status=503, times=None)])
    async def test_waits_for_entra(self, parts: Parts, single_sign_on: SingleSignOn, fault: Fault) -> None:
        parts.world.faults.add(fault)

        with pytest.raises(SourceDown):
            await single_sign_on.enter(token(parts), is_asked=False)


class TestExchange:
    async def test_signs_in_and_hands_on_the_waiting_question_once(self, parts: Parts, single_sign_on: SingleSignOn) -> None:
        request, questions = await waiting(parts), Questions()

        ended = [await single_sign_on.exchange(whom(FINN), "e1", token(parts), questions.hand_on) for _ in range(2)]

        assert ended == [Exchanged.DONE] * 2
        assert questions.handed_on == [request]
        assert (await parts.kept()).person == whom(FINN)

    async def test_leaves_out_whoever_has_signed_out(self, parts: Parts, single_sign_on: SingleSignOn) -> None:
        await (await parts.signed_in()).leave(whom(FINN))

        with pytest.raises(NotSignedIn):
            await single_sign_on.exchange(whom(FINN), "e1", token(parts), Questions().hand_on)

        with pytest.raises(NotSignedIn):
            await parts.kept()

    async def test_leaves_out_whoever_signs_out_while_entra_is_asked(self, parts: Parts) -> None:
        sessions = parts.sessions()

        async with parts.late(lambda: sessions.leave(whom(FINN))) as late:
            with pytest.raises(NotSignedIn):
                await another(late).exchange(whom(FINN), "e1", token(parts), Questions().hand_on)

        with pytest.raises(NotSignedIn):
            await parts.kept()

    async def test_gives_nobody_the_question_of_somebody_else(self, parts: Parts, single_sign_on: SingleSignOn) -> None:
        request, questions = await waiting(parts, ADA), Questions()

        assert await single_sign_on.exchange(whom(FINN), "e1", token(parts), questions.hand_on) is Exchanged.DONE
        assert questions.handed_on == []
        assert await PostgresSignIns(parts.database, parts.clock).asked("e1") == request

    async def test_runs_once_for_many_clients_on_two_processes(self, parts: Parts, single_sign_on: SingleSignOn) -> None:
        processes = [single_sign_on, another(parts)]
        request, questions = await waiting(parts), Questions()

        told = await asyncio.gather(
            *(each.exchange(whom(FINN), "e1", token(parts), questions.hand_on) for each in processes for _ in range(3))
        )

        assert parts.asked_for_tokens() == 1
        assert Exchanged.DONE in told
        assert questions.handed_on == [request]

    async def test_asks_for_a_hand_where_consent_is_missing_and_works_after_it(
        self, parts: Parts, single_sign_on: SingleSignOn, sync_database: Database
    ) -> None:
        parts.world.entra.withdraw_consent(FINN, BOT_APP_ID)
        first = await single_sign_on.exchange(whom(FINN), "e1", token(parts), Questions().hand_on)
        parts.world.entra.give_consent(FINN, BOT_APP_ID)

        second = await single_sign_on.exchange(whom(FINN), "e1", token(parts), Questions().hand_on)

        assert (first, second) == (Exchanged.NEEDS_A_HAND, Exchanged.DONE)
        assert await outcomes(sync_database) == [(FINN.oid, "consent or interaction needed"), (FINN.oid, "ok")]

    @pytest.mark.parametrize(
        "changes",
        [
            {"oid": FAY.oid},
            {"tid": FAY.tenant.id},
            {"oid": FAY.oid, "tid": FAY.tenant.id},
            {"aud": "https://graph.microsoft.com"},
            {"scp": "User.Read"},
            {"scp": "not_access_as_user"},
            {"scp": None},
            {"exp": 1},
            {"iss": "https://api.botframework.com"},
            {"oid": None},
        ],
        ids=str,
    )
    async def test_binds_nobody_with_a_token_that_is_not_theirs_or_not_for_this(
        self, parts: Parts, single_sign_on: SingleSignOn, sync_database: Database, changes: dict[str, Any]
    ) -> None:
        with pytest.raises(BadToken):
            await single_sign_on.exchange(whom(FINN), "e1", token(parts, **changes), Questions().hand_on)

        for each in (FINN, FAY):
            with pytest.raises(NotSignedIn):
                await parts.kept(each)
        assert parts.asked_for_tokens() == 0
        assert [who for who, _ in await outcomes(sync_database)] == [FINN.oid]

    async def test_can_be_repeated_after_entra_was_down(self, parts: Parts, single_sign_on: SingleSignOn) -> None:
        parts.world.faults.add(Fault("entra", "/token", 503))

        with pytest.raises(SourceDown):
            await single_sign_on.exchange(whom(FINN), "e1", token(parts), Questions().hand_on)

        assert await single_sign_on.exchange(whom(FINN), "e1", token(parts), Questions().hand_on) is Exchanged.DONE

    async def test_can_be_repeated_where_the_question_could_not_be_handed_on(self, parts: Parts, single_sign_on: SingleSignOn) -> None:
        request, questions = await waiting(parts), Questions(failing=1)
        with pytest.raises(SourceDown):
            await single_sign_on.exchange(whom(FINN), "e1", token(parts), questions.hand_on)

        again = [await single_sign_on.exchange(whom(FINN), "e1", token(parts), questions.hand_on) for _ in range(2)]

        assert again == [Exchanged.DONE] * 2
        assert questions.handed_on == [request]

    async def test_can_be_repeated_where_time_was_up_before_that(self, parts: Parts, single_sign_on: SingleSignOn) -> None:
        request, questions = await waiting(parts), Questions()
        questions.may.clear()
        first = asyncio.create_task(single_sign_on.exchange(whom(FINN), "e1", token(parts), questions.hand_on))
        await questions.reached.wait()
        first.cancel()
        await asyncio.wait([first])
        questions.may.set()

        parts.clock.advance(ABANDONED_AFTER)

        assert await single_sign_on.exchange(whom(FINN), "e1", token(parts), questions.hand_on) is Exchanged.DONE
        assert questions.handed_on == [request]

    async def test_waits_for_entras_keys_and_believes_nothing_without_them(self, parts: Parts, single_sign_on: SingleSignOn) -> None:
        parts.world.faults.add(Fault("keys", status=503, times=None))

        with pytest.raises(SourceDown):
            await single_sign_on.exchange(whom(FINN), "e1", token(parts), Questions().hand_on)
