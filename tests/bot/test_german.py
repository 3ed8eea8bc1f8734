"""What people type in German."""

import pytest

from billing.due import Until
from billing.invoice import Show
from bot.intents import Ask, Find, Intent, List, Numberless, Unknown, parse
from bot.reminder_intents import SnoozeNumber, Wake
from cards.verbs import Place


def shows(show: Show) -> Intent:
    return List(Place(show))


class TestPhrases:
    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("Offene Rechnungen", shows(Show.OPEN)),
            ("offene rechnugen", shows(Show.OPEN)),
            ("Zeig mir bitte meine offenen Rechnungen", shows(Show.OPEN)),
            ("nicht bezahlt", shows(Show.OPEN)),
            ("bezahlte Rechnungen", shows(Show.PAID)),
            ("ÜBERFÄLLIG", shows(Show.OVERDUE)),
            ("ueberfaellig", shows(Show.OVERDUE)),
            ("Was ist überfällig?", shows(Show.OVERDUE)),
            ("Rechnungen", shows(Show.ALL)),
            ("bezahlte Rechnungen im Oktober", List(Place(Show.PAID), is_wider=True)),
            ("Saldo", Ask.BALANCE),
            ("Wie hoch ist der Saldo?", Ask.BALANCE),
            ("Saldo in Euro", Ask.BALANCE),
            ("Rechnungen als CSV", Ask.EXPORT),
            ("Hilfe", Ask.HELP),
            ("wer bin ich?", Ask.WHO_AM_I),
            ("anmelden", Ask.SIGN_IN),
            ("abmelden", Ask.SIGN_OUT),
            ("abmeldn", Ask.SIGN_OUT),
            ("Erinnerungen", Ask.REMINDERS),
            ("Erinnerungen an", Ask.REMINDERS_ON),
            ("Erinnerungen aus", Ask.REMINDERS_OFF),
            ("meine Daten löschen", Ask.DELETE_DATA),
            ("Danke!", Ask.THANKS),
            ("vielen Dank für Ihre Hilfe", Ask.THANKS),
            ("ok, danke", Ask.THANKS),
            ("dnake", Ask.THANKS),
            ("Alles klar", Ask.OK),
            ("nein danke", Ask.OK),
            ("Danke, tschüß", Ask.BYE),
            ("Hilfe, danke", Ask.HELP),
        ],
    )
    def test_are_understood(self, typed: str, meant: Intent) -> None:
        assert parse(typed) == meant

    def test_name_one_invoice(self) -> None:
        assert parse("Rechnung 123") == Find("123")
        assert parse("zurückstellen INV-1") == SnoozeNumber("inv-1")

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("Rechnung", Numberless("rechnung")),
            ("Rechnung bezahlen", Numberless("rechnung bezahlen")),
            ("zurückstellen", Numberless("zurückstellen")),
            ("Rechnungen 10420 und 10424", Find("10420", ("10424",))),
            ("zurückstellen 10419 bis morgen", SnoozeNumber("10419", Until.TOMORROW)),
            ("zurückstellen 10419 für 3 Tage", SnoozeNumber("10419", Until.THREE_DAYS)),
            ("zurückstellen 10419 bis nächste Woche", SnoozeNumber("10419", Until.NEXT_WEEK)),
            ("10419 nicht zurückstellen", Wake("10419")),
            ("Zurückstellung aufheben 10419", Wake("10419")),
        ],
    )
    def test_tell_how_many_numbers_and_how_long(self, typed: str, meant: Intent) -> None:
        assert parse(typed) == meant

    def test_are_not_turned_round_by_a_denial(self) -> None:
        assert isinstance(parse("das ist doch gar keine bezahlte sache gewesen"), Unknown)
