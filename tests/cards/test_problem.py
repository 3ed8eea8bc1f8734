"""What a person reads when something went wrong."""

import pytest

from billing import errors
from billing.errors import (
    BadToken,
    Busy,
    ForeignToken,
    Malformed,
    NoPage,
    NoPdf,
    NoRole,
    NotAllowed,
    NotFound,
    NotPayable,
    NotSignedIn,
    NoUsage,
    Overloaded,
    Problem,
    SignInCancelled,
    SignInExpired,
    SignInRefused,
    SourceDown,
    Stale,
    TooFast,
    TooManyRows,
    TooOften,
    UnknownPerson,
    UnknownTenant,
    Unpayable,
    UsageOff,
    WrongPerson,
)
from cards.kit import Card
from cards.problem import problem_card
from tests import make
from tests.cards.reading import labels, titles, values
from tests.cards.samples import reader
from words.status import unpayable_words

EVERY = (
    Problem(),
    NotSignedIn(),
    UnknownTenant(),
    UnknownPerson(),
    NoRole(),
    NotFound(),
    Malformed(),
    BadToken(),
    ForeignToken(),
    SignInRefused(),
    SignInExpired(),
    WrongPerson(),
    SignInCancelled(),
    Stale(),
    SourceDown(),
    Busy(),
    NoPage(),
    NoPdf(),
    NoUsage(),
    Overloaded(),
    TooFast(),
    TooManyRows(),
    TooOften(),
    UsageOff(),
    *map(NotPayable, Unpayable),
)


REFUSALS = (NotSignedIn, SignInRefused, NotAllowed, NotFound, NotPayable, Malformed)


def drawn(problem: Problem) -> Card:
    """Return the card of a problem that Ada met."""
    return problem_card(problem, reader(), reference="7f3a2c91", person=make.ADA)


class TestEveryProblem:
    def test_is_among_those_tried_here(self) -> None:
        known = {each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, Problem)}

        assert known - {type(problem) for problem in EVERY} == {errors.NotAllowed}

    @pytest.mark.parametrize("problem", EVERY, ids=repr)
    def test_says_what_happened_once_and_a_reference_where_something_is_broken(self, problem: Problem) -> None:
        card = drawn(problem)

        said = unpayable_words(problem.reason, reader()) if isinstance(problem, NotPayable) else problem.say
        assert said in values(card)
        assert len(labels(card)) >= 1
        assert ("Reference: 7f3a2c91" in values(card)) is not isinstance(problem, REFUSALS)
        assert len(titles(card)) == 1

    def test_tells_nothing_of_the_facts_for_the_log(self) -> None:
        card = drawn(SourceDown(source="dataverse", account="a1b2", query="select secret"))

        assert not [text for text in [*values(card), *labels(card)] if "dataverse" in text or "secret" in text]


class TestNoAccess:
    @pytest.mark.parametrize("problem", [UnknownTenant(), UnknownPerson(), NoRole()], ids=repr)
    def test_gives_a_text_to_forward_with_the_ids_that_an_administrator_needs(self, problem: Problem) -> None:
        card = drawn(problem)

        assert any(text.startswith("Please ") for text in labels(card))
        assert {make.ADA.tenant, make.ADA.id} <= set(values(card))
        assert titles(card) == ["Try again"]

    def test_keeps_the_ids_to_itself_elsewhere(self) -> None:
        assert make.ADA.id not in values(drawn(NotFound()))

    def test_repeats_the_number_that_was_typed_and_renders_nothing_in_it(self) -> None:
        assert values(drawn(NotFound("**inv-1**")))[0] == "**INV-1** · There is no such invoice in your company's account."
        assert values(drawn(NotFound()))[0] == "There is no such invoice in your company's account."


class TestButton:
    @pytest.mark.parametrize(
        ("problem", "title"),
        [
            (NotSignedIn(), "Sign in"),
            (NotFound(), "All invoices"),
            (Malformed(), "All invoices"),
            (NotPayable(Unpayable.PAID), "Open invoices"),
        ],
    )
    def test_leads_on_where_repeating_is_no_use(self, problem: Problem, title: str) -> None:
        assert titles(drawn(problem)) == [title]


class TestUnpayable:
    def test_gives_every_reason_words_of_its_own(self) -> None:
        assert len({unpayable_words(reason, reader()) for reason in Unpayable}) == len(Unpayable)

    def test_reaches_the_card(self) -> None:
        said = unpayable_words(Unpayable.EXPIRED, reader())

        assert f"INV-7 · {said}" in values(drawn(NotPayable(Unpayable.EXPIRED, "INV-7")))

    @pytest.mark.parametrize(
        ("reason", "title", "style"),
        [
            (Unpayable.PAID, "Already paid", "good"),
            (Unpayable.NOTHING_DUE, "Nothing to pay", "good"),
            (Unpayable.PENDING, "Payment on its way", "emphasis"),
            (Unpayable.NO_LINK, "Not payable now", "warning"),
        ],
    )
    def test_is_called_what_it_is(self, reason: Unpayable, title: str, style: str) -> None:
        card = drawn(NotPayable(reason))

        assert (labels(card)[0], card["body"][0]["style"]) == (title, style)
