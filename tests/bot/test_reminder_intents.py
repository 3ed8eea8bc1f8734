"""Words, buttons and inputs about reminders, read back as untrusted."""

import pytest

from billing.due import Custom, Notice, Until, Wishes
from billing.errors import Malformed
from bot.intents import Ask, parse, pressed
from bot.reminder_intents import Save, Snooze, SnoozeNumber
from cards.settings import settings
from tests.cards.reading import of_type
from tests.cards.samples import reader
from tests.make import guid

INVOICE = guid("INV-1")
FILLED = {"hour": "9", "days": "-7,0", "notices": "paid", "business_days": "true"}


class TestWords:
    @pytest.mark.parametrize("text", ["reminders", "Reminder settings", "remindres", "notifications"])
    def test_ask_for_the_settings(self, text: str) -> None:
        assert parse(text) == Ask.REMINDERS

    @pytest.mark.parametrize("text", ["reminders off", "turn off reminders", "please stop reminders", "Unsubscribe"])
    def test_turn_them_off(self, text: str) -> None:
        assert parse(text) == Ask.REMINDERS_OFF

    @pytest.mark.parametrize("text", ["reminders on", "turn reminders on"])
    def test_turn_them_on(self, text: str) -> None:
        assert parse(text) == Ask.REMINDERS_ON

    @pytest.mark.parametrize("text", ["snooze INV-10421", "please snooze inv-10421", "snoze INV-10421"])
    def test_snooze_an_invoice(self, text: str) -> None:
        assert parse(text) == SnoozeNumber("inv-10421")


class TestSnooze:
    def test_asks_or_says_for_how_long(self) -> None:
        asked = pressed("invoice.snooze", {"invoice": INVOICE})
        said = pressed("invoice.snooze", {"invoice": INVOICE, "until": "next_week"})

        assert pressed("invoice.snooze", {"invoice": INVOICE, "until": "now"}) == Snooze(INVOICE, None, is_over=True)  # type: ignore[arg-type]
        assert (asked, said) == (Snooze(INVOICE, None), Snooze(INVOICE, Until.NEXT_WEEK))  # type: ignore[arg-type]

    @pytest.mark.parametrize("sent", [{}, {"invoice": "x"}, {"invoice": INVOICE, "until": "never"}, {"invoice": INVOICE, "until": ["due"]}])
    def test_refuses_what_no_card_sends(self, sent: dict[str, object]) -> None:
        with pytest.raises(Malformed):
            pressed("invoice.snooze", sent)


class TestSave:
    def test_reads_what_was_filled_in(self) -> None:
        assert pressed("reminders.save", FILLED) == Save(9, (-7, 0), business_days=True, silent=frozenset({Notice.ISSUED, Notice.FAILED}))

    def test_reads_nothing_chosen(self) -> None:
        nothing = FILLED | {"days": "", "notices": "", "business_days": "false"}

        assert pressed("reminders.save", nothing) == Save(9, (), business_days=False, silent=frozenset(Notice))

    @pytest.mark.parametrize("days", [(-365, 120, 365), tuple(range(-14, 22))], ids=["far", "many"])
    def test_takes_back_whatever_the_card_offered(self, days: tuple[int, ...]) -> None:
        offered = settings(Wishes(), Custom(days, 9), reader(), days=days)
        (chosen,) = [each["value"] for each in of_type(offered, "Input.ChoiceSet") if each["id"] == "days"]

        saved = pressed("reminders.save", FILLED | {"days": chosen})

        assert isinstance(saved, Save)
        assert saved.days == days

    @pytest.mark.parametrize(
        "strange",
        [
            {"hour": "24"},
            {"hour": "-1"},
            {"hour": None},
            {"hour": "9" * 5000},
            {"days": "366"},
            {"days": "-366"},
            {"days": "1.5"},
            {"notices": "everything"},
        ],
    )
    def test_refuses_what_no_card_sends(self, strange: dict[str, object]) -> None:
        with pytest.raises(Malformed):
            pressed("reminders.save", FILLED | strange)
