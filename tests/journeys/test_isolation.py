"""Whatever somebody of Contoso types, presses or opens: nothing that comes back is another company's."""

import json
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from aiohttp import ClientSession
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cards.verbs import Key, Verb
from sandbox.browser import Browser
from sandbox.connector.payloads import Moment
from sandbox.demo.companies import COMPANIES
from sandbox.driver import Chat
from sandbox.people import FABRIKAM, person, stable_id
from sandbox.tree import Json
from sandbox.world import BOT_APP_ID, World
from tests.clock import ShiftedClock
from tests.patience import PATIENCE_S
from tests.town import Town
from tests.town import town as built_town

CONTOSO = stable_id("account.contoso")
OTHERS = [each.id for each in COMPANIES if each.id != CONTOSO]
TELLING = Decimal(1000)
"""From here on an amount is not likely to be two companies' own by chance; those that are do not count."""

GARBAGE = ("", "x", "../..", "' or 1=1 --", "00000000-0000-0000-0000-000000000000", "%00", "9" * 60, "{{7*7}}")


@dataclass(frozen=True, slots=True)
class Estate:
    """A town, somebody of Contoso in its chat and at a browser, and what they must never see."""

    town: Town
    chat: Chat
    browser: Browser
    http: ClientSession
    clock: ShiftedClock
    secrets: frozenset[str]

    async def send(self, activity: Json) -> str:
        """Deliver an activity as Teams does, and return everything that came of it."""
        self.clock.advance(timedelta(seconds=2))
        before = {**self.chat.client.conversation.entries}
        headers = {"Authorization": f"Bearer {self.town.world.teams.delivery.token()}"}
        async with self.http.post(self.town.world.bot_url, json=activity, headers=headers) as response:
            answer = await response.text()
        await self.town.house.turns.drain(PATIENCE_S)
        after = self.chat.client.conversation.entries
        return answer + json.dumps([each.activity for key, each in after.items() if before.get(key) != each], ensure_ascii=False)

    async def open(self, path: str) -> str:
        """Open an address and return the page."""
        return (await self.browser.open(self.town.url + path)).text

    @property
    def moment(self) -> Moment:
        """Where Finn is now."""
        delivery = self.town.world.teams.delivery
        return Moment(self.chat.person, self.chat.client.conversation, f"28:{BOT_APP_ID}", delivery.service_url, self.clock())

    def leaked(self, sent: object, shown: str) -> set[str]:
        """Return what is another company's in *shown*, and was not in what the person *sent* themselves."""
        own = str(sent)
        return {each for each in self.secrets if each in shown and each not in own}


def bills(world: World, accounts: Sequence[str]) -> list[Json]:
    """Return the bills of these accounts."""
    return [row for row in world.tables["invoices"].values() if row["_customerid_value"] in accounts]


def amounts(world: World, accounts: Sequence[str]) -> set[str]:
    """Return every amount on their bills, as an American reads it."""
    found = bills(world, accounts)
    ids = {row["invoiceid"] for row in found}
    numbers = [row[column] for row in found for column in ("totalamount", "totaltax", "work365_invoice_amountcharged")]
    lines = [row for row in world.tables["invoicedetails"].values() if row["_invoiceid_value"] in ids]
    numbers += [row[column] for row in lines for column in ("baseamount", "extendedamount")]
    return {f"{Decimal(str(each)):,.2f}" for each in numbers if each is not None and abs(Decimal(str(each))) >= TELLING}


def secrets_of_others(world: World) -> frozenset[str]:
    """Return the numbers, ids and amounts that are another company's and not Contoso's as well."""
    theirs = bills(world, OTHERS)
    names = {row["invoicenumber"] for row in theirs} | {row["invoiceid"] for row in theirs}
    return frozenset(names | (amounts(world, OTHERS) - amounts(world, [CONTOSO])))


@pytest.fixture
async def estate(database_url: str) -> AsyncGenerator[Estate]:
    clock = ShiftedClock()
    async with built_town(database_url, clock) as town, ClientSession() as http:
        chat = await town.signed_in("finn")
        await town.signed_in("fay")
        async with Browser(town.world, person("finn")) as browser:
            await browser.open(town.url + "/invoices")
            yield Estate(town, chat, browser, http, clock, secrets_of_others(town.world))


def ids() -> st.SearchStrategy[str]:
    """Draw an id: a bill's or an account's, by its place among all of them, or garbage."""
    return st.one_of(st.integers(0, 400).map(lambda place: f"#{place}"), st.sampled_from(GARBAGE), st.uuids().map(str))


