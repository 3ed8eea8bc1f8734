"""What people type, and what they mean by it."""

from collections.abc import Iterator
from contextlib import suppress
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.errors import Malformed
from billing.invoice import InvoiceId, Show
from bot.asks import COURTESIES, Ask
from bot.intents import Find, Intent, List, Numberless, Open, Unknown, parse, plain, pressed
from bot.reminder_intents import SnoozeNumber, Wake
from bot.vocabulary import MEANING
from cards.choose import Order
from cards.help import COMMANDS
from cards.verbs import Key, Place, Verb
from tests.make import guid

OPEN, PAID, OVERDUE, ALL = (List(Place(show)) for show in (Show.OPEN, Show.PAID, Show.OVERDUE, Show.ALL))
INVOICE = guid("INV-1")
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*Key]) | st.text(), inner),
    max_leaves=6,
)


def ids(found: object) -> str | None:
    """Return a short name for a text."""
    return ascii(found)[:30] if isinstance(found, str) else None


def slips(phrase: str) -> Iterator[str]:
    """Yield what one slip of the finger makes of a phrase: a letter left out, doubled, or two of them swapped."""
    for place in range(len(phrase)):
        before, here, after = phrase[:place], phrase[place], phrase[place + 1 :]
        yield before + after
        yield before + here + here + after
        yield before + after[:1] + here + after[1:]


class TestParse:
    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("help", Ask.HELP),
            ("open invoices", OPEN),
            ("paid invoices", PAID),
            ("overdue", OVERDUE),
            ("invoices", ALL),
            ("balance", Ask.BALANCE),
            ("summary", Ask.BALANCE),
            ("sign in", Ask.SIGN_IN),
            ("sign out", Ask.SIGN_OUT),
            ("who am i", Ask.WHO_AM_I),
            ("invoice INV-10421", Find("inv-10421")),
            ("details INV-10421", Find("inv-10421")),
            ("pay INV-10421", Find("inv-10421", order=Order.PAY)),
            ("usage INV-10421", Find("inv-10421", order=Order.USAGE)),
            ("print INV-10421", Find("inv-10421", order=Order.PRINT)),
        ],
        ids=ids,
    )
    def test_understands_a_command(self, typed: str, meant: Intent) -> None:
        assert parse(typed) == meant
        assert parse(typed.upper()) == meant

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("helpp", Ask.HELP),
            ("opne invoices", OPEN),
            ("hepl", Ask.HELP),
            ("open invoice", OPEN),
            ("opem invoces", OPEN),
            ("paid invocies", PAID),
            ("overdeu", OVERDUE),
            ("balnce", Ask.BALANCE),
            ("sing out", Ask.SIGN_OUT),
            ("sing in", Ask.SIGN_IN),
            ("pya 10421", Find("10421", order=Order.PAY)),
        ],
        ids=ids,
    )
    def test_forgives_small_mistakes(self, typed: str, meant: Intent) -> None:
        assert parse(typed) == meant

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("what do I owe?", OPEN),
            ("show me my open invoices, please!", OPEN),
            ("do we have anything unpaid", OPEN),
            ("What\u2019s overdue?", OVERDUE),
            ("past due invoices", OVERDUE),
            ("which ones are past-due?", OVERDUE),
            ("pay my invoices", OPEN),
            ("what's the balance?", Ask.BALANCE),
            ("balance in euro", Ask.BALANCE),
            ("??", Ask.HELP),
            ("csv", Ask.EXPORT),
            ("export to Excel", Ask.EXPORT),
            ("who am I?", Ask.WHO_AM_I),
            ("please sign me out", Ask.SIGN_OUT),
            ("details of invoice 10421", Find("10421")),
            ("could you show me invoice no. 10421 please", Find("10421")),
            ("inv 10421", Find("inv-10421")),
            ("Invoice ID INV\u201310421", Find("inv-10421")),
            ("#10421", Find("10421")),
            ("10421", Find("10421")),
        ],
        ids=ids,
    )
    def test_understands_a_sentence(self, typed: str, meant: Intent) -> None:
        assert parse(typed) == meant

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("thanks", Ask.THANKS),
            ("Thank you!", Ask.THANKS),
            ("thanks for your help", Ask.THANKS),
            ("ok, thank you so much", Ask.THANKS),
            ("thansk", Ask.THANKS),
            ("OK", Ask.OK),
            ("okay", Ask.OK),
            ("no thanks", Ask.OK),
            ("bye", Ask.BYE),
            ("ok bye", Ask.BYE),
            ("ok, help", Ask.HELP),
            ("thanks, now the open invoices", OPEN),
            ("thank you, pay INV-10421", Find("inv-10421", order=Order.PAY)),
        ],
        ids=ids,
    )
    def test_understands_good_manners_and_never_instead_of_a_question(self, typed: str, meant: Intent) -> None:
        assert parse(typed) == meant

    @pytest.mark.parametrize("phrase", MEANING)
    def test_never_takes_a_slip_in_a_courtesy_for_a_question_or_the_other_way_round(self, phrase: str) -> None:
        is_courtesy = MEANING[phrase] in COURTESIES
        asking = {word for word, meant in MEANING.items() if meant not in COURTESIES} if is_courtesy else set[str]()

        for slip in slips(phrase):
            if slip not in MEANING and asking.isdisjoint(slip.split()):
                found = parse(slip)
                assert isinstance(found, Unknown) or (found in COURTESIES) == is_courtesy, slip

    @pytest.mark.parametrize(
        "typed",
        [
            "<at>My Invoices</at> help",
            "  <at>My Invoices</at>   help ",
            "<at>My Invoices</at>&nbsp;help\n",
            '<at id="0">My Invoices</at> HELP',
            "<p>help</p>",
            "<div>help</div>",
            "\u200fhelp\u202e",
            "\u2067help\u2069",
            "help \N{PERSON WITH FOLDED HANDS}",
            "\N{WAVING HAND SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-4} help!",
            "\uff28\uff25\uff2c\uff30",
            "help\u00a0",
            "\ud800 help",
            "\0help",
            "h\u200belp",
        ],
        ids=ids,
    )
    def test_sees_through_what_surrounds_the_words(self, typed: str) -> None:
        assert parse(typed) is Ask.HELP

    @pytest.mark.parametrize(
        "typed",
        [
            "",
            "   ",
            "\N{PERSON WITH FOLDED HANDS}",
            "i don't want to pay",
            "not overdue",
            "2026-11-30",
            "7",
            "';--",
        ],
        ids=ids,
    )
    def test_guesses_nothing_where_nothing_was_said(self, typed: str) -> None:
        found = parse(typed)

        assert isinstance(found, Unknown)
        assert found.typed == typed
        assert len(found.nearest) <= 3

    @pytest.mark.parametrize("typed", ["<at>My Invoices</at>", "<at></at>", "<at>My Invoices</at>&nbsp;", '<at id="0">My Invoices</at>\n'])
    def test_helps_whoever_only_calls_its_name(self, typed: str) -> None:
        assert parse(typed) is Ask.HELP

    def test_repeats_no_markup_of_a_mention(self) -> None:
        found = parse("<at>My Invoices</at> balans sheet")

        assert isinstance(found, Unknown)
        assert found.typed == "balans sheet"

    def test_names_what_comes_close(self) -> None:
        found = parse("balans sheet")

        assert isinstance(found, Unknown)
        assert found.nearest[0] == "balance"

    @pytest.mark.parametrize(
        "typed", ["x" * 50_000, "<at>" * 12_500, "<" * 50_000, "open " * 10_000, "invoice " + "9" * 50_000, "\ufdfa" * 50_000], ids=ids
    )
    def test_takes_no_longer_for_a_flood(self, typed: str) -> None:
        began = process_time()

        parse(typed)

        assert process_time() - began < 0.2

    @given(st.text(max_size=400))
    def test_answers_whatever_the_text(self, typed: str) -> None:
        found = parse(typed)

        assert isinstance(found, Ask | List | Find | Numberless | SnoozeNumber | Wake | Unknown)
        if isinstance(found, Unknown):
            assert set(found.nearest) <= {each.typed for each in COMMANDS}
        if isinstance(found, Find):
            assert 0 < len(found.number) <= 44


