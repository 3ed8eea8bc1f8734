"""Work 365 is down, slow, limited, or not what it was: what people see meanwhile, and what comes after."""

import asyncio
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from aiohttp import ClientSession

from backends.dataverse.limits import Limits
from billing.errors import SourceDown
from sandbox.connector.conversation import Entry
from sandbox.dataverse import Table, environment
from sandbox.demo import bill_id
from sandbox.driver import Chat, named, text_of
from sandbox.faults import Fault
from tests import town as towns
from tests.clock import ShiftedClock
from tests.patience import PATIENCE_S
from tests.town import Town

BILL = bill_id("contoso.week")
HURRIED = Limits(request_s=2, one_s=30, attempts=3, backoff_s=0.01, failures=5, rest_s=0.2)
"""As stubborn as the product, in a hundredth of the time."""

KEY = "only-work365-and-we-know-this-key"


@dataclass(frozen=True, slots=True)
class Desk:
    """A town whose time a test can move, and a finance manager who has signed in."""

    town: Town
    clock: ShiftedClock
    chat: Chat

    @property
    def invoices(self) -> Table:
        """Work 365's invoices."""
        return environment(self.town.world).table("invoices")

    def fails(self, **how: Any) -> None:
        """Let every request to Dataverse fail."""
        self.town.world.faults.add(Fault("dataverse", times=None, **how))

    def number(self, key: str) -> str:
        """Return what a demo bill is called."""
        return str(self.invoices[bill_id(key)]["invoicenumber"])

    async def details(self, key: str = "contoso.week") -> str:
        """Ask for an invoice and return all words of the answer."""
        return text_of(await self.chat.ask(f"invoice {self.number(key)}"))

    async def ready(self) -> tuple[int, dict[str, Any]]:
        """Return what /readyz says."""
        async with ClientSession() as session, session.get(f"{self.town.url}/readyz") as answer:
            return answer.status, await answer.json()

    async def sync(self) -> bool:
        """Make a pass; False where it failed."""
        try:
            await self.town.house.sync.run()
        except SourceDown:
            return False
        return True


@pytest.fixture
async def desk(database_url: str, clock: ShiftedClock) -> AsyncGenerator[Desk]:
    """Return a desk in a town where Dataverse is given up on quickly."""
    async with towns.town(database_url, clock, HURRIED, WORK365_PUSH_KEY=KEY) as town:
        yield Desk(town, clock, await town.signed_in("finn"))


class TestOutage:
    @pytest.mark.parametrize(
        "how",
        [{"status": 503, "body": {}}, {"status": 429, "headers": {"Retry-After": "120"}, "body": {}}, {"delay_s": 20.0}, {"drop": True}],
        ids=["503", "429", "slow", "reset"],
    )
    async def test_is_answered_from_the_mirror(self, desk: Desk, how: dict[str, Any]) -> None:
        desk.fails(**how)

        details = await desk.details()
        young = text_of(await desk.chat.ask("open invoices"))
        desk.clock.advance(timedelta(minutes=3))
        old = text_of(await desk.chat.ask("open invoices"))

        assert desk.number("contoso.week") in details
        assert "not read afresh" in details
        assert "Open invoices" in young
        assert "As of" not in young
        assert "As of" in old

    async def test_that_lasts_hides_everything_until_it_is_over(self, desk: Desk) -> None:
        desk.fails(status=503, body={})
        desk.clock.advance(timedelta(minutes=16))

        synced = await desk.sync()
        refused = text_of(await desk.chat.ask("open invoices"))
        status, health = await desk.ready()
        desk.town.world.faults.clear()
        await asyncio.wait_for(_closed(desk), PATIENCE_S)
        answered = text_of(await desk.chat.ask("open invoices"))

        assert not synced
        assert "has not been refreshed for too long" in refused
        assert "INV-" not in refused
        assert (status, health["ready"]) == (503, False)
        assert answered.count("INV-") == 8
        assert "As of" not in answered

    async def test_opens_the_circuit_which_closes_after_it(self, desk: Desk) -> None:
        before = await desk.ready()
        desk.fails(status=503, body={})
        await desk.details()
        await desk.details()
        during = await desk.ready()
        desk.town.world.faults.clear()
        await asyncio.wait_for(_closed(desk), PATIENCE_S)
        after = await desk.ready()

        assert [(status, health["dataverse"]) for status, health in (before, after)] == [(200, "closed")] * 2
        assert (during[0], during[1]["dataverse"] in {"open", "half_open"}) == (200, True)

    async def test_keeps_nobody_waiting_once_the_circuit_is_open(self, desk: Desk) -> None:
        desk.fails(status=503, body={})
        await desk.sync()
        asked = len(desk.town.world.asked("dataverse"))

        answers = [await desk.details() for _ in range(3)]

        assert all("not read afresh" in said for said in answers)
        assert len(desk.town.world.asked("dataverse")) - asked < 3 * HURRIED.attempts

    async def test_in_the_middle_of_a_page_loses_nothing(self, desk: Desk) -> None:
        desk.invoices.change(BILL, totalamount=Decimal(77))
        desk.town.world.faults.add(Fault("dataverse", "invoicedetails?", drop_after_handling=True, times=2))

        assert await desk.sync()
        desk.fails(drop=True)

        assert "$77.00" in await desk.details()


