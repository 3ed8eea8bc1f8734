"""What monitoring sees of a day at the bot."""

import asyncio
from datetime import timedelta

import aiohttp
import pytest

from assembly import utc_now
from sandbox.faults import Fault
from tests import town as towns
from tests.collector import collecting, facts
from tests.town import Town

SLOW_S = 0.7


async def measured(town: Town) -> list[str]:
    await town.house.gauges.read()
    async with aiohttp.ClientSession() as http, http.get(f"{town.url}/metrics") as answer:
        return (await answer.text()).splitlines()


def value(lines: list[str], name: str) -> float:
    return float(next(line.rpartition(" ")[2] for line in lines if line.startswith(f"{name} ")))


class TestMeasured:
    async def test_shows_turns_refusals_deliveries_and_the_age_of_the_mirror(self, town: Town) -> None:
        chat = town.chat("finn")
        await chat.open()
        await chat.next()
        await chat.ask("help")
        await chat.ask("open invoices")
        async with aiohttp.ClientSession() as http:
            await http.post(f"{town.url}/api/messages", json={})

        shown = await measured(town)

        assert value(shown, 'my_invoices_turns_total{intent="help",outcome="answered"}') == 1
        assert value(shown, 'my_invoices_turns_total{intent="list",outcome="sign_in"}') == 1
        assert value(shown, 'my_invoices_door_rejections_total{status="401"}') == 1
        assert value(shown, 'my_invoices_deliveries_total{outcome="delivered"}') >= 3
        assert value(shown, 'my_invoices_dataverse_requests_total{outcome="answered"}') >= 5
        assert value(shown, 'my_invoices_dataverse_circuit{state="closed"}') == 1
        assert 0 <= value(shown, "my_invoices_sync_age_seconds") < 300
        assert value(shown, 'my_invoices_reminders{state="uncertain"}') == 0
        assert value(shown, "my_invoices_sync_findings") == 1, "one of the demo's invoices has no currency"
        assert value(shown, "my_invoices_query_seconds_count") > 0


class TestCredential:
    async def test_that_ends_is_seen_long_before(self, database_url: str) -> None:
        in_ten_days = (utc_now() + timedelta(days=10)).date()

        async with towns.town(database_url, CLIENT_SECRET_EXPIRES=in_ten_days.isoformat()) as town:
            shown = await measured(town)

        left = timedelta(seconds=value(shown, 'my_invoices_credential_expires_seconds{setting="CLIENT_SECRET_EXPIRES"}'))
        assert timedelta(days=9) - timedelta(minutes=5) < left <= timedelta(days=10)


class TestTurn:
    async def test_lasts_until_its_answer_has_been_sent(self, town: Town) -> None:
        chat = await town.opened("finn")
        town.world.faults.add(Fault("connector", "POST", delay_s=SLOW_S, times=None))

        await chat.ask("help")
        await town.house.turns.drain(5)

        assert value(await measured(town), 'my_invoices_turn_seconds_sum{intent="help"}') >= SLOW_S


class TestTraced:
    async def test_joins_what_a_turn_does_by_its_correlation_id(self, database_url: str, caplog: pytest.LogCaptureFixture) -> None:
        async with collecting() as collector:
            async with towns.town(database_url, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url) as town:
                finn = await town.signed_in("finn")
                await asyncio.gather(finn.ask("open invoices"), town.chat("nora").say("help"))

            turn = next(each for each in collector.spans if facts(each).get("intent") == "list")
            own = [each for each in collector.spans if each.parent_span_id == turn.span_id]

        assert {"query", "delivery"} <= {each.name for each in own}
        assert {facts(each)["correlation"] for each in (turn, *own)} == {facts(turn)["correlation"]}
        assert {"query", "delivery", "dataverse", "turn"} <= {each.name for each in collector.spans}
        assert "detach" not in caplog.text
