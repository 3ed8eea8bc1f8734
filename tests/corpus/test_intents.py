"""Everything that was ever typed to trip the bot, and what comes of it when it is spoilt further."""

from hypothesis import example, given

from bot.asks import ACTING, Ask
from bot.intents import Find, Intent, List, Numberless, Unknown, parse, plain
from bot.reminder_intents import SnoozeNumber, Wake
from cards.choose import Order
from cards.help import COMMANDS
from tests.corpus.cases import texts
from tests.corpus.mutations import spoilt_texts

TEXTS = texts()
NOTHING_THAT_ACTS = "nothing that acts"
SUGGESTED = frozenset(each.typed for each in COMMANDS)


def told(intent: Intent) -> str:
    """Return an intent as the corpus tells it."""
    match intent:
        case Ask():
            return intent.value
        case List(place, is_wider):
            return f"list {place.show.value}{' and more' if is_wider else ''}"
        case Find(number, others, order):
            return f"{order.value} {', '.join([number, *others])}"
        case SnoozeNumber(number, until):
            return f"snooze {number}{'' if until is None else f' {until}'}"
        case Wake(number):
            return f"wake {number}"
        case Numberless():
            return "which invoice"
        case _:
            return type(intent).__name__.lower()


class TestCorpus:
    def test_means_what_it_is_recorded_to_mean(self) -> None:
        missed = [(each, found) for each in TEXTS if each.meant not in {NOTHING_THAT_ACTS, found := told(parse(each.text))}]

        assert not missed

    def test_of_denials_neither_acts_nor_suggests_to(self) -> None:
        denials = [each.text for each in TEXTS if each.meant == NOTHING_THAT_ACTS]

        for text in denials:
            found = parse(text)
            assert found not in ACTING, text
            assert not isinstance(found, Unknown) or ACTING.isdisjoint(found.nearest), text


class TestSpoilt:
    @given(spoilt_texts([each.text for each in TEXTS]))
    @example("")
    def test_text_is_answered(self, typed: str) -> None:
        found = parse(typed)

        match found:
            case Find(number, others):
                assert all(0 < len(each) <= 44 and each.isprintable() for each in (number, *others))
            case SnoozeNumber(number) | Wake(number):
                assert 0 < len(number) <= 44
            case Unknown(_, nearest):
                assert len(nearest) <= 3
                assert set(nearest) <= SUGGESTED
            case _:
                assert isinstance(found, Ask | List | Numberless)

    @given(spoilt_texts([each.text for each in TEXTS]))
    def test_text_is_one_plain_line(self, typed: str) -> None:
        shown = plain(typed)

        assert len(shown) <= 300
        assert shown == " ".join(shown.split())
        assert shown.isprintable()

    @given(spoilt_texts([each.text for each in TEXTS]))
    def test_order_does_nothing_behind_a_denial(self, typed: str) -> None:
        found = parse(f"please do not {typed}")

        assert found not in ACTING - {Ask.REMINDERS_OFF}  # "do not want reminders"
        assert not isinstance(found, Find) or found.order is Order.DETAILS
