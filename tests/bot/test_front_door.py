"""The messaging endpoint: every token and every body that should not get in, and none that makes it fail."""

import asyncio
import gzip
import hashlib
import json
from collections.abc import AsyncGenerator
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.front_door import DEEPEST, LARGEST_BYTES
from sandbox.world import BOT_APP_ID
from tests.bot.doors import Door, standing
from tests.bot.forged import REFUSED, Token, signed

pytestmark = pytest.mark.asyncio(loop_scope="module")

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KNOWN = ("from", "conversation", "recipient", "text", "value", "channelData", "entities", "timestamp", "locale", "localTimezone", "name")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def door(workers_database: str) -> AsyncGenerator[Door]:
    """Return one door for all: what is refused leaves nothing behind."""
    async with standing(workers_database) as built:
        yield built


@pytest.fixture
def message_id(request: pytest.FixtureRequest) -> str:
    """Return an id that no other test uses."""
    return hashlib.sha256(request.node.nodeid.encode()).hexdigest()


def deep(levels: int) -> dict[str, Any]:
    """Return an object that many levels deep."""
    found: dict[str, Any] = {}
    for _ in range(levels - 1):
        found = {"a": found}
    return found


class TestToken:
    @pytest.mark.parametrize(("status", "token"), [pytest.param(status, token, id=name) for name, status, token in REFUSED])
    async def test_is_refused(self, door: Door, message_id: str, status: int, token: Token) -> None:
        answer = await door.post(door.wire(id=message_id), token(door))

        assert answer.status == status
        assert await door.turns_of(message_id) == 0

    @pytest.mark.parametrize(
        "token",
        [
            pytest.param(signed(), id="as it should be"),
            pytest.param(signed(exp=-4 * 60), id="expired four minutes ago"),
            pytest.param(signed(nbf=4 * 60), id="begins in four minutes"),
            pytest.param(signed(aud=["somebody", BOT_APP_ID]), id="for us among others"),
            pytest.param(signed(nbf=None), id="has no beginning"),
        ],
    )
    async def test_is_accepted(self, door: Door, message_id: str, token: Token) -> None:
        answer = await door.post(door.wire(id=message_id), token(door))

        assert answer.status == 202
        assert await door.turns_of(message_id) == 1

    @pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic dTpw", "Negotiate x", "Bearer\u00a0x"])
    async def test_must_be_a_bearers(self, door: Door, header: str) -> None:
        answer = await door.knock(json.dumps(door.wire()).encode(), {"Authorization": header, "Content-Type": "application/json"})

        assert answer.status == 401

    async def test_must_be_there(self, door: Door) -> None:
        answer = await door.knock(json.dumps(door.wire()).encode(), {"Content-Type": "application/json"})

        assert answer.status == 401

    async def test_may_hold_bytes_that_are_no_text(self, door: Door) -> None:
        body = json.dumps(door.wire()).encode()
        head = b"POST /api/messages HTTP/1.1\r\nHost: bot\r\nContent-Type: application/json\r\nAuthorization: Bearer \xff\xfe\r\n"
        reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(door.url).port)
        writer.write(head + f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)

        status = (await reader.readline()).split()[1]
        writer.close()

        assert status in {b"400", b"401"}

    async def test_is_good_for_the_service_that_it_names_alone(self, door: Door, message_id: str) -> None:
        token = signed()(door)
        elsewhere = door.wire(id=message_id) | {"serviceUrl": "https://smba.trafficmanager.net/amer/"}

        first = await door.post(door.wire(id=message_id), token)
        second = await door.post(elsewhere, token)

        assert (first.status, second.status) == (202, 403)

    @pytest.mark.parametrize("header", ["Bearer garbage", "Basic dTpw", "Bearer e30.e30.e30", None])
    @pytest.mark.parametrize("more", [{}, {"Content-Encoding": "gzip"}, {"Content-Type": "text/plain"}], ids=["list", "gzip", "text"])
    async def test_is_asked_for_before_the_body_is_looked_at(self, door: Door, header: str | None, more: dict[str, str]) -> None:
        sent = {"Content-Type": "application/json", **({"Authorization": header} if header else {}), **more}

        answer = await door.knock(b"[]", sent)

        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"