class TestPlain:
    @given(st.text())
    def test_is_one_short_visible_line(self, typed: str) -> None:
        shown = plain(typed)

        assert len(shown) <= 300
        assert shown == " ".join(shown.split())
        assert shown.isprintable()


class TestPressed:
    @pytest.mark.parametrize(
        ("verb", "carried", "meant"),
        [
            pytest.param("invoices.list", {"show": "paid"}, PAID, id="list"),
            pytest.param("invoices.list", {}, OPEN, id="list without a word on which"),
            pytest.param("invoices.list", None, OPEN, id="list without anything"),
            pytest.param("invoice.details", {"invoice": INVOICE.upper(), "show": "all"}, Open(InvoiceId(INVOICE), ALL.place), id="details"),
            pytest.param("balance", {}, Ask.BALANCE, id="balance"),
            pytest.param("help", {"show": 5}, Ask.HELP, id="help"),
            pytest.param("sign_in", {}, Ask.SIGN_IN, id="sign in"),
            pytest.param("sign_out", {}, Ask.SIGN_OUT, id="sign out"),
            pytest.param("who", {}, Ask.WHO_AM_I, id="who"),
        ],
    )
    def test_reads_a_button(self, verb: object, carried: object, meant: Intent) -> None:
        assert pressed(verb, carried) == meant

    @pytest.mark.parametrize(
        ("verb", "carried"),
        [
            (None, {}),
            ("", {}),
            (5, {}),
            (["help"], {}),
            ({}, {}),
            ("Help", {}),
            ("invoices.delete", {}),
            ("invoices.list", {"show": "everything"}),
            ("invoices.list", {"show": ["open"]}),
            ("invoices.list", {"contract": "1"}),
            ("invoices.list", {"after": "now"}),
            ("invoices.list", {"after": f"2026-11-30~{INVOICE}", "before": f"2026-11-30~{INVOICE}"}),
            ("invoice.details", {}),
            ("invoice.details", {"invoice": "INV-1"}),
            ("invoice.details", {"invoice": f"{INVOICE}' or 1=1"}),
            ("invoice.details", {"invoice": [INVOICE]}),
            ("invoice.details", "invoice"),
        ],
    )
    def test_refuses_what_no_card_ever_had(self, verb: object, carried: object) -> None:
        with pytest.raises(Malformed):
            pressed(verb, carried)

    @given(st.sampled_from([verb.value for verb in Verb]) | ANYTHING, ANYTHING)
    def test_reads_or_refuses_anything_else(self, verb: object, carried: object) -> None:
        with suppress(Malformed):
            assert pressed(verb, carried)
