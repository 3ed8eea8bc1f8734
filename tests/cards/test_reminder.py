"""The one message a day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from billing.access import AccountId, Company
from billing.due import Notice
from billing.invoice import Charge, Contract, ContractId, Invoice, State
from billing.reminding import Subject, Told
from cards.kit import Card
from cards.reminder import ROWS, reminder
from tests import make
from tests.cards.reading import HOSTILE, badges, button, labels, of_type, titles, values
from tests.cards.samples import LINKS, reader
from tests.make import TODAY


def told(invoice: Invoice, *notices: Notice, **more: object) -> Told:
    return Told(Subject(make.CONTOSO, invoice, **more), frozenset(notices))  # type: ignore[arg-type]


def drawn(*rows: Told, **more: object) -> Card:
    return reminder(rows, reader(), LINKS, hour=9, **more)  # type: ignore[arg-type]


class TestReminder:
    def test_says_what_is_in_it_in_a_notification_as_well(self) -> None:
        late = make.invoice("INV-1", due=TODAY - timedelta(days=2))
        card = drawn(told(late), told(make.invoice("INV-2", due=TODAY)), told(make.invoice("INV-3")))

        assert "1 overdue · 1 due today · 1 due soon" in values(card)
        assert card["fallbackText"].startswith("Invoice reminder: 1 overdue")

    def test_says_why_it_came_and_how_to_end_it(self) -> None:
        card = drawn(told(make.invoice()))

        assert any(each.startswith("You get this because you may see the invoices of Contoso Ltd") for each in values(card))
        assert titles(card)[-3:] == ["Open invoices", "Reminder settings", "Turn off reminders"]

    def test_offers_what_can_be_done(self) -> None:
        owed, paid = make.invoice("INV-1"), make.invoice("INV-2", state=State.COMPLETE, paid=TODAY)
        card = drawn(told(owed), told(paid, Notice.PAID), payable={owed.id, paid.id})

        assert titles(card)[:4] == ["Details", "Pay now", "Snooze", "Details"]
        assert button(card, "Snooze")["data"] == {"invoice": owed.id}

    @pytest.mark.parametrize(
        ("invoice", "notices", "badge"),
        [
            (make.invoice(due=TODAY - timedelta(days=1)), (), ["Overdue by 1 day"]),
            (make.invoice(due=TODAY - timedelta(days=1), charge=Charge.FAILED), (Notice.FAILED,), ["Payment failed"]),
            (make.invoice(), (Notice.ISSUED,), ["New"]),
            (make.invoice(state=State.COMPLETE, paid=TODAY), (Notice.PAID,), ["Paid"]),
            (make.invoice(), (), []),
        ],
    )
    def test_marks_what_stands_out(self, invoice: Invoice, notices: tuple[Notice, ...], badge: list[str]) -> None:
        assert badges(drawn(told(invoice, *notices))) == badge

    @pytest.mark.parametrize("due", [None, TODAY + timedelta(days=90)], ids=["none", "far"])
    def test_calls_nothing_soon_that_is_not(self, due: date | None) -> None:
        assert "1 open" in values(drawn(told(make.invoice(due=due, charge=Charge.FAILED), Notice.FAILED)))

    def test_tells_the_truth_about_money_that_is_under_way(self) -> None:
        partly = make.invoice("INV-1", state=State.PARTIAL, charged=make.money("234.50"))
        pending = make.invoice("INV-2", charge=Charge.PENDING)
        covered = told(make.invoice("INV-3", total="80"), credit=make.money("80"))
        short = told(make.invoice("INV-4", total="81"), credit=make.money("80"))
        said = "\n".join(values(drawn(told(partly), told(pending), covered, short)))

        assert "$234.50 of $1,234.50 is paid" in said
        assert "A payment is being processed" in said
        assert said.count("Your company's credit of $80.00 covers it.") == 1

    def test_adds_no_currencies_and_no_companies(self) -> None:
        euro = told(make.invoice("INV-2", total="20", currency="EUR"))
        theirs = Told(Subject(make.FABRIKAM, make.invoice("F-1", total="5")), frozenset())
        card = drawn(told(make.invoice("INV-1", total="10")), euro, theirs)

        assert "€20.00 · $10.00" in values(card)
        assert values(card).index("Contoso Ltd") < values(card).index("Fabrikam, Inc.")

    @pytest.mark.parametrize("rows", [8, 0])
    def test_is_never_too_big(self, rows: int) -> None:
        many = [told(make.invoice(f"INV-{n}" + "x" * 4000, name="y" * 4000)) for n in range(500)]
        card = drawn(*many, rows=rows)

        assert card.size_bytes < 80_000
        assert any(each.startswith(f"{500 - rows} more invoices") for each in values(card))

    @settings(max_examples=30, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])
    @given(
        companies=st.integers(1, 300),
        invoices=st.integers(1, 300),
        letters=st.integers(1, 5000),
        script=st.sampled_from(["x", "ü", "請", "\U0001f9fe", '"', "\\", "\u202e", "\n", "a b "]),
        currencies=st.integers(1, 26),
        rows=st.sampled_from([ROWS, 0]),
        locale=st.sampled_from(["en-US", "de-DE", "ar-EG", "hi-IN"]),
    )
    @example(companies=60, invoices=60, letters=100, script="x", currencies=1, rows=0, locale="en-US")
    @example(companies=1, invoices=200, letters=5000, script="\U0001f9fe", currencies=26, rows=ROWS, locale="ar-EG")
    @example(companies=300, invoices=300, letters=5000, script='"', currencies=1, rows=ROWS, locale="de-DE")
    def test_stays_small_whoever_it_is_about(
        self, companies: int, invoices: int, letters: int, script: str, currencies: int, rows: int, locale: str
    ) -> None:
        words = script * letters
        many = [
            Told(
                Subject(
                    Company(AccountId(make.guid(str(n % companies))), f"{n % companies} {words}"),
                    make.invoice(
                        f"{n} {words}",
                        name=words,
                        total="9999999999.99",
                        currency=f"X{chr(65 + n // companies % currencies)}Z",
                        due=TODAY - timedelta(days=n % 3),
                        charge=Charge.FAILED,
                        contract=Contract(ContractId(make.guid("contract")), words),
                    ),
                    credit=make.money("99999999999.99"),
                ),
                frozenset({Notice.ISSUED, Notice.FAILED}),
            )
            for n in range(invoices)
        ]
        payable = {each.subject.invoice.id for each in many}
        card = reminder(many, reader(locale), LINKS, hour=9, payable=payable, rows=rows)

        assert card.size_bytes < 80_000

    def test_counts_companies_of_which_it_shows_nothing(self) -> None:
        of = [Company(AccountId(make.guid(f"company {n}")), f"Company {n:02}") for n in range(60)]
        many = [Told(Subject(each, make.invoice(f"INV-{n}")), frozenset()) for n, each in enumerate(of)]
        card, short = drawn(*many), drawn(*many, rows=0)

        assert [each for each in values(card) if each.startswith("Company ")] == [f"Company {n:02}" for n in range(ROWS)]
        assert "52 more companies · 52 more invoices: press Open invoices." in values(card)
        assert not [each for each in values(short) if each.startswith("Company ")]
        assert "60 more companies · 60 more invoices: press Open invoices." in values(short)

    def test_keeps_companies_of_one_name_apart(self) -> None:
        twin = Company(AccountId(make.guid("twin")), make.CONTOSO.name)
        theirs = Told(Subject(twin, make.invoice("T-1", total="5")), frozenset())
        card = drawn(told(make.invoice("INV-1", total="10")), theirs)

        assert values(card).count("Contoso Ltd") == 2
        assert not any("$15.00" in each for each in values(card))

    def test_counts_the_currencies_that_it_does_not_add_up(self) -> None:
        card = drawn(*(told(make.invoice(each, total="10", currency=each)) for each in ("AUD", "CAD", "CHF", "EUR", "GBP", "USD")))

        assert any(each.endswith(" · €10.00 · 2 more currencies") for each in values(card))

    @pytest.mark.parametrize("hostile", HOSTILE)
    def test_shows_other_peoples_words_as_values_only(self, hostile: str) -> None:
        plain = labels(drawn(told(make.invoice("INV-1"))))
        card = drawn(told(replace(make.invoice("INV-1"), number=hostile, name=hostile)))

        assert labels(card) == plain
        assert not of_type(card, "Image")

    def test_shows_an_invoice_without_due_date(self) -> None:
        assert "No due date" in values(drawn(told(make.invoice(due=None), Notice.ISSUED)))

    def test_names_a_far_date_once(self) -> None:
        far = make.invoice(due=date(2027, 1, 31))

        assert "Due Jan 31, 2027" in values(drawn(told(far, Notice.ISSUED)))
