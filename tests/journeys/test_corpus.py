"""The corpus at the real front door, with the whole bot behind it: as it was recorded, and spoilt further."""

import json
import logging
from datetime import timedelta
from itertools import count
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.driver import Chat, text_of
from tests.bot.activities import ADA, recorded
from tests.clock import ShiftedClock
from tests.corpus import raw
from tests.corpus.cases import FRESH, HERE, Knock, addresses, knocks, texts
from tests.corpus.mutations import spoilt_bytes, spoilt_texts, spoilt_wires
from tests.corpus.raw import Answer
from tests.journeys.speaking import moment
from tests.patience import PATIENCE_S
from tests.town import Town

pytestmark = pytest.mark.asyncio(loop_scope="module")

HUGE_BYTES: Final = 10_000
KNOCKS = knocks()
ADDRESSES = addresses()
TEXTS = [each.text for each in texts()]
ACTIVITIES = [each.wire for each in KNOCKS if each.body is None and len(each.written) < HUGE_BYTES]
BODIES = [each.written for each in KNOCKS if len(each.written) < HUGE_BYTES]
SHARED: Final = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
PROMISED: Final = frozenset({200, 202, 400, 403, 404, 412, 413, 429, 501})
"""What may become of a request that has the channel's token and says that it is JSON."""

_number = count()


async def deliver(town: Town, body: bytes, case: Knock | None = None, *, is_finn: bool = False, **claims: object) -> Answer:
    """Send a body with the channel's token, as something that comes from the town for the first time; from Finn's chat if it *is_finn*."""
    standing = {"Authorization": f"Bearer {town.world.teams.delivery.token(**claims)}", "Content-Type": "application/json"}
    told: dict[str, str | None] = {**standing, **((case.headers if case else None) or {})}
    headers = {name: each for name, each in told.items() if each is not None}
    line, is_chunked = (case.line, case.is_chunked) if case else ("", False)
    put = {HERE: town.world.teams.delivery.service_url, FRESH: f"corpus-{next(_number)}", **(finns(town) if is_finn else {})}
    for name, each in put.items():
        body = body.replace(name.encode(), each.encode())
    return await raw.knock(town.world.bot_url, line, headers, body, is_chunked=is_chunked)


def finns(town: Town) -> dict[str, str]:
    """Return what makes an activity of Ada's, who never signs in, one of Finn's."""
    at = moment(town, "finn")
    return {ADA.tenant: at.person.tenant.id, ADA.id: at.person.oid, recorded("message")["conversation"]["id"]: at.conversation.id}


async def is_well(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """Make sure that nothing failed in the background either, and that somebody who asks is answered."""
    await town.house.turns.drain(PATIENCE_S)
    assert not [caplog.handler.format(each) for each in caplog.records if each.levelno >= logging.ERROR]
    after_a_moment(town)
    nora = await town.opened("nora")
    assert text_of(await nora.ask("help")).startswith("What you can ask")


def after_a_moment(town: Town) -> None:
    """Let a while pass, so that nobody is told to write less often."""
    clock = town.world.clock
    assert isinstance(clock, ShiftedClock)
    clock.advance(timedelta(seconds=5))


class TestRecorded:
    async def test_request_gets_what_it_is_promised(self, shared_town: Town, caplog: pytest.LogCaptureFixture) -> None:
        broken: list[tuple[Knock, Answer]] = []

        for each in KNOCKS:
            answer = await deliver(shared_town, each.written, each)
            if answer.status not in each.promised or (each.inside and answer.inside != each.inside):
                broken.append((each, answer))

        assert not broken
        await is_well(shared_town, caplog)

    async def test_address_of_a_stranger_is_refused_although_the_token_names_it(self, shared_town: Town) -> None:
        for each in ADDRESSES:
            wire = Knock("", ()).wire | {"serviceUrl": each.url}
            answer = await deliver(shared_town, json.dumps(wire).encode(), serviceurl=each.url)
            assert answer.status in {400, 403}, each

    async def test_text_is_answered_once(self, shared_town: Town, finn: Chat, caplog: pytest.LogCaptureFixture) -> None:
        for text in TEXTS:
            before = len(finn.shown)
            await finn.say(text)
            await shared_town.house.turns.drain(PATIENCE_S)
            assert len(finn.shown) == before + 1, ascii(text[:80])
            after_a_moment(shared_town)

        await is_well(shared_town, caplog)


class TestSpoilt:
    @SHARED
    @given(wire=spoilt_wires(ACTIVITIES), is_finn=st.booleans())
    async def test_activity_never_makes_it_fail(
        self, shared_town: Town, finn: Chat, caplog: pytest.LogCaptureFixture, *, wire: dict[str, Any], is_finn: bool
    ) -> None:
        del finn  # is signed in
        answer = await deliver(shared_town, json.dumps(wire).encode(), is_finn=is_finn)

        assert answer.status in PROMISED
        await is_untroubled(shared_town, caplog)

    @SHARED
    @given(spoilt_bytes(BODIES))
    async def test_body_never_makes_it_fail(self, shared_town: Town, caplog: pytest.LogCaptureFixture, body: bytes) -> None:
        answer = await deliver(shared_town, body)

        assert answer.status in PROMISED
        await is_untroubled(shared_town, caplog)

    @SHARED
    @given(spoilt_texts(TEXTS))
    async def test_text_is_answered_once(self, shared_town: Town, finn: Chat, caplog: pytest.LogCaptureFixture, typed: str) -> None:
        after_a_moment(shared_town)
        before = len(finn.shown)
        await finn.say(typed)
        await is_untroubled(shared_town, caplog)

        assert len(finn.shown) == before + 1


async def is_untroubled(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """Make sure that nothing of ours called anything an error, and forget what it said."""
    await town.house.turns.drain(PATIENCE_S)
    errors = [caplog.handler.format(each) for each in caplog.records if each.levelno >= logging.ERROR]
    caplog.clear()
    assert not errors
