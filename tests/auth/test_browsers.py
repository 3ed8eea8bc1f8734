"""A browser is known by a cookie that cannot be guessed, chosen by others, or used after eight idle hours."""

from datetime import timedelta

import pytest

from auth.browsers import Browsers, check_form
from backends.postgres.browser_sessions import PostgresBrowserSessions
from backends.postgres.database import Database
from billing.errors import Malformed, NotSignedIn
from tests.clock import ChosenClock
from tests.make import ADA


@pytest.fixture
def clock() -> ChosenClock:
    return ChosenClock()


@pytest.fixture
def browsers(database: Database, clock: ChosenClock) -> Browsers:
    return Browsers(PostgresBrowserSessions(database), clock)


class TestOpen:
    async def test_signs_in_the_holder_of_the_new_cookie(self, browsers: Browsers) -> None:
        cookie = await browsers.open(ADA, "")

        assert (await browsers.known(cookie)).person == ADA
        assert len(cookie) >= 43

    async def test_makes_the_cookie_worthless_that_the_browser_had_before(self, browsers: Browsers) -> None:
        planted = await browsers.open(ADA, "")

        cookie = await browsers.open(ADA, planted)

        assert cookie != planted
        with pytest.raises(NotSignedIn):
            await browsers.known(planted)

    async def test_keeps_no_cookie_that_a_thief_of_the_database_could_use(self, browsers: Browsers) -> None:
        cookie = await browsers.open(ADA, "")
        session = await browsers.known(cookie)

        assert cookie.encode() not in session.id
        with pytest.raises(NotSignedIn):
            await browsers.known(session.id.hex())


class TestKnown:
    @pytest.mark.parametrize("cookie", ["", "guess", "\0", "\udc80", "x" * 10_000])
    async def test_is_no_cookie_that_nobody_was_given(self, browsers: Browsers, cookie: str) -> None:
        with pytest.raises(NotSignedIn):
            await browsers.known(cookie)

    async def test_ends_after_eight_idle_hours(self, browsers: Browsers, clock: ChosenClock) -> None:
        cookie = await browsers.open(ADA, "")
        for _ in range(3):
            clock.advance(timedelta(hours=7, minutes=59))
            await browsers.known(cookie)
        clock.advance(timedelta(hours=8))

        with pytest.raises(NotSignedIn):
            await browsers.known(cookie)


class TestCheckForm:
    async def test_lets_a_form_of_this_session_pass(self, browsers: Browsers) -> None:
        session = await browsers.known(await browsers.open(ADA, ""))

        check_form(session, session.csrf)

    async def test_refuses_a_form_from_elsewhere(self, browsers: Browsers) -> None:
        session = await browsers.known(await browsers.open(ADA, ""))
        other = await browsers.known(await browsers.open(ADA, ""))

        for token in ("", other.csrf, session.csrf[:-1], "\u00fc"):
            with pytest.raises(Malformed):
                check_form(session, token)