class TestKeys:
    async def test_are_fetched_again_when_the_channel_has_a_new_one(self, workers_database: str) -> None:
        async with standing(workers_database) as door:
            door.world.teams.keys.rotate()

            answer = await door.post(door.wire(id="rotated"))

            assert answer.status == 202

    async def test_are_not_known_before_they_could_be_fetched(self, workers_database: str) -> None:
        async with standing(workers_database) as door:
            token = door.world.teams.delivery.token()
            url, door.world.base_url = door.world.base_url, "http://127.0.0.1:9"

            answer = await door.post(door.wire(id="cold") | {"serviceUrl": f"{url}/connector/"}, token)

            assert answer.status == 503


class TestServiceUrl:
    @pytest.mark.parametrize(
        "url",
        [
            "https://evil.example/",
            "http://169.254.169.254/latest/meta-data/",
            "http://127.0.0.1:1/connector/",
            "https://smba.trafficmanager.net/amer/",
            "file:///etc/passwd",
            "//evil.example/",
            "http://[::1",
            "connector",
        ],
    )
    async def test_is_refused_although_the_token_names_it_and_nothing_is_sent_there(self, door: Door, message_id: str, url: str) -> None:
        asked = len(door.world.asked("connector"))

        answer = await door.post(door.wire(id=message_id) | {"serviceUrl": url}, serviceurl=url)

        assert answer.status == 403
        assert await door.turns_of(message_id) == 0
        assert len(door.world.asked("connector")) == asked

    @pytest.mark.parametrize("channel", ["emulator", "webchat", "MSTEAMS", "msteams "])
    async def test_must_be_a_channel_that_the_key_may_speak_for(self, door: Door, message_id: str, channel: str) -> None:
        answer = await door.post(door.wire(id=message_id, channelId=channel))

        assert answer.status == 403


