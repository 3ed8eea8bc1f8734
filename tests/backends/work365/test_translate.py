"""Rows become ours exactly, or are refused; nothing is rounded, shifted or guessed."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.rows import CurrencyRow, InvoiceRow
from backends.work365.mapping import load
from backends.work365.translate import Hidden, Translator, Unreadable
from billing.invoice import Charge
from tests.make import CONTOSO, guid

USD = CurrencyRow(guid("USD"), "USD", 2)
TRANSLATE = Translator(load())


def row(**changes: Any) -> dict[str, Any]:
    """Return an invoice as Dataverse sends it."""
    made = {
        "invoiceid": guid("INV-1"),
        "invoicenumber": "INV-1",
        "_customerid_value": CONTOSO.id.upper(),
        "_transactioncurrencyid_value": USD.id,
        "statecode": 0,
        "statuscode": 4,
        "totalamount": Decimal("1234.5"),
        "modifiedon": "2026-11-23T14:00:00Z",
    }
    return made | changes


def invoice(**changes: Any) -> InvoiceRow:
    """Return it in our words."""
    found = TRANSLATE.invoice(row(**changes), {USD.id: USD})
    assert isinstance(found, InvoiceRow)
    return found


class TestInvoice:
    def test_needs_little(self) -> None:
        found = invoice()

        assert (found.account, found.total, found.charged, found.due) == (CONTOSO.id, Decimal("1234.5"), Decimal(0), None)
        assert (found.charge, found.pay_link, found.terms, found.contract) == (Charge.NONE, None, "", None)
        assert found.changed == datetime(2026, 11, 23, 14, tzinfo=UTC)

    def test_never_shifts_a_date(self) -> None:
        assert invoice(duedate="2026-11-30").due == date(2026, 11, 30)
        assert invoice(duedate="2026-11-30T00:00:00Z").due == date(2026, 11, 30)

    def test_lets_a_link_live_to_the_end_of_its_day(self) -> None:
        assert invoice(work365_invoice_paymentexpirydate="2026-11-30").pay_expires == datetime(2026, 12, 1, tzinfo=UTC)
        at_noon = invoice(work365_invoice_paymentexpirydate="2026-11-30T12:00:00+01:00").pay_expires
        assert at_noon == datetime(2026, 11, 30, 11, tzinfo=UTC)

    def test_is_known_by_its_name_where_it_has_no_number(self) -> None:
        assert invoice(invoicenumber=None, name="Setup fee").number == "Setup fee"

    def test_leaves_unknown_terms_out(self) -> None:
        assert [invoice(paymenttermscode=code).terms for code in (4, 99, None, "4")] == ["Net 60", "", "", ""]

    @pytest.mark.parametrize("currency", [None, guid("EUR")])
    def test_is_hidden_without_a_known_currency(self, currency: str | None) -> None:
        assert TRANSLATE.invoice(row(_transactioncurrencyid_value=currency), {USD.id: USD}) is Hidden.NO_CURRENCY

    @pytest.mark.parametrize(
        "changes",
        [
            {"invoiceid": None},
            {"invoiceid": "INV-1"},
            {"_customerid_value": None},
            {"totalamount": "a lot"},
            {"totalamount": True},
            {"totalamount": [1]},
            {"totalamount": "NaN"},
            {"totalamount": "Infinity"},
            {"totalamount": "1e19"},
            {"duedate": "tomorrow"},
            {"duedate": 7},
            {"modifiedon": None},
            {"modifiedon": "now"},
            {"modifiedon": "0001-01-01T00:00:00+14:00"},
            {"work365_invoice_paymentexpirydate": "9999-12-31"},
            {"_work365_invoice_billingcontract_value": "main"},
        ],
        ids=str,
    )
    def test_refuses_what_makes_no_sense(self, changes: dict[str, Any]) -> None:
        with pytest.raises(Unreadable):
            TRANSLATE.invoice(row(**changes), {USD.id: USD})

    @given(amount=st.decimals(-(10**15), 10**15, places=4) | st.integers(-(10**15), 10**15))
    def test_keeps_every_amount(self, amount: Decimal | int) -> None:
        assert invoice(totalamount=amount, totaltax=str(amount)).total == amount

    @given(value=st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.integers()) | st.dictionaries(st.text(), st.text()))
    def test_never_fails_in_another_way(self, value: object) -> None:
        for column in load().invoices.columns:
            try:
                TRANSLATE.invoice(row(**{column: value}), {USD.id: USD})
            except Unreadable:
                continue


class TestLine:
    def test_shows_the_first_product_and_all_descriptions(self) -> None:
        line = TRANSLATE.line(
            {
                "invoicedetailid": guid("line"),
                "_invoiceid_value": guid("INV-1"),
                "productname": None,
                "productdescription": "Write-in product",
                "description": "Monthly",
                "work365_invoiceproduct_line2": "1 Nov to 30 Nov",
                "quantity": Decimal("1.5"),
            }
        )

        assert (line.product, line.description) == ("Write-in product", "Monthly\n1 Nov to 30 Nov")
        assert (line.position, line.quantity, line.amount) == (0, Decimal("1.5"), Decimal(0))


class TestOthers:
    def test_ties_nothing_where_an_end_is_missing(self) -> None:
        ids = {"work365_provideraccountid": guid("tie"), "adx_externalidentityid": guid("identity"), "statecode": 0}

        assert TRANSLATE.provider_account({**ids, "work365_provideraccount_providerspecificaccountid": "x"}) is None
        assert TRANSLATE.provider_account({**ids, "_work365_provideraccount_account_value": CONTOSO.id}) is None
        assert TRANSLATE.identity({**ids, "adx_username": "x"}) is None
        assert TRANSLATE.identity({**ids, "_adx_contactid_value": guid("ada")}) is None

    @pytest.mark.parametrize(("code", "digits"), [(None, 2), (" ", 2), ("USD", None), ("USD", -1), ("USD", 11), ("USD", "2")])
    def test_refuses_half_a_currency(self, code: str | None, digits: object) -> None:
        with pytest.raises(Unreadable):
            TRANSLATE.currency({"transactioncurrencyid": USD.id, "isocurrencycode": code, "currencyprecision": digits})

    def test_reads_roles_whatever_stands_there(self) -> None:
        held = {"roles": [{"adx_name": "Work365 Finance Manager"}, {"adx_name": None}, {}], "odd": "Work365 Finance Manager"}

        assert [role.name for role in TRANSLATE.roles(held, guid("ada"), "roles")] == ["Work365 Finance Manager"]
        assert TRANSLATE.roles(held, guid("ada"), "odd") == []
        assert TRANSLATE.roles(held, guid("ada"), None) == []
