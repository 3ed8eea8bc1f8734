"""The list: what it counts, what it offers, where its buttons lead."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from billing.invoice import Charge, Contract, ContractId, Invoice, Page, Position, Show, State, Wanted
from cards.invoice_list import CHOICES, ROWS, invoice_list
from cards.kit import Card
from cards.verbs import Place
from tests import make
from tests.cards.reading import HOSTILE, Node, badges, button, buttons, labels, of_type, titles, values
from tests.cards.samples import EMEA, LINKS, MAIN, first_page, reader
from tests.cards.test_kit import MOST_BYTES, sent

COMPANY = "Contoso Ltd"


def drawn(page: Page, *contracts: Contract, payable: bool = True) -> Card:
    """Return the list as Ada sees it."""
    pay = frozenset(each.id for each in page.invoices if payable)
    return invoice_list(replace(page, contracts=contracts), reader(), LINKS, company=COMPANY, payable=pay)


class TestHead:
    @pytest.mark.parametrize(
        ("show", "title"),
        [(Show.OPEN, "Open invoices"), (Show.PAID, "Paid invoices"), (Show.OVERDUE, "Overdue invoices"), (Show.ALL, "All invoices")],
    )
    def test_is_named_after_what_is_shown(self, show: Show, title: str) -> None:
        assert drawn(make.page(make.invoice(), show=show))["body"][0]["text"] == title

    def test_counts_all_pages_and_names_the_company(self) -> None:
        assert "Contoso Ltd · 23 invoices" in values(drawn(first_page()))

    def test_names_the_contract_that_it_is_narrowed_to(self) -> None:
        wanted = Wanted(Show.OPEN, make.TODAY, ROWS, EMEA.id)

        assert f"Contoso Ltd · {EMEA.name} · 1 invoice" in values(drawn(make.page(make.invoice(), wanted=wanted), EMEA, MAIN))

    def test_says_nothing_of_other_contracts_where_one_has_none(self) -> None:
        wanted = Wanted(Show.OPEN, make.TODAY, ROWS, EMEA.id)

        said = labels(drawn(make.page(wanted=wanted), EMEA, MAIN))

        assert "There are no such invoices for this contract." in said
        assert "Nothing to pay. Every invoice is settled." not in said

    def test_says_how_old_it_is_only_when_told(self) -> None:
        page = make.page(make.invoice())

        assert "As of 9:00\u202fAM" in values(invoice_list(page, reader(), LINKS, company=COMPANY, as_of=make.NOW))
        assert not [text for text in values(drawn(page)) if text.startswith("As of")]


class TestTotals:
    def test_shows_each_currency_and_adds_none(self) -> None:
        dollars, euros = make.invoice("INV-1", total="100"), make.invoice("INV-2", total="50", currency="EUR")

        shown = values(drawn(make.page(dollars, euros)))

        assert {"$100.00", "€50.00"} <= set(shown)
        assert not [text for text in shown if "150" in text]

    def test_names_the_overdue_part(self) -> None:
        late = make.invoice("INV-1", total="100", due=date(2026, 11, 1))

        assert "$100.00 overdue" in values(drawn(make.page(late, make.invoice("INV-2"))))

    def test_covers_the_pages_that_are_not_shown(self) -> None:
        row = make.invoice("INV-1", total="10")
        (total,) = make.totals(row, make.invoice("INV-2", total="990"))

        assert "$1,000.00" in values(drawn(make.page(row, totals=(total,))))


class TestRows:
    def test_offers_pay_now_only_where_it_makes_sense(self) -> None:
        ours, theirs = make.invoice("INV-1"), make.invoice("INV-2")

        card = invoice_list(make.page(ours, theirs), reader(), LINKS, company=COMPANY, payable={ours.id})

        assert [each["url"] for each in buttons(card) if each["title"] == "Pay now"] == [LINKS.pay(ours.id)]

    @pytest.mark.parametrize("settled", [make.invoice(state=State.COMPLETE), make.invoice(total="-5"), make.invoice(total="0")])
    def test_never_offers_to_pay_nothing(self, settled: Invoice) -> None:
        assert "Pay now" not in titles(drawn(make.page(settled)))

    def test_tells_the_buttons_of_two_rows_apart(self) -> None:
        card = drawn(make.page(make.invoice("INV-1"), make.invoice("INV-2")))

        assert [each["tooltip"] for each in buttons(card) if "tooltip" in each] == [
            "Details of INV-1",
            "Pay INV-1, opens your payment page in the browser",
            "Details of INV-2",
            "Pay INV-2, opens your payment page in the browser",
        ]

    def test_leads_back_from_the_details_to_the_same_page(self) -> None:
        at = Position("2026-11-01", make.invoice("INV-0").id)
        wanted = Wanted(Show.OPEN, make.TODAY, ROWS, MAIN.id, at)

        data = button(drawn(make.page(make.invoice(), wanted=wanted)), "Details")["data"]

        assert data["invoice"] == make.invoice().id
        assert Place.read(data) == Place.of(wanted)

    def test_judges_overdue_by_the_readers_today(self) -> None:
        invoice = make.invoice(due=date(2026, 11, 23))
        page = make.page(invoice)

        assert badges(invoice_list(page, reader(zone="Pacific/Kiritimati"), LINKS, company=COMPANY)) == ["Overdue by 1 day"]
        assert badges(invoice_list(page, reader(zone="America/New_York"), LINKS, company=COMPANY)) == []

    def test_says_that_a_payment_is_pending(self) -> None:
        assert "payment pending" in values(drawn(make.page(make.invoice(charge=Charge.PENDING))))


class TestLeafing:
    def test_goes_both_ways_from_the_middle(self) -> None:
        page = first_page()
        card = drawn(page)

        back, following = Place.read(button(card, "Back")["data"]), Place.read(button(card, "Next")["data"])

        assert (back.position, back.turn) == (page.back, "before")
        assert (following.position, following.turn) == (page.further, "after")
        assert "9–16 of 23" in values(card)

    def test_offers_no_leafing_where_one_page_is_all(self) -> None:
        assert not {"Back", "Next"} & set(titles(drawn(make.page(make.invoice()))))

    def test_keeps_show_and_contract(self) -> None:
        wanted = Wanted(Show.PAID, make.TODAY, ROWS, MAIN.id)
        invoice = make.invoice(state=State.COMPLETE)
        card = drawn(make.page(invoice, wanted=wanted, further=Position("", invoice.id)))

        assert button(card, "Next")["data"] == {"show": "paid", "contract": MAIN.id, "after": f"~{invoice.id}"}

    def test_leads_to_the_start_when_the_page_is_gone(self) -> None:
        card = drawn(make.page(totals=first_page().totals))

        assert "The list has become shorter, and this page of it is gone." in labels(card)
        assert button(card, "Open invoices")["data"] == {"show": "open"}


class TestSwitch:
    @pytest.mark.parametrize("show", Show)
    def test_offers_the_other_lists(self, show: Show) -> None:
        card = drawn(make.page(show=show))

        assert {each["data"]["show"] for each in buttons(card)} == set(Show) - {show}

    def test_stays_within_the_contract(self) -> None:
        wanted = Wanted(Show.OPEN, make.TODAY, ROWS, MAIN.id)

        assert button(drawn(make.page(wanted=wanted)), "Paid invoices")["data"] == {"show": "paid", "contract": MAIN.id}


class TestFilter:
    def filters(self, card: Card) -> list[Node]:
        return of_type(card, "Input.ChoiceSet")

    def test_appears_only_where_there_are_several_contracts(self) -> None:
        assert self.filters(drawn(make.page(), MAIN)) == []
        assert "Show" not in titles(drawn(make.page(), MAIN))

    def test_offers_each_contract_and_all_of_them(self) -> None:
        (choice,) = self.filters(drawn(make.page(), EMEA, MAIN))

        assert [each["value"] for each in choice["choices"]] == ["all", EMEA.id, MAIN.id]
        assert choice["label"] == "Contract"

    def test_sends_what_place_reads(self) -> None:
        card = drawn(make.page(), EMEA, MAIN)
        (choice,) = self.filters(card)
        data = button(card, "Show")["data"]

        assert Place.read(data | {choice["id"]: "all"}) == Place(Show.OPEN)
        assert Place.read(data | {choice["id"]: EMEA.id}) == Place(Show.OPEN, EMEA.id)

    def test_is_the_only_thing_that_sends_the_choice(self) -> None:
        card = drawn(first_page(), EMEA, MAIN)

        assert [each["title"] for each in buttons(card) if each["type"] == "Action.Execute" and "associatedInputs" not in each] == ["Show"]

    def test_keeps_the_chosen_contract_however_many_there_are(self) -> None:
        many = [Contract(ContractId(make.guid(str(n))), f"Contract {n}") for n in range(CHOICES + 20)]
        wanted = Wanted(Show.OPEN, make.TODAY, ROWS, many[-1].id)

        (choice,) = self.filters(drawn(make.page(wanted=wanted), *many))

        assert len(choice["choices"]) == CHOICES + 2
        assert choice["value"] == choice["choices"][-1]["value"] == many[-1].id


class TestEmpty:
    @pytest.mark.parametrize(
        ("show", "said", "style"),
        [
            (Show.OPEN, "Nothing to pay. Every invoice is settled.", "good"),
            (Show.OVERDUE, "Nothing is overdue.", "good"),
            (Show.PAID, "No invoice has been paid in full yet.", "emphasis"),
            (Show.ALL, "There is no invoice yet.", "emphasis"),
        ],
    )
    def test_says_so_and_calls_good_news_good(self, show: Show, said: str, style: str) -> None:
        card = drawn(make.page(show=show))

        assert said in labels(card)
        assert [box["style"] for box in of_type(card, "Container") if "style" in box] == [style]


class TestHostile:
    @pytest.mark.parametrize("hostile", HOSTILE)
    def test_changes_nothing_but_values(self, hostile: str) -> None:
        contract = Contract(ContractId(make.guid("c")), hostile)
        bad = make.invoice("INV-1", contract=contract, due=date(2026, 11, 1))
        good = replace(bad, contract=MAIN)

        attacked = invoice_list(
            make.page(replace(bad, number=hostile, name=hostile), contracts=(contract, MAIN)), reader(), LINKS, company=hostile
        )
        peaceful = invoice_list(make.page(good, contracts=(MAIN, MAIN)), reader(), LINKS, company=COMPANY)

        assert labels(attacked) == labels(peaceful)
        assert titles(attacked) == titles(peaceful)
        assert attacked["fallbackText"] == peaceful["fallbackText"]
        assert "\ud800" not in sent(attacked)

    @pytest.mark.parametrize("letter", ["x", "é", "請", "😀"])
    def test_fits_a_message_with_names_of_4_kb(self, letter: str) -> None:
        long = letter * 4096
        contracts = [Contract(ContractId(make.guid(str(n))), long) for n in range(200)]
        rows = [
            make.invoice(str(n), contract=contracts[0], due=make.TODAY - timedelta(days=n), charged=make.money(1), state=State.PARTIAL)
            for n in range(ROWS)
        ]
        page = replace(make.page(*(replace(each, number=long, name=long) for each in rows)), further=Position("", rows[0].id))

        card = invoice_list(replace(page, contracts=tuple(contracts)), reader(), LINKS, company=long, payable={each.id for each in rows})

        assert card.size_bytes < MOST_BYTES
        assert any(text.endswith("…") for text in values(card))
