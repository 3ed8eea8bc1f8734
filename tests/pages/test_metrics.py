"""``/metrics``: for this machine, or for the token."""

from collections.abc import Mapping
from http import HTTPStatus

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from pages.metrics import MetricsPage

LOOPBACK: Mapping[str, str] = {}
PROXY = {"X-Forwarded-For": "203.0.113.1"}


async def asked(token: str | None, headers: Mapping[str, str]) -> tuple[int, str]:
    application = web.Application()
    application.router.add_get("/metrics", MetricsPage(token, lambda: b"turns 1\n").metrics)
    async with TestClient(TestServer(application)) as client:
        answer = await client.get("/metrics", headers=headers)
        return answer.status, await answer.text()


class TestMetrics:
    @pytest.mark.parametrize("token", [None, "right"])
    async def test_are_shown_to_this_machine(self, token: str | None) -> None:
        assert await asked(token, LOOPBACK) == (HTTPStatus.OK, "turns 1\n")

    @pytest.mark.parametrize("token", [None, "right"])
    @pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded"])
    async def test_are_not_shown_to_what_a_proxy_on_this_machine_passes_on(self, token: str | None, header: str) -> None:
        assert await asked(token, {header: "203.0.113.1"}) == (HTTPStatus.UNAUTHORIZED, "")

    async def test_are_shown_to_the_token(self) -> None:
        assert await asked("right", {**PROXY, "Authorization": "Bearer right"}) == (HTTPStatus.OK, "turns 1\n")

    @pytest.mark.parametrize("given", ["", "Bearer wrong", "right", "bearer right", "Bearer ü", "Bearer \udcff"])
    async def test_are_refused_to_any_other(self, given: str) -> None:
        assert await asked("right", {**PROXY, "Authorization": given}) == (HTTPStatus.UNAUTHORIZED, "")

    async def test_are_refused_to_no_token_where_none_is_set(self) -> None:
        assert await asked(None, {**PROXY, "Authorization": "Bearer None"}) == (HTTPStatus.UNAUTHORIZED, "")
