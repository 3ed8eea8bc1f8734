"""What people type in English about one invoice, or about several."""

import pytest

from billing.due import Until
from billing.invoice import Show
from billing.silence import For
from bot.intents import Find, Intent, List, Numberless, Unknown, parse
from bot.reminder_intents import SnoozeNumber, Wake
from cards.choose import Order
from cards.verbs import Place


class TestLists:
    @pytest.mark.parametrize("typed", ["paid invoices in October", "paid invoices since last week", "what was paid this month, in euro?"])
    def test_are_wider_than_what_was_narrowed_by_date_or_currency(self, typed: str) -> None:
        assert parse(typed) == List(Place(Show.PAID), is_wider=True)
        assert parse("paid invoices, please") == List(Place(Show.PAID))


class TestOrders:
    @pytest.mark.parametrize(
        ("typed", "order"),
        [
            ("pay", "pay"),
            ("details", "details"),
            ("usage?", "usage"),
            ("print", "print"),
            ("invoice", "invoice"),
            ("pay my invoice please", "pay invoice"),
            ("snooze", "snooze"),
            ("snooze it for 3 days", "snooze"),
            ("unsnooze", "unsnooze"),
        ],
    )
    def test_misses_the_number_of_an_order_about_one_invoice(self, typed: str, order: str) -> None:
        assert parse(typed) == Numberless(order)
        assert not isinstance(parse(f"{order} 10421"), Unknown | Numberless)

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("invoice 10420 10424", Find("10420", ("10424",))),
            ("pay INV-10420 and INV-10424, please", Find("inv-10420", ("inv-10424",), order=Order.PAY)),
            ("snooze 10420, 10424", Find("10420", ("10424",), order=Order.SNOOZE)),
            ("invoice 10420, I said 10420", Find("10420")),
            ("pay 10420 by 30.11.2026", Find("10420", order=Order.PAY)),
            ("invoice 10420 of 2026", Find("10420")),
            (" ".join(str(n) for n in range(10420, 10499)), Find("10420", ("10421", "10422", "10423"))),
        ],
        ids=str,
    )
    def test_counts_the_numbers_but_no_date_beside_one(self, typed: str, meant: Intent) -> None:
        assert parse(typed) == meant

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("snooze 10419", SnoozeNumber("10419")),
            ("snooze 10419 for 3 days", SnoozeNumber("10419", Until.THREE_DAYS)),
            ("snooze 10419 until tomorrow", SnoozeNumber("10419", Until.TOMORROW)),
            ("snooze invoice 10419 till next week please", SnoozeNumber("10419", Until.NEXT_WEEK)),
            ("snooze 10419 until it is due", SnoozeNumber("10419", Until.DUE)),
            ("snooze 10419 for 13 days", SnoozeNumber("10419", For(13))),
            ("unsnooze 10419", Wake("10419")),
            ("don't snooze 10419", Wake("10419")),
            ("stop snoozing 10419", Wake("10419")),
        ],
        ids=str,
    )
    def test_understands_how_long_an_invoice_is_to_be_silent(self, typed: str, meant: Intent) -> None:
        assert parse(typed) == meant
