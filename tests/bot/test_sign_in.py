"""The invokes of a sign-in get the answers that Teams understands, whatever is sent in them."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession
from botbuilder.schema import InvokeResponse

from auth.single_sign_on import SingleSignOn
from backends.postgres.audit import PostgresAudit
from backends.postgres.database import Database
from backends.postgres.exchanges import PostgresExchanges
from backends.postgres.sessions import PostgresSessions
from backends.postgres.sign_ins import PostgresSignIns
from billing.errors import SourceDown
from billing.people import SignInRequest
from bot.asker import Asker
from bot.codec import decode
from bot.sign_in import FAILURE, TOKEN_EXCHANGE, VERIFY_STATE, ChatSignIn
from bot.wire import as_object
from sandbox.faults import Fault
from sandbox.server import serving
from sandbox.world import BOT_APP_ID, World
from tests.auth.clouds import Clouds
from tests.auth.parts import FAY, FINN, Parts, whom
from tests.bot.activities import recorded
from tests.clock import ShiftedClock


class Desk:
    """Finn's sign-in, and the questions that it lets be answered."""

    def __init__(self, parts: Parts) -> None:
        database, clock = parts.database, parts.clock
        stores = PostgresExchanges(database, clock), PostgresSignIns(database, clock), PostgresAudit(database, clock)
        single_sign_on = SingleSignOn(parts.clouds.entra, parts.clouds.registration, parts.tokens, parts.sessions(), *stores)
        self.parts = parts
        self.answered: list[SignInRequest] = []
        self.failures: list[Exception] = []
        self._sign_ins = stores[1]
        self._sign_in = ChatSignIn(single_sign_on, PostgresSessions(database))

    async def ask(self, request_id: str) -> SignInRequest:
        """Let a question wait for Finn's sign-in."""
        request = SignInRequest(request_id, whom(FINN), "a:1", {"text": "open invoices"}, self.parts.clock() + timedelta(days=365))
        await self._sign_ins.ask(request)
        return request

    async def send(self, name: str, **value: Any) -> InvokeResponse:
        """Send one of the invokes as Finn."""
        sender = {**recorded("message")["from"], "aadObjectId": FINN.oid}
        tenant = {"channelData": {"tenant": {"id": FINN.tenant.id}}, "conversation": {"id": "a:1", "conversationType": "personal"}}
        asker = Asker.of(decode(recorded("message", **{"from": sender}, **tenant)))
        return await self._sign_in.answer(asker, asker.reader(self.parts.clock), name, value, self._answer)

    def token(self) -> str:
        """Return Finn's token, as Teams obtains it."""
        return self.parts.world.entra.sso_token(FINN, BOT_APP_ID)

    async def _answer(self, request: SignInRequest) -> None:
        if self.failures:
            raise self.failures.pop()
        self.answered.append(request)


@pytest.fixture
async def desk(database: Database) -> AsyncGenerator[Desk]:
    clock = ShiftedClock()
    world = World(clock)
    async with serving(world), ClientSession() as http:
        clouds = Clouds.of(world)
        yield Desk(Parts(clouds, database, http, clock))
        clouds.entra.close()


class TestTokenExchange:
    async def test_signs_in_and_lets_the_question_be_answered_once(self, desk: Desk) -> None:
        request = await desk.ask("r1")

        answers = [await desk.send(TOKEN_EXCHANGE, id="r1", connectionName="", token=desk.token()) for _ in range(2)]

        assert [(each.status, each.body) for each in answers] == [(200, None)] * 2
        assert desk.answered == [request]

    async def test_keeps_the_question_where_it_could_not_be_handed_on(self, desk: Desk) -> None:
        request = await desk.ask("r1")
        desk.failures.append(SourceDown(source="test"))

        answers = [await desk.send(TOKEN_EXCHANGE, id="r1", connectionName="", token=desk.token()) for _ in range(2)]

        assert [each.status for each in answers] == [412, 200]
        assert desk.answered == [request]

    async def test_makes_teams_show_the_button_where_consent_is_missing(self, desk: Desk) -> None:
        await desk.ask("r1")
        desk.parts.world.entra.withdraw_consent(FINN, BOT_APP_ID)

        answer = await desk.send(TOKEN_EXCHANGE, id="r1", connectionName="", token=desk.token())

        assert answer.status == 412
        assert (as_object(answer.body)["id"], as_object(answer.body)["connectionName"]) == ("r1", "")
        assert desk.answered == []

    async def test_makes_teams_show_the_button_while_entra_is_down(self, desk: Desk) -> None:
        desk.parts.world.faults.add(Fault("entra", "/token", 503))

        assert (await desk.send(TOKEN_EXCHANGE, id="r1", connectionName="", token=desk.token())).status == 412

    @pytest.mark.parametrize(
        "value",
        [
            {},
            {"id": "r1"},
            {"id": "r1", "token": ""},
            {"id": "r1", "token": "garbage"},
            {"id": "r1", "token": ["x"]},
            {"id": 7, "token": "x"},
            {"id": "x" * 201, "token": "x"},
            {"id": "\0", "token": "x"},
        ],
        ids=str,
    )
    async def test_refuses_what_is_no_token(self, desk: Desk, value: dict[str, Any]) -> None:
        assert (await desk.send(TOKEN_EXCHANGE, **value)).status == 412

    async def test_refuses_an_id_that_no_database_can_hold(self, desk: Desk) -> None:
        assert (await desk.send(TOKEN_EXCHANGE, id="a\0b\ud800", connectionName="", token=desk.token())).status == 412

    async def test_refuses_somebody_elses_token(self, desk: Desk) -> None:
        theirs = desk.parts.world.entra.sso_token(FAY, BOT_APP_ID)

        assert (await desk.send(TOKEN_EXCHANGE, id="r1", connectionName="", token=theirs)).status == 412


class TestVerifyState:
    async def test_tells_the_client_whether_its_popup_has_succeeded(self, desk: Desk) -> None:
        before = await desk.send(VERIFY_STATE, state="whatever")
        await desk.parts.signed_in()
        after = await desk.send(VERIFY_STATE, state="whatever")

        assert (before.status, after.status) == (404, 200)

    async def test_does_not_let_one_person_in_because_another_is(self, desk: Desk) -> None:
        await desk.parts.signed_in(FAY)

        assert (await desk.send(VERIFY_STATE, state="whatever")).status == 404


class TestFailure:
    async def test_is_taken_note_of_without_what_it_says(self, desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level("INFO"):
            answer = await desk.send(FAILURE, code="resourcematchfailed", message="finn@contoso.example")

        assert answer.status == 200
        assert [vars(each).get("code") for each in caplog.records if each.message == "sign_in.client_failed"] == ["resourcematchfailed"]
        assert "finn@" not in caplog.text
