"""Whether this process can answer people."""

import json
from datetime import datetime, timedelta

import pytest
from aiohttp.test_utils import make_mocked_request

from billing.access import Person
from billing.errors import SourceDown
from billing.people import Standing
from pages.health import Health
from tests.make import NOW


class Mirror:
    """The Directory port, last complete at some time."""

    def __init__(self, as_of: datetime | None, *, is_down: bool = False) -> None:
        self._as_of = as_of
        self._is_down = is_down

    async def standing(self, person: Person, email: str | None) -> Standing:
        """Know nobody. Raises SourceDown."""
        del person, email
        if self._is_down:
            raise SourceDown(source="test")
        return Standing(0, (), self._as_of)


async def writes() -> None:
    """Take what is written."""


async def takes_nothing() -> None:
    """Stand in for a database that is read-only. Raises SourceDown."""
    raise SourceDown(source="test")


async def ready(mirror: Mirror, circuit: str = "closed", keys_age: timedelta | None = None) -> tuple[int, dict[str, object]]:
    """Return status and checks."""
    health = Health(mirror, writes, timedelta(minutes=15), lambda: NOW, lambda: circuit, lambda: keys_age)
    answer = await health.ready(make_mocked_request("GET", "/readyz"))
    return answer.status, json.loads(answer.text or "")


class TestReady:
    async def test_tells_what_it_depends_on(self) -> None:
        status, told = await ready(Mirror(NOW - timedelta(seconds=40)), keys_age=timedelta(hours=1))

        assert status == 200
        assert told == {"ready": True, "database": True, "sync_age_s": 40, "dataverse": "closed", "channel_keys_age_s": 3600}

    @pytest.mark.parametrize("mirror", [Mirror(None), Mirror(NOW - timedelta(minutes=16)), Mirror(NOW, is_down=True)])
    async def test_is_not_so_without_a_young_mirror(self, mirror: Mirror) -> None:
        status, told = await ready(mirror)

        assert status == 503
        assert told["ready"] is False

    async def test_does_not_need_dataverse_while_the_mirror_is_young(self) -> None:
        status, told = await ready(Mirror(NOW), circuit="open")

        assert status == 200
        assert told["dataverse"] == "open"

    async def test_is_not_so_where_nothing_can_be_kept(self) -> None:
        health = Health(Mirror(NOW), takes_nothing, timedelta(minutes=15), lambda: NOW, lambda: "closed", lambda: None)

        answer = await health.ready(make_mocked_request("GET", "/readyz"))

        assert (answer.status, json.loads(answer.text or "")["database"]) == (503, False)


class TestLive:
    async def test_asks_nobody(self) -> None:
        health = Health(Mirror(None, is_down=True), writes, timedelta(0), lambda: NOW, lambda: "open", lambda: None)

        answer = await health.live(make_mocked_request("GET", "/livez"))

        assert answer.status == 200
        assert answer.headers["Cache-Control"] == "no-store"
