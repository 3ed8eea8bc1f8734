"""Which words of a sentence are the numbers of invoices."""

import pytest

from billing.invoice import Show
from bot.intents import Find, Intent, List, parse
from bot.numbers import numbers
from cards.choose import Order
from cards.verbs import Place


def wider(show: Show) -> Intent:
    return List(Place(show), is_wider=True)


class TestNumbers:
    @pytest.mark.parametrize(
        ("typed", "found"),
        [
            ("invoice inv-1", ["inv-1"]),
            ("pay 10421", ["10421"]),
            ("inv 10421", ["inv-10421"]),
            ("invoice 2026", ["2026"]),
            ("show invoice 2026", ["2026"]),
            ("paid invoice 2026", ["2026"]),
            ("2026", ["2026"]),
            ("details 1000", ["1000"]),
            ("invoices 10420 10424", ["10420", "10424"]),
            ("rechnung 2026", ["2026"]),
            ("invoices 2026", []),
            ("2026 invoices", []),
            ("show 2026 invoices", []),
            ("invoices over 1000", []),
            ("over 1000 euro", []),
            ("invoices older than 1000 days", []),
        ],
    )
    def test_are_told_from_years_and_amounts(self, typed: str, found: list[str]) -> None:
        assert numbers(typed.split()) == found


class TestNarrowing:
    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("invoices 2026", wider(Show.ALL)),
            ("invoices of October 2026", wider(Show.ALL)),
            ("invoices from last month", wider(Show.ALL)),
            ("invoices over 1000", wider(Show.ALL)),
            ("invoices above 1,000 euro", wider(Show.ALL)),
            ("invoices above 1,000.50", wider(Show.ALL)),
            ("invoices between 1000 and 1500", wider(Show.ALL)),
            ("Rechnungen zwischen 1.000,50 und 1.500,75", wider(Show.ALL)),
            ("pay \u0661\u0660\u0664\u0662\u0661", Find("10421", order=Order.PAY)),
            ("pay invoice no. 10421", Find("10421", order=Order.PAY)),
            ("invoices between 1000 and 2000", wider(Show.ALL)),
            ("all bills of more than 5000", wider(Show.ALL)),
            ("paid 2026", wider(Show.PAID)),
            ("open invoices over 1000", wider(Show.OPEN)),
            ("overdue more than 1000 days", wider(Show.OVERDUE)),
            ("not paid in 2026", wider(Show.OPEN)),
            ("Rechnungen im Oktober", wider(Show.ALL)),
            ("Rechnungen 2026", wider(Show.ALL)),
            ("Rechnungen über 1000 Euro", wider(Show.ALL)),
            ("bezahlt 2026", wider(Show.PAID)),
            ("Rechnungen vom letzten Monat", wider(Show.ALL)),
            ("offene Rechnungen von mehr als 1.000", wider(Show.OPEN)),
            ("pay 10421", Find("10421", order=Order.PAY)),
        ],
        ids=str,
    )
    def test_shows_the_list_and_says_that_it_is_wider(self, typed: str, meant: Intent) -> None:
        assert parse(typed) == meant
