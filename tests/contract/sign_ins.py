"""The contract of SignIns. Give the fixtures ``sign_ins`` and ``clock``."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from billing.errors import NotFound
from billing.people import BrowserFlow, SignInRequest
from billing.ports import SignIns
from tests.clock import ChosenClock
from tests.make import ADA, NOW

_LIFE = timedelta(minutes=10)
_REQUEST = SignInRequest("r1", ADA, "a:1", {"text": "open \0 \ud800 invoices"}, NOW + _LIFE)
_FLOW = BrowserFlow("s1", b"\0cookie", {"code_verifier": "v"}, "r1", "/invoices/1", is_silent=True, expires=NOW + _LIFE)


class SignInsContract:
    async def test_returns_what_was_asked(self, sign_ins: SignIns) -> None:
        bare = replace(_REQUEST, id="r2", question=None)

        await sign_ins.ask(_REQUEST)
        await sign_ins.ask(bare)

        assert await sign_ins.asked("r1") == _REQUEST
        assert await sign_ins.asked("r2") == bare

    async def test_does_not_know_a_request_that_nobody_made(self, sign_ins: SignIns) -> None:
        with pytest.raises(NotFound):
            await sign_ins.asked("made up")

    async def test_lets_a_request_expire(self, sign_ins: SignIns, clock: ChosenClock) -> None:
        await sign_ins.ask(_REQUEST)
        clock.advance(_LIFE)

        with pytest.raises(NotFound):
            await sign_ins.asked("r1")
        assert not await sign_ins.finish("r1")

    async def test_finishes_a_request_once_under_parallel_calls(self, sign_ins: SignIns) -> None:
        await sign_ins.ask(_REQUEST)

        finished = await asyncio.gather(*(sign_ins.finish("r1") for _ in range(20)))

        assert sum(finished) == 1
        with pytest.raises(NotFound):
            await sign_ins.asked("r1")

    async def test_brings_a_browser_back_once_under_parallel_calls(self, sign_ins: SignIns) -> None:
        await sign_ins.leave(_FLOW)

        back = await asyncio.gather(*(sign_ins.come_back("s1") for _ in range(20)), return_exceptions=True)

        assert [each for each in back if not isinstance(each, NotFound)] == [_FLOW]

    async def test_lets_a_browser_come_too_late(self, sign_ins: SignIns, clock: ChosenClock) -> None:
        await sign_ins.leave(_FLOW)
        clock.advance(_LIFE)

        with pytest.raises(NotFound):
            await sign_ins.come_back("s1")

    async def test_keeps_a_flow_that_no_chat_asked_for(self, sign_ins: SignIns) -> None:
        from_a_page = replace(_FLOW, request=None, is_silent=False)

        await sign_ins.leave(from_a_page)

        assert await sign_ins.come_back("s1") == from_a_page
