"""Help, and the answer to what nobody understands."""

import pytest

from cards.help import COMMANDS, INVOICES, ONE_INVOICE, help_card, not_understood
from tests.cards.reading import HOSTILE, button, labels, titles, values
from tests.cards.samples import reader

PROMISED = (
    "help",
    "open invoices",
    "paid invoices",
    "overdue",
    "invoices",
    "invoice NUMBER",
    "pay NUMBER",
    "usage NUMBER",
    "print NUMBER",
    "balance",
    "export",
    "reminders",
    "snooze NUMBER",
    "sign in",
    "sign out",
    "who am i",
    "contact",
    "export my data",
    "delete my data",
)


class TestHelp:
    def test_names_every_command(self) -> None:
        assert {command.typed for command in COMMANDS} == set(PROMISED)
        assert set(PROMISED) <= set(labels(help_card(reader())))

    def test_names_who_may_see_invoices(self) -> None:
        assert any("Work 365 Administrator or Work365 Finance Manager" in text for text in labels(help_card(reader())))

    def test_starts_with_a_button(self) -> None:
        assert titles(help_card(reader())) == ["Open invoices", "Paid invoices", "Balance"]


class TestNotUnderstood:
    def test_is_another_answer_than_help(self) -> None:
        assert labels(not_understood(reader(), typed="x"))[0] != labels(help_card(reader()))[0]

    def test_offers_the_nearest_commands_to_press(self) -> None:
        card = not_understood(reader(), typed="overdeu", nearest=(INVOICES[1], INVOICES[4]))

        assert titles(card) == ["Overdue invoices", "Balance", "Help"]
        assert button(card, "Overdue invoices")["data"] == {"show": "overdue"}
        assert {"Did you mean", "overdue", "balance"} <= set(labels(card))

    def test_offers_the_usual_where_the_nearest_needs_a_number(self) -> None:
        card = not_understood(reader(), typed="invoce 1", nearest=(ONE_INVOICE[0],))

        assert titles(card) == ["Open invoices", "Paid invoices", "Balance", "Help"]

    @pytest.mark.parametrize("hostile", [*HOSTILE, "x" * 50_000])
    def test_repeats_what_was_typed_as_a_value_only(self, hostile: str) -> None:
        card = not_understood(reader(), typed=hostile)

        assert labels(card) == labels(not_understood(reader(), typed="x"))
        assert len(values(card)[0]) < 80

    def test_quotes_nothing_where_nothing_can_be_seen(self) -> None:
        assert values(not_understood(reader(), typed="\u202e\x00 ")) == []
