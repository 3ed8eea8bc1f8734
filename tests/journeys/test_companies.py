"""Several companies, several tenants, several kinds of role: data follows the tenant of the chat, and never mixes."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from backends.postgres.database import Database
from sandbox.browser import Browser
from sandbox.dataverse.environment import environment
from sandbox.demo import bill_id
from sandbox.demo.companies import TAILSPIN_ROBOTICS
from sandbox.driver import Chat, actions, text_of
from sandbox.people import FABRIKAM, DemoPerson, person, stable_id
from sandbox.world import BOT_APP_ID
from tests.town import Town
from tests.town import town as built_town

BOTH = stable_id("account.tailspin"), TAILSPIN_ROBOTICS.id
"""Taro's companies."""


@pytest.fixture
def by_app_roles(tmp_path: Path) -> str:
    shipped = Path(__file__).parents[2] / "work365.toml"
    changed = tmp_path / "mapping.toml"
    changed.write_text(shipped.read_text("utf-8").replace("app_roles = false", "app_roles = true"), "utf-8")
    return str(changed)


def numbers(town: Town, account: str) -> set[str]:
    """Return the numbers of all bills of an account."""
    rows = town.world.tables["invoices"].values()
    return {row["invoicenumber"] for row in rows if row["_customerid_value"] == account}


def mentions(text: str, found: set[str]) -> set[str]:
    """Return which of the numbers stand in a text."""
    return {each for each in found if each in text}


class TestSwitch:
    async def test_shows_one_company_at_a_time_and_the_chosen_one(self, town: Town) -> None:
        bills = {each: numbers(town, each) for each in BOTH}
        chat = town.chat("taro")
        town.world.entra.give_consent(chat.person, BOT_APP_ID)
        await chat.open()
        await chat.next()

        first = text_of(await chat.ask("invoices"))
        who = await chat.ask("who am i")
        switch = next(each for each in actions(who) if each.get("verb") == "company.switch")
        outcome = await chat.press(who, switch)
        second = text_of(await chat.ask("invoices"))

        assert outcome.kind == "card"
        theirs = bills.pop(switch["data"]["company"])
        (ours,) = bills.values()
        assert (bool(mentions(first, ours)), bool(mentions(first, theirs))) == (True, False)
        assert (bool(mentions(second, ours)), bool(mentions(second, theirs))) == (False, True)

    async def test_leaves_links_to_invoices_of_the_other_company_alone(self, town: Town) -> None:
        async with Browser(town.world, person("taro")) as browser:
            pages = [await browser.open(f"{town.url}/invoices/{bill_id(key)}") for key in ("tailspin.overdue", "robotics.due")]
            foreign = await browser.open(f"{town.url}/invoices/{bill_id('contoso.partial')}")

        assert [page.status for page in (*pages, foreign)] == [200, 200, 404]
        assert [company in page.text for company, page in zip(("Tailspin Toys", "Tailspin Robotics"), pages, strict=True)] == [True, True]

    async def test_works_in_the_browser_as_well(self, town: Town) -> None:
        async with Browser(town.world, person("taro")) as browser:
            page = await browser.open(f"{town.url}/invoices")
            choice = page.text.partition('<select id="company"')[2].partition("</select>")[0]
            (other,) = re.findall(r'<option value="([^"]+)">Tailspin', choice)
            form = {"csrf": re.findall(r'name="csrf" value="([^"]+)"', page.text)[0], "company": other}
            forged = [form | {"company": stable_id("account.fabrikam")}, form | {"company": "x"}, form | {"csrf": ""}]

            refused = [(await browser.session.post(f"{town.url}/company", data=each)).status for each in forged]
            turned = await (await browser.session.post(f"{town.url}/company", data=form)).text()

        ours, theirs = (numbers(town, each) for each in sorted(BOTH, key=lambda account: account == other))
        assert refused == [404, 404, 400]
        assert (bool(mentions(page.text, ours)), bool(mentions(page.text, theirs))) == (True, False)
        assert (bool(mentions(turned, ours)), bool(mentions(turned, theirs))) == (False, True)

    async def test_is_not_needed_for_a_number_that_only_the_other_company_has(self, town: Town) -> None:
        chat = await town.signed_in("taro")
        chosen, other = (numbers(town, each) for each in BOTH)
        first = text_of(await chat.ask("invoices"))
        number = min(other if mentions(first, chosen) else chosen)

        assert number in text_of(await chat.ask(f"invoice {number}"))

    async def test_leads_to_no_company_of_others(self, town: Town, sync_database: Database) -> None:
        chat = await town.signed_in("finn")
        who = await chat.ask("who am i")
        forged = {"type": "Action.Execute", "verb": "company.switch", "data": {"company": stable_id("account.fabrikam")}}

        await chat.press(who, forged)

        assert "Not found" in text_of(chat.current(who))
        assert not mentions(text_of(await chat.ask("invoices")), numbers(town, stable_id("account.fabrikam")))
        async with sync_database.shared() as connection:
            noted = await connection.fetch("select outcome from bot.audit where what = 'refusal' and person = $1", chat.person.oid)
        assert [row[0] for row in noted] == ["NotFound"]


