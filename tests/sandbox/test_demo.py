"""Tests: the demo customers, their bills and their people are as the other tests and the guide say."""

import random
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from sandbox.dataverse import Environment, environment
from sandbox.demo import FORMULAS, HOSTILE, HOSTILE_PRODUCT, PARTNER_ONLY, bill_id, contact_id, fill
from sandbox.people import ADMINISTRATOR, PEOPLE, DemoPerson, person, stable_id
from sandbox.world import World

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
TODAY = NOW.date()
Row = dict[str, Any]


def filled(now: datetime = NOW, *, enhanced: bool = False) -> Environment:
    world = World(lambda: now)
    world.base_url = "http://127.0.0.1:4365"
    fill(world, enhanced=enhanced)
    return environment(world)


@pytest.fixture(scope="module")
def demo() -> Environment:
    return filled()


def state(row: Row) -> tuple[int, int]:
    return row["statecode"], row["statuscode"]


def open_bills(demo: Environment, company: str) -> list[Row]:
    mine = demo.table("invoices").find("_customerid_value", stable_id(f"account.{company}"))
    waiting = [row for row in mine if state(row) in {(0, 4), (2, 100002)}]
    return sorted(waiting, key=lambda row: row["duedate"] or date.max)


def roles_of(demo: Environment, contact: str, account: str) -> set[str]:
    of_contact = demo.table("adx_webrole_contactset").find("contactid", contact)
    of_account = demo.table("adx_webrole_accountset").find("accountid", account)
    return {demo.table("adx_webroles")[tie["adx_webroleid"]]["adx_name"] for tie in (*of_contact, *of_account)} - {"Authenticated Users"}


def plain(names: Iterable[str]) -> set[str]:
    return {name.replace(" ", "").lower() for name in names}


class TestPeople:
    @pytest.mark.parametrize("someone", [each for each in PEOPLE if each.account], ids=lambda each: each.key)
    def test_are_contacts_of_their_company(self, demo: Environment, someone: DemoPerson) -> None:
        contact = demo.table("contacts")[contact_id(someone.key)]
        identities = demo.table("adx_externalidentities").find("_adx_contactid_value", contact["contactid"])

        assert contact["fullname"] == someone.name
        assert contact["emailaddress1"] == someone.upn
        assert contact["statecode"] == 0
        assert contact["_parentcustomerid_value"] == stable_id(f"account.{someone.account}")
        assert [row["adx_username"] for row in identities] == [someone.oid] * someone.bound
        assert plain(roles_of(demo, contact["contactid"], contact["_parentcustomerid_value"])) == plain(someone.roles)

    @pytest.mark.parametrize("someone", [each for each in PEOPLE if not each.account], ids=lambda each: each.key)
    def test_without_a_company_are_unknown(self, demo: Environment, someone: DemoPerson) -> None:
        assert demo.table("adx_externalidentities").find("adx_username", someone.oid) == []
        assert demo.table("contacts").find("emailaddress1", someone.upn) == []

    def test_of_tailspin_can_switch_companies(self, demo: Environment) -> None:
        taro = demo.table("adx_externalidentities").find("adx_username", person("taro").oid)
        contacts = [demo.table("contacts")[row["_adx_contactid_value"]] for row in taro]
        accounts = {row["_parentcustomerid_value"] for row in contacts}

        assert accounts == {stable_id("account.tailspin"), stable_id("account.robotics")}
        assert roles_of(demo, contact_id("taro.robotics"), stable_id("account.robotics")) == {ADMINISTRATOR}
        assert demo.table("adx_webrole_contactset").find("contactid", contact_id("taro.robotics")) == []

    def test_spell_their_role_in_two_ways(self, demo: Environment) -> None:
        finn, fay = (roles_of(demo, contact_id(key), stable_id(f"account.{person(key).account}")) for key in ("finn", "fay"))

        assert (finn, fay) == ({"Work365 Finance Manager"}, {"Work 365 Finance Manager"})

    def test_include_one_who_has_left(self, demo: Environment) -> None:
        assert [row["fullname"] for row in demo.table("contacts").values() if row["statecode"]] == ["Oskar Brandt"]

    def test_have_the_same_roles_in_the_enhanced_model(self) -> None:
        enhanced = filled(enhanced=True)
        ties = enhanced.table("powerpagecomponent_mspp_webrole_contactset").find("contactid", contact_id("ada"))
        names = {enhanced.table("powerpagecomponents")[tie["powerpagecomponentid"]]["name"] for tie in ties}

        assert names == {ADMINISTRATOR, "Authenticated Users"}
        assert not enhanced.table("adx_webroles")
        assert not enhanced.table("adx_webrole_contactset")