def found(estate: Estate, drawn: Any) -> Any:
    """Put real ids and numbers of all companies in the place of what was drawn for them."""
    if isinstance(drawn, dict):
        return {key: found(estate, each) for key, each in drawn.items()}  # pyright: ignore[reportUnknownVariableType]
    if not isinstance(drawn, str):
        return drawn
    rows = bills(estate.town.world, [CONTOSO, *OTHERS])
    names = [*(row["invoiceid"] for row in rows), *OTHERS, *(row["invoicenumber"] for row in rows)]
    for place in range(400, -1, -1):
        drawn = drawn.replace(f"#{place}", names[place % len(names)])
    return drawn


POSITION = st.tuples(st.sampled_from(["", "2026-11-30", "2020-01-01"]), ids()).map("~".join)
CARRIED = st.dictionaries(
    st.sampled_from([each.value for each in Key]), st.one_of(ids(), POSITION, st.sampled_from(["open", "all", "paid"]))
)
FORGED = st.dictionaries(st.sampled_from(["account", "tenant", "tid", "oid", "roles", "caller", "authentication"]), ids())
SAID = st.one_of(
    st.tuples(st.sampled_from(["invoice", "pay", "usage", "print", "details", "show", "snooze"]), ids()).map(" ".join),
    st.sampled_from(["invoices", "open invoices", "paid invoices", "overdue", "balance", "who am i", "fabrikam invoices", "all companies"]),
    st.text(max_size=40),
)
QUERY = st.dictionaries(st.sampled_from(["show", "contract", "after", "before", "number", "order", "tab", "account"]), ids() | POSITION)
ADDRESS = st.tuples(ids(), st.sampled_from(["", "/invoice.pdf", "/usage.csv", "/pay", "/../.."]), QUERY)

EXAMPLES = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], derandomize=True)


class TestNothingOfAnotherCompany:
    async def test_is_there_to_be_found_in_the_first_place(self, estate: Estate) -> None:
        shown = json.dumps((await estate.town.chat("fay").ask("invoices")).activity)

        assert len(estate.secrets) > 100
        assert estate.leaked("", shown)

    @EXAMPLES
    @given(said=SAID)
    async def test_comes_of_what_is_typed(self, estate: Estate, said: str) -> None:
        text = found(estate, said)

        shown = await estate.send(estate.moment.message(estate.town.world.teams.channel.next_id(), text))

        assert not estate.leaked(text, shown)

    @EXAMPLES
    @given(verb=st.sampled_from([*Verb, "invoice.pay", "__class__"]), carried=CARRIED, forged=FORGED, is_submitted=st.booleans())
    async def test_comes_of_a_button(
        self, estate: Estate, verb: str, carried: dict[str, str], forged: dict[str, str], *, is_submitted: bool
    ) -> None:
        if verb in {Verb.SIGN_OUT, Verb.DELETE_DATA}:
            verb = Verb.LIST
        sent = found(estate, carried | forged)
        action = {"action": {"type": "Action.Execute", "verb": str(verb), "data": sent}, "trigger": "manual", **found(estate, forged)}
        next_id = estate.town.world.teams.channel.next_id()
        submitted = estate.moment.submit(next_id, "1", {**sent, "verb": str(verb)})

        shown = await estate.send(submitted if is_submitted else estate.moment.invoke("adaptiveCard/action", action))

        assert not estate.leaked(sent, shown)

    @EXAMPLES
    @given(address=ADDRESS)
    async def test_comes_of_an_address(self, estate: Estate, address: tuple[str, str, dict[str, str]]) -> None:
        invoice, suffix, query = found(estate, address[0]), address[1], found(estate, address[2])
        path = f"/invoices/{quote(invoice, safe='')}{suffix}" if invoice else "/invoices"

        shown = await estate.open(f"{path}?{urlencode(query)}")

        assert not estate.leaked((invoice, query), shown)

    @EXAMPLES
    @given(
        tenant=st.sampled_from([FABRIKAM.id, "no guid", ""]),
        oid=st.sampled_from([person("fay").oid, "no guid", ""]),
        where=st.integers(1, 7),
    )
    async def test_comes_of_an_activity_that_says_two_things(self, estate: Estate, tenant: str, oid: str, where: int) -> None:
        activity = estate.moment.message(estate.town.world.teams.channel.next_id(), "invoices")
        if where & 1:
            activity["channelData"]["tenant"]["id"] = tenant
        if where & 2:
            activity["conversation"]["tenantId"] = tenant
        if where & 4:
            activity["from"]["aadObjectId"] = oid

        assert not estate.leaked("", await estate.send(activity))