class TestGuest:
    async def test_sees_in_each_tenant_what_belongs_to_that_tenant(self, town: Town) -> None:
        ours, theirs = (numbers(town, stable_id(f"account.{each}")) for each in ("contoso", "fabrikam"))
        guest = DemoPerson("finn.guest", "Finn Okafor", FABRIKAM, "fabrikam", person("finn").roles)
        town.world.entra.people.append(guest)
        admit(town, guest)
        await town.house.sync.run(full=True)
        at_home = await town.signed_in("finn")
        abroad = await signed_in(town, guest)

        home, away = [text_of(await chat.ask("invoices")) for chat in (at_home, abroad)]

        assert mentions(home, ours)
        assert not mentions(home, theirs)
        assert mentions(away, theirs)
        assert not mentions(away, ours)

    async def test_without_a_contact_there_sees_nothing(self, town: Town) -> None:
        guest = replace(person("finn"), key="finn.guest", tenant=FABRIKAM)
        town.world.entra.people.append(guest)

        chat = await signed_in(town, guest)

        assert "No access yet" in text_of(await chat.ask("invoices"))


class TestNotOnBoarded:
    @pytest.mark.parametrize(
        ("key", "said"), [("walt", "connect our Microsoft Entra tenant"), ("uma", "add me to our company's contacts"), ("sami", "role")]
    )
    async def test_gets_the_next_step_and_a_text_to_forward(self, town: Town, key: str, said: str) -> None:
        chat = await town.signed_in(key)

        answer = text_of(await chat.ask("open invoices"))

        assert "No access yet" in answer
        assert said in answer
        assert chat.person.tenant.id in answer


class TestAppRoles:
    async def test_take_the_place_of_web_roles_where_the_operator_says_so(self, database_url: str, by_app_roles: str) -> None:
        async with built_town(database_url, WORK365_MAPPING=by_app_roles) as town:
            town.world.entra.assign(person("nora"), "Work 365 Administrator")

            by_app_role, by_web_role = [await town.signed_in(key) for key in ("nora", "finn")]

            assert "INV-" in text_of(await by_app_role.ask("invoices"))
            assert "No access yet" in text_of(await by_web_role.ask("invoices"))


class TestAudit:
    async def test_has_a_line_for_every_view_refusal_and_sign_in_in_chat_and_browser(self, town: Town, sync_database: Database) -> None:
        rows, fabrikam = town.world.tables["invoices"].values(), stable_id("account.fabrikam")
        own, foreign = bill_id("contoso.partial"), next(row["invoiceid"] for row in rows if row["_customerid_value"] == fabrikam)
        chat = await town.signed_in("finn")
        card = await chat.ask("open invoices")
        await chat.press(card, {"type": "Action.Execute", "verb": "invoice.details", "data": {"invoice": foreign, "show": "open"}})
        async with Browser(town.world, person("finn")) as browser:
            pages = [await browser.open(f"{town.url}/invoices/{each}") for each in (own, foreign, stable_id("nobody's invoice"))]
        async with sync_database.shared() as connection:
            noted = {tuple(row) for row in await connection.fetch("select what, outcome, invoice from bot.audit where correlation <> '-'")}

        assert [page.status for page in pages] == [200, 404, 404]
        assert {
            ("sign-in", "ok", ""),
            ("view", "ok", "open"),
            ("view", "ok", own),
            ("refusal", "NotFound", foreign),
            ("refusal", "NotFound", stable_id("nobody's invoice")),
        } <= noted
        assert pages[1].text.partition("Reference")[0] == pages[2].text.partition("Reference")[0]


def admit(town: Town, guest: DemoPerson) -> None:
    """Make the guest a contact with a role in the company that they visit."""
    tables, host = environment(town.world), person("fay")
    contact = next(row for row in town.world.tables["contacts"].values() if row["fullname"] == host.name)
    identity = next(row for row in town.world.tables["adx_externalidentities"].values() if row["adx_username"] == host.oid)
    tied = [row for row in town.world.tables["adx_webrole_contactset"].values() if row["contactid"] == contact["contactid"]]
    theirs = stable_id("contact.guest")
    tables.table("contacts").put({**contact, "contactid": theirs, "fullname": guest.name, "emailaddress1": guest.upn})
    changed = {"adx_externalidentityid": stable_id("identity.guest"), "adx_username": guest.oid, "_adx_contactid_value": theirs}
    tables.table("adx_externalidentities").put({**identity, **changed})
    for row in tied:
        key = stable_id(f"tie.guest.{row['adx_webroleid']}")
        tables.table("adx_webrole_contactset").put({**row, "adx_webrole_contactid": key, "contactid": theirs})


async def signed_in(town: Town, guest: DemoPerson) -> Chat:
    """Return the chat of somebody who is no demo person, signed in silently."""
    chat = Chat(town.world, guest)
    await chat.open()
    await chat.next()
    await chat.ask("sign in")
    return chat