class TestTenants:
    def test_are_bound_to_accounts_in_any_case(self, demo: Environment) -> None:
        bound = {
            row["work365_provideraccount_providerspecificaccountid"]: row["_work365_provideraccount_account_value"]
            for row in demo.table("work365_provideraccounts").values()
        }

        tailspin = demo.table("work365_provideraccounts").find(
            "work365_provideraccount_providerspecificaccountid", person("taro").tenant.id
        )
        assert bound[person("ada").tenant.id] == stable_id("account.contoso")
        assert bound[person("fay").tenant.id.upper()] == stable_id("account.fabrikam")
        assert len(tailspin) == 2
        assert stable_id("account.litware") not in bound.values()
        assert None in bound.values()


class TestBills:
    def test_are_the_same_on_every_run(self, demo: Environment) -> None:
        random.seed(1)
        again = filled()

        assert {name: dict(again[name]) for name in again} == {name: dict(demo[name]) for name in demo}

    def test_wait_for_contoso_in_a_varied_list(self, demo: Environment) -> None:
        bills = open_bills(demo, "contoso")
        days = [row["duedate"] and (row["duedate"] - TODAY).days for row in bills]
        currencies = [demo.table("transactioncurrencies")[row["_transactioncurrencyid_value"]]["isocurrencycode"] for row in bills]

        assert days == [-23, -9, -3, 0, 1, 4, 7, 9, 12, 16, 19, 23, 27, None]
        assert currencies[:8].count("EUR") == 2
        assert state(bills[1]) == (2, 100002)
        assert Decimal(0) < bills[1]["work365_invoice_amountcharged"] < bills[1]["totalamount"]
        assert [row["totalamount"] < 0 for row in bills].count(True) == 1

    @pytest.mark.parametrize(("company", "count"), [("contoso", 14), ("fabrikam", 6), ("tailspin", 3), ("robotics", 2), ("litware", 1)])
    def test_wait_for_every_company(self, demo: Environment, company: str, count: int) -> None:
        assert len(open_bills(demo, company)) == count

    def test_have_every_status(self, demo: Environment) -> None:
        states = {state(row) for row in demo.table("invoices").values()}

        assert states == {(0, 1), (0, 4), (2, 100002), (2, 100001), (3, 100003), (0, 805210007)}
        assert len(demo.table("invoices")) >= 200

    def test_include_paid_ones_that_do_not_say_what_was_charged(self, demo: Environment) -> None:
        paid = [row for row in demo.table("invoices").values() if row["statuscode"] == 100001]

        assert {row["work365_invoice_amountcharged"] is None for row in paid} == {True, False}
        assert all(row["work365_invoice_paidondate"] <= TODAY for row in paid)

    @pytest.mark.parametrize("day", [date(2026, 11, 23), date(2027, 1, 1), date(2028, 2, 29), date(2026, 3, 31)])
    def test_never_come_from_the_future(self, day: date) -> None:
        now = datetime(day.year, day.month, day.day, 0, 5, tzinfo=UTC)

        rows = filled(now).table("invoices").values()

        assert all(row["work365_invoice_billingdate"] <= day for row in rows)
        assert all(row["modifiedon"] <= now for row in rows)
        assert all(row["work365_invoice_paidondate"] is None or row["work365_invoice_paidondate"] <= day for row in rows)

    def test_add_up(self, demo: Environment) -> None:
        for row in demo.table("invoices").values():
            lines = demo.table("invoicedetails").find("_invoiceid_value", row["invoiceid"])

            assert sum(line["extendedamount"] for line in lines) == row["totalamount"]
            assert row["totallineitemamount"] + row["totaltax"] == row["totalamount"]

    def test_have_the_precision_of_their_currency(self, demo: Environment) -> None:
        def places(key: str) -> int:
            return -demo.table("invoices")[bill_id(key)]["totalamount"].normalize().as_tuple().exponent

        assert places("tailspin.overdue") <= 0
        assert places("contoso.failed") == 2
        assert places("robotics.gulf") == 3

    def test_have_up_to_twelve_lines_and_one_has_120(self, demo: Environment) -> None:
        counts = {
            row["invoiceid"]: len(demo.table("invoicedetails").find("_invoiceid_value", row["invoiceid"]))
            for row in demo.table("invoices").values()
        }

        assert counts.pop(bill_id("contoso.long")) == 120
        assert (min(counts.values()), max(counts.values())) == (1, 12)

    def test_lack_a_currency_once(self, demo: Environment) -> None:
        without = [row["invoiceid"] for row in demo.table("invoices").values() if not row["_transactioncurrencyid_value"]]

        assert without == [bill_id("fabrikam.no-currency")]


