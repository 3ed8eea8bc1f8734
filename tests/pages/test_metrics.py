"""``/metrics``: for this machine, or for the token."""

from collections.abc import Mapping
from http import HTTPStatus

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from pages.metrics import MetricsPage

LOOPBACK: Mapping[str, str] = {}
TOKEN = {"Authorization": "Bearer right"}


async def asked(token: str | None, headers: Mapping[str, str]) -> tuple[int, str]:
    application = web.Application()
    application.router.add_get("/metrics", MetricsPage(token, lambda: b"turns 1\n").metrics)
    async with TestClient(TestServer(application)) as client:
        answer = await client.get("/metrics", headers=headers)
        return answer.status, await answer.text()


class TestMetrics:
    async def test_are_shown_to_this_machine_where_no_token_is_set(self) -> None:
        assert await asked(None, LOOPBACK) == (HTTPStatus.OK, "turns 1\n")

    @pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded"])
    async def test_are_not_shown_to_what_a_proxy_on_this_machine_passes_on(self, header: str) -> None:
        assert await asked(None, {header: "203.0.113.1"}) == (HTTPStatus.UNAUTHORIZED, "")

    async def test_are_shown_to_the_token(self) -> None:
        assert await asked("right", TOKEN) == (HTTPStatus.OK, "turns 1\n")

    @pytest.mark.parametrize("given", ["", "Bearer wrong", "right", "bearer right", "Bearer ü"])
    async def test_are_refused_to_anything_else_where_a_token_is_set(self, given: str) -> None:
        assert await asked("right", {"Authorization": given}) == (HTTPStatus.UNAUTHORIZED, "")
