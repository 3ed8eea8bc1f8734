"""What becomes of a message: every answer of the connector, and every way in which none comes."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from aiohttp import ClientSession, web

from billing.errors import SourceDown
from bot.connector import PATIENCE_S, SURELY_NOT_ARRIVED, Connector, NotDelivered, Outcome, ServiceHosts
from tests.bot.receiver import Receiver, Reply, delivered, hung_up, refused, token
from tests.ports import free_port

REAL = ServiceHosts()
MESSAGE = {"type": "message", "text": "hello"}


async def failure(receiver: Receiver, reply: Reply) -> NotDelivered:
    """Return how one attempt ends when the receiver gives *reply*."""
    receiver.replies = [reply]
    with pytest.raises(NotDelivered) as failed:
        await receiver.connector.send_once(receiver.url, "a:1", MESSAGE)
    return failed.value


async def moved(request: web.Request) -> web.Response:
    return web.Response(status=307, headers={"Location": f"http://127.0.0.1:{free_port()}{request.path}"})


async def half_an_answer(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(status=201, headers={"Content-Length": "100"})
    await response.prepare(request)
    await response.write(b'{"id":')
    if request.transport:
        request.transport.abort()
    return response


class TestOutcome:
    @pytest.mark.parametrize(
        ("status", "code", "outcome"),
        [
            (400, "BadArgument", Outcome.REJECTED),
            (400, "MessageSizeTooBig", Outcome.TOO_BIG),
            (401, "BotNotRegistered", Outcome.UNAUTHORIZED),
            (403, "BotDisabledByAdmin", Outcome.SUSPENDED),
            (403, "BotNotInConversationRoster", Outcome.UNINSTALLED),
            (403, "ConversationBlockedByUser", Outcome.OPTED_OUT),
            (403, "MessageWritesBlocked", Outcome.OPTED_OUT),
            (403, "SomethingNew", Outcome.FORBIDDEN),
            (403, "", Outcome.FORBIDDEN),
            (403, "ForbiddenOperationException", Outcome.UNINSTALLED),
            (403, "InvalidBotApiHost", Outcome.WRONG_HOST),
            (404, "ActivityNotFoundInConversation", Outcome.GONE),
            (404, "ConversationNotFound", Outcome.GONE),
            (408, "", Outcome.UNCERTAIN),
            (412, "PreconditionFailed", Outcome.CONFLICT),
            (413, "MessageSizeTooBig", Outcome.TOO_BIG),
            (429, "Throttled", Outcome.THROTTLED),
            (500, "ServiceError", Outcome.UNCERTAIN),
            (502, "", Outcome.UNCERTAIN),
            (503, "", Outcome.UNCERTAIN),
            (504, "", Outcome.UNCERTAIN),
        ],
    )
    async def test_follows_the_answer(self, receiver: Receiver, status: int, code: str, outcome: Outcome) -> None:
        assert (await failure(receiver, refused(status, code))).outcome is outcome

    @pytest.mark.parametrize(
        "body",
        [
            {
                "errorCode": 209,
                "message": '{\r\n  "subCode": "MessageWritesBlocked",\r\n  "details": "Thread is not allowed to write"\r\n}',
            },
            {"errorCode": 209},
            {"error": {"code": "Forbidden", "message": '{"subCode":"MessageWritesBlocked","errorCode":209}'}},
        ],
    )
    async def test_is_the_persons_own_block_however_teams_says_so(self, receiver: Receiver, body: dict[str, object]) -> None:
        async def reply(_: web.Request) -> web.Response:
            return web.json_response(body, status=403)

        assert (await failure(receiver, reply)).outcome is Outcome.OPTED_OUT

    async def test_is_uncertain_when_the_answer_is_lost(self, receiver: Receiver) -> None:
        assert (await failure(receiver, hung_up)).outcome is Outcome.UNCERTAIN
        assert (await failure(receiver, half_an_answer)).outcome is Outcome.UNCERTAIN

    async def test_is_a_rejection_where_it_leads_elsewhere(self, receiver: Receiver) -> None:
        assert (await failure(receiver, moved)).outcome is Outcome.REJECTED
        assert len(receiver.asked) == 1

    async def test_is_unreached_where_nobody_listens(self) -> None:
        async with ClientSession() as http:
            nobody = f"http://127.0.0.1:{free_port()}"
            connector = Connector(http, token, ServiceHosts(sandbox=nobody))

            with pytest.raises(NotDelivered) as failed:
                await connector.send_once(f"{nobody}/", "a:1", MESSAGE)

        assert failed.value.outcome is Outcome.UNREACHED

    async def test_is_unreached_where_there_is_no_token(self, receiver: Receiver) -> None:
        async with ClientSession() as http:
            connector = Connector(http, _no_token, ServiceHosts(sandbox=receiver.url.rstrip("/")))

            with pytest.raises(NotDelivered) as failed:
                await connector.send_once(receiver.url, "a:1", MESSAGE)

        assert failed.value.outcome is Outcome.UNREACHED
        assert receiver.asked == []

    def test_allows_a_repeat_only_where_nothing_can_have_arrived(self) -> None:
        assert {Outcome.UNREACHED, Outcome.THROTTLED, Outcome.CONFLICT} == SURELY_NOT_ARRIVED


class TestRetryAfter:
    @pytest.mark.parametrize(
        ("header", "seconds"),
        [("7", 7.0), ("0", 0.0), ("-3", 0.0), ("soon", None), ("", None), ("Mon, 23 Nov 2026 14:00:00 -0000", None)],
    )
    async def test_is_read_as_seconds(self, receiver: Receiver, header: str, seconds: float | None) -> None:
        assert (await failure(receiver, refused(429, headers={"Retry-After": header}))).retry_after_s == seconds

    async def test_is_read_as_a_date(self, receiver: Receiver) -> None:
        date = format_datetime(datetime.now(UTC) + timedelta(hours=10), usegmt=True)

        failed = await failure(receiver, refused(429, headers={"Retry-After": date}))

        assert failed.retry_after_s == pytest.approx(36_000, rel=0.01)

    async def test_may_be_missing(self, receiver: Receiver) -> None:
        assert (await failure(receiver, refused(429))).retry_after_s is None


class TestSend:
    async def test_returns_the_id(self, receiver: Receiver) -> None:
        sent = await receiver.connector.send(receiver.url, "a:1", MESSAGE)

        assert sent == "1:sent"
        assert receiver.asked[0].authorization == "Bearer the-bots-token"
        assert receiver.asked[0].body == MESSAGE

    async def test_quotes_what_could_lead_elsewhere(self, receiver: Receiver) -> None:
        await receiver.connector.send(receiver.url, "../a/b?c#d%2F;messageid=1@x", MESSAGE)

        assert receiver.asked[0].path == "/v3/conversations/..%2Fa%2Fb%3Fc%23d%252F%3Bmessageid%3D1%40x/activities"

    @pytest.mark.parametrize("conversation", ["", ".", ".."])
    async def test_refuses_an_id_that_no_quoting_helps(self, receiver: Receiver, conversation: str) -> None:
        with pytest.raises(NotDelivered) as failed:
            await receiver.connector.send(receiver.url, conversation, MESSAGE)

        assert failed.value.outcome is Outcome.REJECTED
        assert receiver.asked == []

    async def test_sends_half_a_surrogate_pair_as_a_question_mark(self, receiver: Receiver) -> None:
        await receiver.connector.send(receiver.url, "a:1", {"text": "A\ud800da"})

        assert receiver.asked[0].body == {"text": "A?da"}

    async def test_waits_as_long_as_it_was_told_and_sends_again(self, receiver: Receiver) -> None:
        receiver.replies = [refused(429, headers={"Retry-After": "7"}), delivered]

        sent = await receiver.connector.send(receiver.url, "a:1", MESSAGE)

        assert sent == "1:sent"
        assert receiver.slept == [7.0]

    @pytest.mark.parametrize("status", [412, 429])
    @pytest.mark.parametrize("headers", [{}, {"Retry-After": "0"}])
    async def test_gives_up_after_half_a_minute(self, receiver: Receiver, status: int, headers: dict[str, str]) -> None:
        receiver.replies = [refused(status, headers=headers)]

        with pytest.raises(NotDelivered):
            await receiver.connector.send(receiver.url, "a:1", MESSAGE)

        assert 3 <= len(receiver.slept) <= 9
        assert sum(receiver.slept) <= PATIENCE_S
        assert all(pause > 0 for pause in receiver.slept)

    async def test_does_not_wait_longer_than_its_patience(self, receiver: Receiver) -> None:
        receiver.replies = [refused(429, headers={"Retry-After": "3600"})]

        with pytest.raises(NotDelivered) as failed:
            await receiver.connector.send(receiver.url, "a:1", MESSAGE)

        assert receiver.slept == []
        assert failed.value.retry_after_s == 3600

    @pytest.mark.parametrize("status", [None, 400, 403, 500, 502, 503, 504])
    async def test_sends_nothing_again_that_may_have_arrived(self, receiver: Receiver, status: int | None) -> None:
        receiver.replies = [refused(status) if status else hung_up]

        with pytest.raises(NotDelivered):
            await receiver.connector.send(receiver.url, "a:1", MESSAGE)

        assert len(receiver.asked) == 1


class TestRefusedToken:
    async def test_is_replaced_once(self, receiver: Receiver) -> None:
        receiver.replies = [refused(401), delivered]

        assert await receiver.connector.send_once(receiver.url, "a:1", MESSAGE) == "1:sent"
        assert [each.authorization for each in receiver.asked] == ["Bearer the-bots-token", "Bearer a-fresh-token"]

    async def test_is_the_end_where_the_fresh_one_is_refused_too(self, receiver: Receiver) -> None:
        assert (await failure(receiver, refused(401))).outcome is Outcome.UNAUTHORIZED
        assert len(receiver.asked) == 2

    async def test_is_the_end_where_there_is_no_fresh_one(self, receiver: Receiver) -> None:
        receiver.token = _no_fresh_token

        assert (await failure(receiver, refused(401))).outcome is Outcome.UNAUTHORIZED
        assert len(receiver.asked) == 1


class TestOwnMessages:
    async def test_are_replaced_and_deleted_by_their_id(self, receiver: Receiver) -> None:
        await receiver.connector.update(receiver.url, "a:1", "1:sent/x", MESSAGE)
        await receiver.connector.delete(receiver.url, "a:1", "1:sent")

        assert [(each.method, each.path) for each in receiver.asked] == [
            ("PUT", "/v3/conversations/a%3A1/activities/1%3Asent%2Fx"),
            ("DELETE", "/v3/conversations/a%3A1/activities/1%3Asent"),
        ]

    async def test_are_gone_when_the_person_has_deleted_them(self, receiver: Receiver) -> None:
        receiver.replies = [refused(404, "ActivityNotFoundInConversation")]

        with pytest.raises(NotDelivered) as failed:
            await receiver.connector.update(receiver.url, "a:1", "1:sent", MESSAGE)

        assert failed.value.outcome is Outcome.GONE


class TestServiceHosts:
    @pytest.mark.parametrize(
        "url",
        [
            "https://smba.trafficmanager.net/amer/",
            "https://smba.trafficmanager.net:443/emea/5e3c4d5a-7c1b-4f39-9a52-0d6f6f4c7e11/",
            "https://SMBA.trafficmanager.net/",
            "https://smba.infra.gov.teams.microsoft.us/gcch/",
        ],
    )
    def test_trusts_microsofts(self, url: str) -> None:
        assert REAL.trust(url)

    @pytest.mark.parametrize(
        "url",
        [
            "http://smba.trafficmanager.net/amer/",
            "https://evil.example/",
            "https://169.254.169.254/",
            "https://127.0.0.1/",
            "https://smba.trafficmanager.net.evil.example/",
            "https://evil.example/smba.trafficmanager.net/",
            "https://smba.trafficmanager.net@evil.example/",
            "https://user@smba.trafficmanager.net/",
            "https://smba.trafficmanager.net:8443/",
            "https://smba.trafficmanager.net:port/",
            "https://[smba.trafficmanager.net/",
            "//smba.trafficmanager.net/",
            "ftp://smba.trafficmanager.net/",
            "smba.trafficmanager.net",
            "",
        ],
    )
    def test_trusts_nobody_else(self, url: str) -> None:
        assert not REAL.trust(url)

    @pytest.mark.parametrize(
        "url", ["http://127.0.0.1:3979.evil.example/", "http://127.0.0.1:3979@evil.example/", "http://127.0.0.1:39791/"]
    )
    def test_trusts_the_sandbox_and_no_address_that_begins_like_it(self, url: str) -> None:
        hosts = ServiceHosts(sandbox="http://127.0.0.1:3979")

        assert hosts.trust("http://127.0.0.1:3979/connector/")
        assert not hosts.trust(url)

    async def test_keeps_the_token_from_everybody_else(self, receiver: Receiver) -> None:
        async with ClientSession() as http:
            connector = Connector(http, _no_token, REAL)

            with pytest.raises(NotDelivered) as failed:
                await connector.send(receiver.url, "a:1", MESSAGE)

        assert failed.value.outcome is Outcome.WRONG_HOST
        assert receiver.asked == []


async def _no_token(*, fresh: bool = False) -> str:
    raise SourceDown(source="entra", fresh=fresh)


async def _no_fresh_token(*, fresh: bool = False) -> str:
    return await (_no_token if fresh else token)(fresh=fresh)