async def _closed(desk: Desk) -> None:
    """Wait until a pass comes through."""
    while not await desk.sync():  # noqa: ASYNC110 - a circuit rings no bell
        await asyncio.sleep(0)


class TestFreshness:
    async def test_shows_a_payment_before_the_sync_has_seen_it(self, desk: Desk) -> None:
        listed = await desk.chat.ask("open invoices")
        before = await desk.details()
        desk.invoices.change(BILL, statecode=2, statuscode=100001)

        after = await desk.details()

        assert (desk.number("contoso.week") in text_of(listed), "Pay now" in before, "Pay now" in after) == (True, True, False)
        assert "As of" not in after

    async def test_puts_right_the_list_as_well(self, desk: Desk) -> None:
        desk.invoices.change(BILL, statecode=2, statuscode=100001)

        await desk.details()

        await _listed(desk, "paid invoices")

    async def test_does_not_find_what_was_cancelled_meanwhile(self, desk: Desk) -> None:
        listed = await desk.chat.ask("open invoices")
        pressed = _details_of(listed, BILL)
        desk.invoices.change(BILL, statecode=3, statuscode=100003)

        cancelled = await _pressed(desk, listed, pressed)
        unknown = await _pressed(desk, listed, _carrying(pressed, bill_id("no such bill")))

        assert "There is no such invoice" in cancelled
        assert _plain(cancelled) == _plain(unknown)

    async def test_asks_nothing_about_another_companys_invoice(self, desk: Desk) -> None:
        listed = await desk.chat.ask("open invoices")
        theirs = next(key for key, row in desk.invoices.items() if row["_customerid_value"] != desk.invoices[BILL]["_customerid_value"])
        asked = len(desk.town.world.asked("dataverse"))

        said = await _pressed(desk, listed, _carrying(_details_of(listed, BILL), theirs))

        assert "There is no such invoice" in said
        assert len(desk.town.world.asked("dataverse")) == asked


async def _listed(desk: Desk, question: str) -> None:
    """Ask once a second until the list has the bill. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE_S):
        while desk.number("contoso.week") not in text_of(await desk.chat.ask(question)):
            desk.clock.advance(timedelta(seconds=1))


async def _pressed(desk: Desk, entry: Entry, action: dict[str, Any]) -> str:
    """Press a button and return all words that then stand in the card's place."""
    await desk.chat.press(entry, action)
    return text_of(desk.chat.current(entry))


def _plain(said: str) -> str:
    """Return an answer without its reference, which no two have in common."""
    return re.sub(r"[0-9a-f]{16}", "", said)


def _details_of(listed: Entry, bill: str) -> dict[str, Any]:
    return next(action for action in named(listed, "Details") if bill in str(action))


def _carrying(action: dict[str, Any], bill: str) -> dict[str, Any]:
    """Return the same button with another invoice in it, as a person may have written it."""
    return {**action, "data": {name: bill if value == BILL else value for name, value in action["data"].items()}}


class TestPush:
    async def test_shows_a_change_without_waiting_for_the_sync(self, desk: Desk) -> None:
        desk.invoices.change(BILL, statecode=2, statuscode=100001)

        status = await _pushed(desk, KEY)

        assert status == 202
        await _listed(desk, "paid invoices")

    async def test_knows_its_sender(self, desk: Desk) -> None:
        asked = len(desk.town.world.asked("dataverse"))

        assert await _pushed(desk, "somebody-elses-idea-of-a-good-key") == 403
        assert len(desk.town.world.asked("dataverse")) == asked


async def _pushed(desk: Desk, key: str) -> int:
    hint = {"table": "invoices", "id": BILL}
    async with (
        ClientSession(headers={"X-Work365-Key": key}) as session,
        session.post(f"{desk.town.url}/work365/changed", json=hint) as answer,
    ):
        return answer.status


class TestStrangeRows:
    async def test_are_shown_safely(self, desk: Desk) -> None:
        desk.invoices.change(BILL, duedate=None, totalamount=Decimal("-12.50"))
        await desk.sync()

        details = await desk.details()

        assert "12.50" in details
        assert "Pay now" not in details
        assert "INV-" in text_of(await desk.chat.ask("open invoices"))

    @pytest.mark.parametrize(
        "change", [{"statuscode": 805210007}, {"_transactioncurrencyid_value": None}, {"_customerid_value": None}], ids=str
    )
    async def test_are_hidden_where_nobody_knows_what_they_mean(self, desk: Desk, change: dict[str, Any]) -> None:
        desk.invoices.change(BILL, **change)
        await desk.sync()

        said = await desk.details()

        assert "There is no such invoice" in said
        assert "INV-" in text_of(await desk.chat.ask("open invoices"))


class TestSchema:
    async def test_of_another_day_is_told_to_operators_and_not_to_people(self, desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
        del desk.invoices.definition.columns["totalamount"]

        synced = [await desk.sync(), await desk.sync()]
        said = await desk.details()

        assert synced == [False, False]
        assert "not read afresh" in said
        assert "totalamount" not in said
        assert [record for record in caplog.records if "invoices.total = totalamount" in str(getattr(record, "finding", ""))]

    async def test_without_an_optional_column_switches_off_what_it_fed(self, desk: Desk) -> None:
        del desk.invoices.definition.columns["work365_invoice_paylink"]

        synced = [await desk.sync(), await desk.sync()]
        said = await desk.details()

        assert synced == [False, True]
        assert desk.number("contoso.week") in said
        assert "Pay now" not in said
