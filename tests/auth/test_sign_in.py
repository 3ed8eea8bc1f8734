"""The walk to Entra and back, step by step; the journeys have it whole, in browsers."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from aiohttp import ClientSession

from auth.sign_in import HOME, LIFETIME, Arrival, Departure, SignIn, own_path
from backends.postgres.audit import PostgresAudit
from backends.postgres.database import Database
from backends.postgres.sign_ins import PostgresSignIns
from billing.errors import NotSignedIn, SignInCancelled, SignInExpired, SignInRefused, SourceDown, WrongPerson
from billing.people import SignInRequest
from sandbox.faults import Fault
from tests.auth.clouds import REDIRECT, Clouds, query_of
from tests.auth.parts import FAY, FINN, Parts, whom
from tests.clock import ShiftedClock

QUESTION = {"type": "message", "text": "open invoices"}


class Walks:
    """A sign-in, and whoever walks."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        rows, clouds = parts.database, parts.clouds
        sign_ins, audit = PostgresSignIns(rows, parts.clock), PostgresAudit(rows, parts.clock)
        self.sign_in = SignIn(clouds.entra, clouds.registration, sign_ins, parts.sessions(), audit, REDIRECT, parts.clock)
        self.handed_on: list[SignInRequest] = []
        self.failures: list[Exception] = []

    async def asked(self) -> SignInRequest:
        """Ask in Finn's chat."""
        return await self.sign_in.ask(whom(FINN), "a:1", QUESTION)

    async def departed(self) -> Departure:
        """Ask, and open the link."""
        return await self.sign_in.depart_for_chat((await self.asked()).id)

    async def came_back(self, answer: Mapping[str, str], cookie: str) -> Arrival | Departure:
        """Come back."""
        return await self.sign_in.arrive(answer, cookie, self._hand_on)

    async def arrived(self, departure: Departure, answer: Mapping[str, str]) -> Arrival:
        """Come back for good."""
        arrival = await self.came_back(answer, departure.cookie)
        assert isinstance(arrival, Arrival)
        return arrival

    async def is_signed_in(self) -> bool:
        """Return whether anybody has been bound."""
        try:
            await self.parts.kept()
        except NotSignedIn:
            return False
        return True

    async def _hand_on(self, request: SignInRequest) -> None:
        if self.failures:
            raise self.failures.pop()
        self.handed_on.append(request)


@pytest.fixture
def walks(clouds: Clouds, database: Database, http: ClientSession, clock: ShiftedClock) -> Walks:
    """Return a sign-in over a real database."""
    return Walks(Parts(clouds, database, http, clock))


class TestForChat:
    async def test_binds_the_chats_own_person(self, walks: Walks) -> None:
        departure = await walks.departed()

        arrival = await walks.arrived(departure, walks.parts.clouds.comes_back(departure.address, FINN))

        assert arrival.person == whom(FINN)
        assert arrival.request is not None
        assert arrival.request.question == QUESTION
        assert walks.handed_on == [arrival.request]
        assert await walks.is_signed_in()

    async def test_keeps_its_link_where_the_question_could_not_be_handed_on(self, walks: Walks) -> None:
        request = await walks.asked()
        walks.failures.append(SourceDown(source="test"))
        first = await walks.sign_in.depart_for_chat(request.id)
        with pytest.raises(SourceDown):
            await walks.arrived(first, walks.parts.clouds.comes_back(first.address, FINN))

        second = await walks.sign_in.depart_for_chat(request.id)
        await walks.arrived(second, walks.parts.clouds.comes_back(second.address, FINN))

        assert walks.handed_on == [request]

    async def test_lets_the_person_pick_the_account(self, walks: Walks) -> None:
        assert query_of((await walks.departed()).address)["prompt"] == "select_account"

    async def test_binds_nobody_else(self, walks: Walks) -> None:
        departure = await walks.departed()

        with pytest.raises(WrongPerson):
            await walks.arrived(departure, walks.parts.clouds.comes_back(departure.address, FAY))
        assert walks.handed_on == []
        assert not await walks.is_signed_in()
        with pytest.raises(NotSignedIn):
            await walks.parts.kept(FAY)

    async def test_is_finished_once_in_however_many_browsers(self, walks: Walks) -> None:
        request = await walks.asked()
        first, second = [await walks.sign_in.depart_for_chat(request.id) for _ in range(2)]
        await walks.arrived(first, walks.parts.clouds.comes_back(first.address, FINN))

        with pytest.raises(SignInExpired):
            await walks.arrived(second, walks.parts.clouds.comes_back(second.address, FINN))

    @pytest.mark.parametrize("request_id", ["", "made up", "x" * 10_000], ids=len)
    async def test_needs_a_chat_that_asked(self, walks: Walks, request_id: str) -> None:
        with pytest.raises(SignInExpired):
            await walks.sign_in.depart_for_chat(request_id)

    async def test_needs_it_within_ten_minutes(self, walks: Walks, clock: ShiftedClock) -> None:
        request = await walks.asked()
        clock.advance(LIFETIME + timedelta(seconds=1))

        with pytest.raises(SignInExpired):
            await walks.sign_in.depart_for_chat(request.id)


