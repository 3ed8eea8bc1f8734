"""A session begins with Entra's proof, is confirmed within the hour, and ends when Entra says so; not when Entra says nothing."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession
from cryptography.fernet import Fernet

from auth.entra import Proof
from backends.postgres.database import Database
from backends.postgres.forgetting import Forgetting
from billing.errors import NotSignedIn, SignInRefused, SourceDown
from sandbox.entra.cloud import Entra
from sandbox.entra.tokens import Asked
from sandbox.faults import Fault
from sandbox.world import BOT_APP_ID
from tests.auth.clouds import Clouds
from tests.auth.parts import FAY, FINN, KEY, Parts, whom
from tests.clock import ShiftedClock

HOUR = timedelta(minutes=60)


@pytest.fixture
def parts(clouds: Clouds, database: Database, http: ClientSession, clock: ShiftedClock) -> Parts:
    return Parts(clouds, database, http, clock)


class TestProve:
    async def test_says_who_signed_in_and_in_which_roles(self, parts: Parts) -> None:
        parts.world.entra.assign(FINN, "Invoices.Read")
        proof, nonce = await parts.proof()

        session = await parts.sessions().prove(proof, nonce=nonce, person=whom(FINN))

        assert (session.person, session.upn, session.name) == (whom(FINN), FINN.upn, FINN.name)
        assert session.app_roles == {"Invoices.Read"}
        assert b"RefreshToken" in proof.cache.encode()
        assert b"RefreshToken" not in session.tokens

    async def test_refuses_another_nonce(self, parts: Parts) -> None:
        proof, _ = await parts.proof()

        with pytest.raises(SignInRefused):
            await parts.sessions().prove(proof, nonce="another")

    async def test_refuses_another_persons_proof(self, parts: Parts) -> None:
        proof, _ = await parts.proof(FAY)

        with pytest.raises(SignInRefused):
            await parts.sessions().prove(proof, person=whom(FINN))

    @pytest.mark.parametrize("change", [{"aud": "another app"}, {"exp": 1}, {"iss": "https://evil.example"}, {"oid": "x"}, {"tid": "x"}])
    async def test_refuses_an_id_token_that_proves_nothing(self, parts: Parts, change: dict[str, Any]) -> None:
        token = parts.world.entra.minter.id_token(_asked(parts), ())
        claims = parts.world.entra.keys.verified(token, _asked(parts).client_id, parts.clock())
        forged = parts.world.entra.keys.sign(claims | change)

        with pytest.raises(SignInRefused):
            await parts.sessions().prove(Proof(forged, "{}"))


class TestConfirmed:
    async def test_asks_nobody_within_the_hour(self, parts: Parts) -> None:
        sessions = await parts.signed_in()
        before = parts.asked_for_tokens()
        parts.clock.advance(HOUR - timedelta(seconds=30))

        session = await sessions.confirmed(whom(FINN))

        assert session == await parts.kept()
        assert parts.asked_for_tokens() == before

    async def test_asks_entra_after_the_hour_and_takes_over_what_has_changed(self, parts: Parts) -> None:
        sessions = await parts.signed_in()
        parts.world.entra.assign(FINN, "Invoices.Read")
        parts.clock.advance(HOUR)

        session = await sessions.confirmed(whom(FINN))

        assert session.app_roles == {"Invoices.Read"}
        assert parts.clock() - session.confirmed < timedelta(minutes=1)
        assert session == await parts.kept()

    async def test_asks_entra_where_the_clock_was_set_back_since(self, parts: Parts) -> None:
        sessions = await parts.signed_in()
        before = parts.asked_for_tokens()
        parts.clock.advance(-HOUR)

        session = await sessions.confirmed(whom(FINN))

        assert parts.asked_for_tokens() == before + 1
        assert session == await parts.kept()

    async def test_asks_once_for_many_questions_at_the_same_time(self, parts: Parts) -> None:
        sessions = await parts.signed_in()
        before = parts.asked_for_tokens()
        parts.clock.advance(HOUR)

        await asyncio.gather(*(sessions.confirmed(whom(FINN)) for _ in range(20)))

        assert parts.asked_for_tokens() == before + 1

    async def test_goes_on_for_as_long_as_entra_agrees(self, parts: Parts) -> None:
        sessions = await parts.signed_in()

        for _ in range(3):
            parts.clock.advance(HOUR)
            await sessions.confirmed(whom(FINN))

        assert parts.clock() - (await parts.kept()).confirmed < timedelta(minutes=1)

    @pytest.mark.parametrize("stops", [Entra.revoke, Entra.disable, Entra.challenge], ids=["revoked", "disabled", "challenged"])
    async def test_ends_everywhere_when_entra_says_no_and_asks_no_second_time(
        self, parts: Parts, stops: Callable[[Entra, Any], None]
    ) -> None:
        sessions = await parts.signed_in()
        cookie = await parts.browsers.open(whom(FINN), "")
        stops(parts.world.entra, FINN)
        parts.clock.advance(HOUR)

        for _ in range(2):
            with pytest.raises(NotSignedIn):
                await sessions.confirmed(whom(FINN))

        assert parts.asked_for_tokens() == 2
        with pytest.raises(NotSignedIn):
            await parts.kept()
        with pytest.raises(NotSignedIn):
            await parts.browsers.known(cookie)

    @pytest.mark.parametrize(
        "fault",
        [
            Fault("entra", "/token", 503),
            Fault("entra", "/token", 200, body="no object"),
            Fault("entra", "/token", drop=True),
            Fault("entra", "/token", 400, body={"error": "temporarily_unavailable"}),
        ],
        ids=["503", "garbage", "hang-up", "not now"],
    )
    async def test_survives_an_entra_that_does_not_say_no(self, parts: Parts, fault: Fault) -> None:
        sessions = await parts.signed_in()
        parts.world.faults.add(fault)
        parts.clock.advance(HOUR)

        with pytest.raises(SourceDown):
            await sessions.confirmed(whom(FINN))

        assert (await sessions.confirmed(whom(FINN))).person == whom(FINN)

    async def test_survives_a_client_secret_of_ours_that_has_expired(self, parts: Parts) -> None:
        await parts.signed_in()
        parts.clock.advance(HOUR)

        with pytest.raises(SourceDown):
            await parts.sessions(registration=parts.refused_client()).confirmed(whom(FINN))

        assert (await parts.sessions().confirmed(whom(FINN))).person == whom(FINN)

    async def test_survives_a_rotation_of_entras_keys(self, parts: Parts) -> None:
        sessions = await parts.signed_in()
        parts.world.entra.keys.rotate()
        parts.world.entra.keys.withdraw_old()
        parts.clock.advance(HOUR)

        assert (await sessions.confirmed(whom(FINN))).person == whom(FINN)


class TestMeanwhile:
    """What happens to a session while Entra is being asked."""

    async def test_a_person_who_signs_out_stays_out(self, parts: Parts) -> None:
        sessions = await parts.signed_in()
        parts.clock.advance(HOUR)

        async with parts.late(lambda: sessions.leave(whom(FINN))) as late:
            with pytest.raises(NotSignedIn):
                await late.sessions().confirmed(whom(FINN))

        assert await sessions.has_left(whom(FINN))
        with pytest.raises(NotSignedIn):
            await parts.kept()

    async def test_a_person_who_is_forgotten_stays_forgotten(self, parts: Parts, sync_database: Database) -> None:
        await parts.signed_in()
        parts.clock.advance(HOUR)
        forgetting, finn = Forgetting(sync_database, parts.clock), whom(FINN)

        async with parts.late(lambda: forgetting.forget(finn.tenant, finn.id)) as late:
            with pytest.raises(NotSignedIn):
                await late.sessions().confirmed(finn)

        with pytest.raises(NotSignedIn):
            await parts.kept()

    async def test_a_person_who_signs_in_anew_keeps_the_new_session(self, parts: Parts) -> None:
        sessions = await parts.signed_in()
        parts.clock.advance(HOUR)

        async def anew() -> None:
            await sessions.leave(whom(FINN))
            parts.world.entra.assign(FINN, "Invoices.Read")
            await parts.signed_in()

        async with parts.late(anew) as late:
            session = await late.sessions().confirmed(whom(FINN))

        assert session == await parts.kept()
        assert session.app_roles == {"Invoices.Read"}

    async def test_another_process_may_confirm_the_same_session(self, parts: Parts) -> None:
        sessions = await parts.signed_in()
        parts.clock.advance(HOUR)

        async with parts.late(lambda: sessions.confirmed(whom(FINN))) as late:
            session = await late.sessions().confirmed(whom(FINN))

        assert session == await parts.kept()


class TestKeys:
    async def test_that_are_lost_end_the_session(self, parts: Parts) -> None:
        await parts.signed_in()
        parts.clock.advance(HOUR)

        with pytest.raises(NotSignedIn):
            await parts.sessions(Fernet.generate_key().decode()).confirmed(whom(FINN))
        with pytest.raises(NotSignedIn):
            await parts.kept()

    async def test_are_rotated_by_putting_a_new_one_in_front(self, parts: Parts) -> None:
        await parts.signed_in()
        new = Fernet.generate_key().decode()
        parts.clock.advance(HOUR)
        await parts.sessions(new, KEY).confirmed(whom(FINN))
        parts.clock.advance(HOUR)

        assert (await parts.sessions(new).confirmed(whom(FINN))).person == whom(FINN)


class TestLeave:
    async def test_deletes_the_tokens_and_closes_every_browser_of_the_person_alone(self, parts: Parts) -> None:
        sessions = await parts.signed_in()
        await parts.signed_in(FAY)
        mine, hers = [await parts.browsers.open(whom(each), "") for each in (FINN, FAY)]

        await sessions.leave(whom(FINN))

        assert (await parts.kept(FAY)).person == whom(FAY)
        assert (await parts.browsers.known(hers)).person == whom(FAY)
        with pytest.raises(NotSignedIn):
            await parts.kept()
        with pytest.raises(NotSignedIn):
            await parts.browsers.known(mine)


def _asked(parts: Parts) -> Asked:
    return Asked(FINN, BOT_APP_ID, "openid", parts.clock())