class TestBody:
    @pytest.mark.parametrize("name", ["type", "id", "channelId", "serviceUrl", "from", "conversation"])
    @pytest.mark.parametrize("found", ["", None, 5, [], {}, "a\0b", "a\nb", "\ud800", "\u202e", "x" * 2000], ids=ascii)
    async def test_needs_what_routes_it(self, door: Door, name: str, found: object) -> None:
        wire = door.wire()
        wire[name] = {**wire[name], "id": found} if isinstance(wire[name], dict) else found

        assert (await door.post(wire)).status == 400

    @pytest.mark.parametrize("name", ["type", "id", "channelId", "serviceUrl", "from", "conversation"])
    async def test_may_miss_none_of_it(self, door: Door, name: str) -> None:
        wire = door.wire()
        del wire[name]

        assert (await door.post(wire)).status == 400

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"[]",
            b"null",
            b"NaN",
            b"1",
            b'"text"',
            b"{",
            b'{"type":NaN}',
            b'{"a":-Infinity}',
            b"\xff\xfe{}",
            b'{"type":"\xc3\x28"}',
            '{"type":"message"}'.encode("utf-16"),
            b"\xef\xbb\xbf{}",
            b'{"a":' + b"9" * 5000 + b"}",
            b"[" * 200_000,
            b'{"a":' * 40_000,
            b"[" * 100_000 + b"]" * 100_000,
        ],
        ids=lambda body: f"{body[:12]!a}...{body[-3:]!a} {len(body)}",
    )
    async def test_must_be_a_json_object(self, door: Door, body: bytes) -> None:
        assert (await door.knock(body)).status == 400

    async def test_may_be_64_levels_deep(self, door: Door, message_id: str) -> None:
        fits = await door.post(door.wire(id=message_id, value=deep(DEEPEST - 1)))
        does_not = await door.post(door.wire(id=f"{message_id}.", value=deep(DEEPEST)))

        assert (fits.status, does_not.status) == (202, 400)

    async def test_must_have_the_types_that_are_known(self, door: Door, message_id: str) -> None:
        answer = await door.post(door.wire(id=message_id, text={"not": "a text"}))

        assert answer.status == 400
        assert await door.turns_of(message_id) == 0

    async def test_may_be_long_but_not_too_long(self, door: Door, message_id: str) -> None:
        long = await door.post(door.wire(id=message_id, text="x" * 50_000))
        too_long = await door.post(door.wire(id=f"{message_id}.", text="x" * LARGEST_BYTES))

        assert (long.status, too_long.status) == (202, 413)

    async def test_of_ten_megabytes_is_not_read(self, door: Door) -> None:
        async def chunks() -> AsyncGenerator[bytes]:
            for _ in range(160):
                yield b" " * 65536

        assert (await door.knock(BytesIO(b" " * 10_000_000))).status == 413
        assert (await door.knock(chunks())).status == 413

    async def test_is_not_unpacked(self, door: Door) -> None:
        headers = {"Authorization": f"Bearer {door.world.teams.delivery.token()}", "Content-Type": "application/json"}
        bomb = gzip.compress(b" " * 50_000_000)

        answer = await door.knock(bomb, {**headers, "Content-Encoding": "gzip"})

        assert len(bomb) < LARGEST_BYTES
        assert answer.status == 415

    @pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "", "x"])
    async def test_must_say_that_it_is_json(self, door: Door, kind: str) -> None:
        headers = {"Authorization": f"Bearer {door.world.teams.delivery.token()}", "Content-Type": kind}

        assert (await door.knock(json.dumps(door.wire()).encode(), headers)).status == 415

    async def test_may_say_how_it_is_encoded(self, door: Door, message_id: str) -> None:
        headers = {"Authorization": f"Bearer {door.world.teams.delivery.token()}", "Content-Type": "application/json; charset=utf-8"}

        assert (await door.knock(json.dumps(door.wire(id=message_id)).encode(), headers)).status == 202

    @settings(max_examples=60)
    @given(st.binary(max_size=200))
    async def test_of_any_bytes_is_refused(self, door: Door, body: bytes) -> None:
        assert (await door.knock(body)).status == 400

    @settings(max_examples=120)
    @given(st.dictionaries(st.sampled_from(KNOWN), ANYTHING, max_size=4))
    async def test_of_any_content_never_makes_it_fail(self, door: Door, changes: dict[str, Any]) -> None:
        answer = await door.post(door.wire(**changes))

        assert answer.status in {202, 400}


class TestAnswer:
    async def test_to_an_invoke_is_what_the_turn_says(self, door: Door) -> None:
        answer = await door.post(door.wire("adaptive_card_action", name="known"))

        assert answer.status == 200
        assert json.loads(answer.text) == {"statusCode": 200, "value": "J\u00fcrgen"}

    async def test_to_an_invoke_may_have_no_body(self, door: Door) -> None:
        answer = await door.post(door.wire("adaptive_card_action", name="empty"))

        assert (answer.status, answer.text) == (404, "")

    async def test_to_an_unknown_invoke_says_so(self, door: Door) -> None:
        assert (await door.post(door.wire("adaptive_card_action", name="task/fetch"))).status == 501

    async def test_to_a_late_invoke_asks_for_another_try(self, door: Door) -> None:
        assert (await door.post(door.wire("adaptive_card_action", name="takes too long"))).status == 503

    async def test_to_our_own_mistake_tells_a_reference_and_nothing_else(self, door: Door) -> None:
        answer = await door.post(door.wire("adaptive_card_action", name="fails"))

        assert answer.status == 500
        assert "Reference" in answer.text
        assert "secret" not in answer.text

    async def test_to_a_message_comes_before_the_turn_is_done(self, door: Door, message_id: str) -> None:
        answer = await door.post(door.wire(id=message_id))

        assert (answer.status, answer.text) == (202, "")