class TestComingBack:
    @pytest.mark.parametrize("cookie", ["", "another", "\udcff\udcfe", "x" * 5000], ids=len)
    async def test_takes_the_cookie_of_the_departure(self, walks: Walks, cookie: str) -> None:
        departure = await walks.departed()
        answer = walks.parts.clouds.comes_back(departure.address, FINN)

        with pytest.raises(SignInRefused):
            await walks.came_back(answer, cookie)
        assert not await walks.is_signed_in()

    async def test_works_once(self, walks: Walks) -> None:
        departure = await walks.departed()
        answer = walks.parts.clouds.comes_back(departure.address, FINN)
        await walks.arrived(departure, answer)

        with pytest.raises(SignInExpired):
            await walks.arrived(departure, answer)

    async def test_is_too_late_after_ten_minutes(self, walks: Walks, clock: ShiftedClock) -> None:
        departure = await walks.departed()
        clock.advance(LIFETIME + timedelta(seconds=1))

        with pytest.raises(SignInExpired):
            await walks.arrived(departure, walks.parts.clouds.comes_back(departure.address, FINN))

    @pytest.mark.parametrize("answer", [{}, {"code": "1"}, {"state": ""}, {"state": "made up", "code": "1"}], ids=str)
    async def test_needs_a_state_of_ours(self, walks: Walks, answer: dict[str, str]) -> None:
        with pytest.raises(SignInExpired):
            await walks.came_back(answer, "cookie")

    async def test_with_a_no_binds_nobody_and_the_link_still_works(self, walks: Walks) -> None:
        request = await walks.asked()
        departure = await walks.sign_in.depart_for_chat(request.id)

        with pytest.raises(SignInCancelled):
            await walks.arrived(departure, {"state": query_of(departure.address)["state"], "error": "access_denied"})
        again = await walks.sign_in.depart_for_chat(request.id)
        await walks.arrived(again, walks.parts.clouds.comes_back(again.address, FINN))

        assert await walks.is_signed_in()

    async def test_says_so_when_entra_is_down(self, walks: Walks) -> None:
        departure = await walks.departed()
        walks.parts.world.faults.add(Fault("entra", "oauth2/v2.0/token", status=500))

        with pytest.raises(SourceDown):
            await walks.arrived(departure, walks.parts.clouds.comes_back(departure.address, FINN))
        assert not await walks.is_signed_in()


class TestForPage:
    async def test_is_silent_and_goes_on_to_the_page(self, walks: Walks) -> None:
        departure = await walks.sign_in.depart_for_page("/invoices/1")

        arrival = await walks.arrived(departure, walks.parts.clouds.comes_back(departure.address, FINN))

        assert query_of(departure.address)["prompt"] == "none"
        assert (arrival.person, arrival.request, arrival.next) == (whom(FINN), None, "/invoices/1")

    async def test_asks_the_person_where_silence_was_not_enough_and_never_in_circles(self, walks: Walks) -> None:
        silent = await walks.sign_in.depart_for_page("/invoices/1")
        refusal = {"error": "login_required"}

        aloud = await walks.came_back({**refusal, "state": query_of(silent.address)["state"]}, silent.cookie)

        assert isinstance(aloud, Departure)
        assert "prompt" not in query_of(aloud.address)
        with pytest.raises(SignInRefused):
            await walks.came_back({**refusal, "state": query_of(aloud.address)["state"]}, aloud.cookie)


class TestOwnPath:
    @pytest.mark.parametrize("path", ["/invoices", "/invoices/1/invoice.pdf", "/invoices?show=paid#x", "/"])
    def test_is_where_the_browser_goes_on(self, path: str) -> None:
        assert own_path(path) == path

    @pytest.mark.parametrize(
        "path",
        [
            "",
            "invoices",
            "https://evil.example/",
            "//evil.example/",
            "///evil.example/",
            "/\\evil.example/",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            " //evil.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "http:/evil.example",
            "/x\\..\\evil",
            "//[",
            "/\ud800",
        ],
        ids=ascii,
    )
    def test_is_never_elsewhere(self, path: str) -> None:
        assert own_path(path) == HOME
