"""Questions cannot be bent, and the partner's columns cannot be asked for."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.dataverse.query import Expand, Query, both, either, has_id, has_text, is_in, is_partner_only, logical_name, since
from tests.make import guid

PARTNERS = ["cost", "Cost", "COSTPRICE", "work365_invoiceproduct_costpriceperunit", "work365_invoiceproduct_margin", "a_margin_percent"]
NAME_PARTS = st.text("abcdefghijklmnopqrstuvwxyz_0123456789", max_size=20)


class TestQuery:
    def test_is_written_as_odata(self) -> None:
        query = Query("invoices", ("invoiceid", "name"), has_text("name", "a b"), ("modifiedon", "invoiceid"))

        assert str(query) == "invoices?$select=invoiceid,name&$filter=name%20eq%20'a%20b'&$orderby=modifiedon,invoiceid"

    @pytest.mark.parametrize("column", [*PARTNERS, "_work365_partner_value", "work365_resellerterms", "buy_price"])
    def test_refuses_the_partners_columns_everywhere(self, column: str) -> None:
        with pytest.raises(ValueError, match="partner alone"):
            Query("invoices", ("name", column))
        with pytest.raises(ValueError, match="partner alone"):
            Query("invoices", ("name",), order=(column,))
        with pytest.raises(ValueError, match="partner alone"):
            Expand("invoiceid", (column,))
        with pytest.raises(ValueError, match="partner alone"):
            has_text(column, "x")

    @given(before=NAME_PARTS, word=st.sampled_from(["cost", "margin", "Margin", "COST", "mar_gin"]), after=NAME_PARTS)
    def test_refuses_them_whatever_surrounds_the_word(self, before: str, word: str, after: str) -> None:
        assert is_partner_only(f"{before}{word}{after}")

    @pytest.mark.parametrize("name", ["", "*", "name,costprice", "name&$expand=x", "name)", "a b", "näme", "name'", "$select", "a/b"])
    def test_refuses_what_is_no_name(self, name: str) -> None:
        with pytest.raises(ValueError, match="is no name"):
            Query("invoices", (name,))

    def test_refuses_to_ask_for_everything(self) -> None:
        with pytest.raises(ValueError, match="no column"):
            Query("invoices", ())


class TestFilters:
    def test_doubles_quotes(self) -> None:
        assert has_text("name", "O'Neil' or 1 eq 1") == "name eq 'O''Neil'' or 1 eq 1'"

    def test_takes_guids_in_any_spelling(self) -> None:
        assert has_id("_customerid_value", f"{{{guid('a').upper()}}}") == f"_customerid_value eq {guid('a')}"

    @pytest.mark.parametrize("row_id", ["", "1", "null", f"{guid('a')} or true"])
    def test_refuses_other_ids(self, row_id: str) -> None:
        with pytest.raises(ValueError, match="UUID"):
            has_id("invoiceid", row_id)
        with pytest.raises(ValueError, match="UUID"):
            is_in("invoiceid", [row_id])

    def test_states_instants_in_utc(self) -> None:
        noon_in_tokyo = datetime(2026, 11, 23, 12, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=9)))

        assert since("modifiedon", noon_in_tokyo) == "modifiedon ge 2026-11-23T03:00:00Z"

    def test_lists_ids_by_the_logical_name(self) -> None:
        expected = f"Microsoft.Dynamics.CRM.In(PropertyName='invoiceid',PropertyValues=['{guid('a')}'])"

        assert is_in("_invoiceid_value", [guid("a")]) == expected

    def test_joins_with_parentheses(self) -> None:
        a, b = has_text("name", "a"), since("modifiedon", datetime(2026, 1, 1, tzinfo=UTC))

        assert both(a, either(a, b)) == f"({a}) and (({a}) or ({b}))"


def test_logical_name_of_a_lookup() -> None:
    assert [logical_name(each) for each in ("_customerid_value", "name", "_odd")] == ["customerid", "name", "_odd"]
