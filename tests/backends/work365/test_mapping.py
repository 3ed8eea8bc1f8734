"""A mapping is taken as a whole or refused with every mistake, and never opens what customers must not see."""

import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.dataverse.query import is_partner_only
from backends.work365.mapping import SHIPPED, TABLES, BadMapping, load, read
from billing.access import Role
from billing.invoice import Charge, State

PARTNERS = ["work365_invoiceproduct_costpriceperunit", "work365_invoiceproduct_margin", "work365_usageline_costprice", "resellermargin"]


WRONG = """
typo = 1
invoices.number = ""
invoices.total = 7
invoices.nomber = "x"
lines.product = "productname"
lines.tax = "tax; drop"
contacts = "contacts"
status.billed = [[0, "any"], [2, 100001], [1]]
charge.unknown = "maybe"
charge.failed = ["pending"]
money.missing_currency = "Dollar"
roles.model = "other"
roles.finance_manager = ["Work 365  subscription manager"]
identity.by_email = "yes"
"""


def changed(path: Path, toml: str) -> Path:
    """Write a partner's own file."""
    file = path / "ours.toml"
    file.write_text(toml)
    return file


def mistakes(path: Path, toml: str) -> list[str]:
    """Return what is wrong with a partner's own file."""
    with pytest.raises(BadMapping) as failure:
        load(changed(path, toml))
    return failure.value.wrong


class TestShipped:
    def test_is_right(self) -> None:
        mapping = load()

        assert mapping.invoices.number == "invoicenumber"
        assert mapping.web_roles is not None
        assert mapping.web_roles.contact == "adx_webrole_contact"
        assert not mapping.by_email

    def test_selects_nothing_of_the_partners(self) -> None:
        columns = [column for names in load().tables.values() for column in names.columns]

        assert columns
        assert not [column for column in columns if is_partner_only(column)]

    @pytest.mark.parametrize(
        ("statecode", "statuscode", "state", "known"),
        [
            (0, 4, State.BILLED, True),
            (2, 100002, State.PARTIAL, True),
            (2, 100001, State.COMPLETE, True),
            (0, 1, None, True),
            (0, 100001, None, True),
            (1, 4, None, True),
            (3, 4, None, True),
            (2, 4, None, False),
            (4, 4, None, False),
            (None, None, None, False),
            ("0", "4", None, False),
        ],
    )
    def test_shows_three_states_alone(self, statecode: object, statuscode: object, state: State | None, *, known: bool) -> None:
        status = load().status

        assert (status.state(statecode, statuscode), status.knows(statecode, statuscode)) == (state, known)

    @pytest.mark.parametrize(
        ("word", "charge"),
        [
            (None, Charge.NONE),
            (" ", Charge.NONE),
            ("Pending", Charge.PENDING),
            (" SUCCESS ", Charge.SUCCEEDED),
            ("Declined", Charge.FAILED),
            ("Who knows", Charge.PENDING),
            (805210001, Charge.PENDING),
        ],
    )
    def test_reads_charges(self, word: object, charge: Charge) -> None:
        assert load().charges.charge(word) is charge


class TestOverride:
    def test_changes_only_what_it_names(self, tmp_path: Path) -> None:
        toml = """
            invoices.number = "new_number"
            status.partial = [[2, 100002], [0, 805210003]]
            charge.pending = ["805210001"]
            roles.model = "enhanced"
            roles.administrator = ["Rechnungsadministrator"]
            identity.by_email = true
            money.missing_currency = "usd"
        """

        mapping = load(changed(tmp_path, toml))

        assert (mapping.invoices.number, mapping.invoices.total) == ("new_number", "totalamount")
        assert mapping.status.state(0, 805210003) is State.PARTIAL
        assert mapping.status.state(0, 4) is State.BILLED
        assert mapping.charges.charge(805210001) is Charge.PENDING
        assert mapping.web_roles is not None
        assert mapping.web_roles.contact == "powerpagecomponent_mspp_webrole_contact"
        assert mapping.role_names[Role.ADMINISTRATOR] == ("Rechnungsadministrator",)
        assert (mapping.by_email, mapping.missing_currency) == (True, "USD")

    def test_switches_optional_columns_off(self, tmp_path: Path) -> None:
        toml = 'invoices.pay_link = ""\nlines.description = []\nusage.entity_set = ""\nroles.model = "none"'

        mapping = load(changed(tmp_path, toml))

        assert mapping.invoices.pay_link is None
        assert "work365_invoice_paylink" not in mapping.invoices.columns
        assert (mapping.lines.description, mapping.usage, mapping.web_roles) == ((), None, None)

    def test_lists_every_mistake(self, tmp_path: Path) -> None:
        found = mistakes(tmp_path, WRONG)

        assert sorted(found) == sorted(
            [
                "typo: unknown key",
                "invoices.number: '' is no name of a table or column",
                "invoices.total: must be text",
                "invoices.nomber: unknown key",
                "lines.product: must be a list",
                "lines.tax: 'tax; drop' is no name of a table or column",
                "contacts: must be a table",
                *(f"contacts.{field.name}: is missing" for field in fields(TABLES["contacts"])),
                'status.billed: [1] is no [statecode, statuscode or "any"]',
                'status.billed: needs exact statuscodes: "any" is for hidden alone',
                "status.complete: [2, 100001] already means billed",
                "charge.unknown: must be one of none, pending, failed, succeeded",
                "charge.failed: 'pending' already means pending",
                "money.missing_currency: 'Dollar' is no ISO 4217 code",
                "roles.model: must be one of standard, enhanced, none",
                "roles.finance_manager: 'Work 365  subscription manager' must not open invoices",
                "identity.by_email: must be true or false",
            ]
        )

    def test_says_where_the_toml_is_broken(self, tmp_path: Path) -> None:
        (found,) = mistakes(tmp_path, "[invoices\n")

        assert found.startswith("ours.toml: ")

    def test_says_that_the_file_is_missing(self, tmp_path: Path) -> None:
        with pytest.raises(BadMapping, match=r"nowhere\.toml"):
            load(tmp_path / "nowhere.toml")


def places() -> list[tuple[str, str]]:
    """Return every place of the mapping that names a column."""
    own = {"entity_set", "logical_name"}
    found = [(section, field.name) for section, kind in TABLES.items() for field in fields(kind) if field.name not in own]
    return [*found, *(("roles", f"{model}.{key}") for model in ("standard", "enhanced") for key in ("contact", "account", "name"))]


@given(place=st.sampled_from(places()), column=st.sampled_from(PARTNERS), upper=st.booleans())
def test_no_place_takes_a_column_of_the_partner(place: tuple[str, str], column: str, *, upper: bool) -> None:
    section, path = place
    document: dict[str, Any] = tomllib.loads(SHIPPED.read_text())
    *above, key = path.split(".")
    table = document[section]
    for step in above:
        table = table[step]
    named = column.upper() if upper else column
    table[key] = [named] if isinstance(table[key], list) else named

    with pytest.raises(BadMapping, match="belongs to the partner alone"):
        read(document)