class TestPayLinks:
    def test_are_of_every_kind(self, demo: Environment) -> None:
        def link(key: str) -> str | None:
            return demo.table("invoices")[bill_id(key)]["work365_invoice_paylink"]

        assert str(link("contoso.today")).startswith("http://127.0.0.1:4365/pay/")
        assert link("contoso.no-link") is None
        assert link("fabrikam.plain-http") == "http://evil.example/pay"
        assert link("contoso.no-due-date") == "https://pay.woodgrove.example/i/7f3a"

    def test_expire(self, demo: Environment) -> None:
        invoices = demo.table("invoices")

        assert invoices[bill_id("contoso.expired")]["work365_invoice_paymentexpirydate"] == NOW - timedelta(days=2)
        assert invoices[bill_id("contoso.failed")]["work365_invoice_paymentexpirydate"] > NOW

    def test_know_how_the_last_charge_ended(self, demo: Environment) -> None:
        charges = {row["work365_invoice_lastchargestatus"] for row in demo.table("invoices").values()}

        assert charges == {None, "Pending", "Failed", "Succeeded"}

    def test_need_the_address_of_the_sandbox(self) -> None:
        with pytest.raises(ValueError, match="once the sandbox listens"):
            fill(World())


class TestText:
    def test_is_hostile_in_one_bill_alone(self, demo: Environment) -> None:
        lines = demo.table("invoicedetails").find("_invoiceid_value", bill_id("fabrikam.hostile"))

        assert set(HOSTILE) <= {line["productdescription"] for line in lines}
        assert HOSTILE_PRODUCT in {line["productname"] for line in lines}
        for line in demo.table("invoicedetails").values():
            assert line["_invoiceid_value"] == bill_id("fabrikam.hostile") or "evil" not in f"{line['productname']}{line['description']}"

    def test_of_the_partner_can_be_recognised(self, demo: Environment) -> None:
        lines, usage = demo.table("invoicedetails"), demo.table("work365_usagelines")
        secret = [
            *{str(row["work365_invoiceproduct_costpriceperunit"]) for row in lines.values()},
            *{str(row["work365_invoiceproduct_margin"]) for row in lines.values()},
            *{str(row["work365_invoiceproduct_marginpercent"]) for row in lines.values()},
            *{str(row["work365_usageline_costprice"]) for row in usage.values()},
            *{row["work365_billingcontract_resellermargin"] for row in demo.table("work365_billingcontracts").values()},
        ]

        assert [any(mark in each for each in secret) for mark in PARTNER_ONLY] == [True] * 5
        assert len(secret) == 5


class TestUsage:
    def test_belongs_to_azure_bills(self, demo: Environment) -> None:
        usage = demo.table("work365_usagelines").values()
        bills = {demo.table("invoices")[row["_work365_usageline_invoice_value"]]["name"].partition(",")[0] for row in usage}

        assert bills == {"Azure plan"}
        assert len(demo.table("work365_usagelines").find("_work365_usageline_invoice_value", bill_id("contoso.tomorrow"))) == 1500
        assert 3000 <= len(usage) <= 10_000

    def test_has_names_that_would_run_in_a_spreadsheet(self, demo: Environment) -> None:
        names = {row["work365_usageline_resource"] for row in demo.table("work365_usagelines").values()}

        assert set(FORMULAS) <= names

    def test_falls_into_the_month_before_the_bill(self, demo: Environment) -> None:
        rows = demo.table("work365_usagelines").find("_work365_usageline_invoice_value", bill_id("contoso.tomorrow"))

        assert {row["work365_usageline_usagedate"].strftime("%Y-%m") for row in rows} == {"2026-09"}
