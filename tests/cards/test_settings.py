"""The settings of reminders."""

from billing.due import Custom, Notice, Wishes
from cards.kit import Card
from cards.settings import settings, turned_off
from tests.cards.reading import labels, of_type, titles, values
from tests.cards.samples import reader

CUSTOM = Custom((-7, 0, 45), 5)


def chosen(card: Card) -> dict[str, str]:
    return {each["id"]: each["value"] for kind in ("Input.ChoiceSet", "Input.Toggle") for each in of_type(card, kind)}


class TestSettings:
    def test_show_what_counts_now(self) -> None:
        card = settings(Wishes(silent=frozenset({Notice.PAID})), CUSTOM, reader(zone="Europe/Berlin"), days=CUSTOM.days)

        assert chosen(card) == {"hour": "5", "days": "-7,0,45", "notices": "issued,failed", "business_days": "false"}
        assert "Time zone: Europe/Berlin, as Teams tells it" in values(card)

    def test_offer_an_hour_and_stages_that_only_the_operator_uses(self) -> None:
        card = settings(Wishes(), CUSTOM, reader(), days=CUSTOM.days)
        hours, days, _ = of_type(card, "Input.ChoiceSet")

        assert hours["choices"][0] == {"title": "5:00\u202fAM", "value": "5"}
        assert days["choices"][-1] == {"title": "45 days after the due date", "value": "45"}

    def test_say_where_nothing_is_chosen(self) -> None:
        silent = Wishes(silent=frozenset(Notice))

        assert any("none will come" in each for each in labels(settings(silent, CUSTOM, reader(), days=(), is_saved=True)))
        assert not any("none will come" in each for each in labels(settings(Wishes(), CUSTOM, reader(), days=(), is_saved=True)))

    def test_have_a_name_for_every_input(self) -> None:
        inputs = [
            each for kind in ("Input.ChoiceSet", "Input.Toggle") for each in of_type(settings(Wishes(), CUSTOM, reader(), days=()), kind)
        ]

        assert all(each["label"] for each in inputs)

    def test_offer_the_way_out_or_the_way_back(self) -> None:
        on, off = (settings(Wishes(is_on=each), CUSTOM, reader(), days=()) for each in (True, False))

        assert titles(on) == ["Save", "Turn off reminders"]
        assert titles(off) == ["Save", "Turn on reminders"]
        assert "Reminders are off." in labels(off)


class TestTurnedOff:
    def test_leads_back(self) -> None:
        assert titles(turned_off(reader())) == ["Turn on reminders"]
