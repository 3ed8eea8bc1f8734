"""What went wrong, what to do next, and a reference for whoever is asked to help."""

from typing import Final, LiteralString

from billing.access import Person
from billing.errors import (
    Malformed,
    NotAllowed,
    NotFound,
    NotPayable,
    NotSignedIn,
    Problem,
    SignInRefused,
    SourceDown,
    Stale,
    Unpayable,
)
from billing.invoice import Show
from cards import kit
from cards.invoice_list import list_button
from cards.kit import Action, Card, Element, Fact, Style
from cards.signed_out import sign_in_button
from cards.verbs import Place, Verb
from words.reader import Reader
from words.refusals import ids, next_step, plea
from words.status import unpayable_words
from words.text import short_number, shorten

_REFUSALS: Final = (NotSignedIn, SignInRefused, NotAllowed, NotFound, NotPayable, Malformed)
"""Nothing is broken there, so there is nothing to look up."""


def problem_card(problem: Problem, reader: Reader, *, reference: str, person: Person | None = None) -> Card:
    """Return what went wrong and what to do about it.

    reference  correlation id, under which the log has the facts
    person     who asked: their ids go into the text for the administrator
    """
    said = _said(problem, reader)
    following = _next(problem, reader)
    traced = [kit.value(reader.say("Reference: {reference}", reference=shorten(reference, 64)), subtle=True, size="Small")]
    body = [
        kit.container(kit.heading(_title(problem, reader)), kit.value(said, spacing="Small"), style=_style(problem), spacing="None"),
        *([kit.label(following)] if following else []),
        *_to_forward(problem, reader, person),
        *([] if isinstance(problem, _REFUSALS) else traced),
    ]
    return kit.card(body, [_button(problem, reader)], fallback_text=said)


def _said(problem: Problem, reader: Reader) -> str:
    if isinstance(problem, NotPayable):
        return reader.dots(short_number(problem.number), unpayable_words(problem.reason, reader))
    if isinstance(problem, NotFound):
        return reader.dots(short_number(problem.typed.upper()), reader.problem(problem))  # as invoices are written
    return reader.problem(problem)


def _title(problem: Problem, reader: Reader) -> LiteralString:
    match problem:
        case NotSignedIn() | SignInRefused():
            return reader.say("Please sign in")
        case NotAllowed():
            return reader.say("No access yet")
        case NotFound():
            return reader.say("Not found")
        case NotPayable():
            return _unpayable_title(problem.reason, reader)
        case Malformed():
            return reader.say("This card is out of date")
        case Stale() | SourceDown():
            return reader.say("Not available right now")
        case _:
            return reader.say("Something went wrong")


def _unpayable_title(reason: Unpayable, reader: Reader) -> LiteralString:
    match reason:
        case Unpayable.PAID:
            return reader.say("Already paid")
        case Unpayable.PENDING:
            return reader.say("Payment on its way")
        case Unpayable.NOTHING_DUE:
            return reader.say("Nothing to pay")
        case _:
            return reader.say("Not payable now")


def _next(problem: Problem, reader: Reader) -> LiteralString:
    match problem:
        case NotSignedIn() | SignInRefused():
            return reader.say("Sign in with the work account that you use in Teams.")
        case NotAllowed():
            return next_step(reader)
        case NotFound():
            return reader.say("Check the number, or pick the invoice from the list.")
        case NotPayable():
            return ""
        case Malformed():
            return reader.say("Buttons of older cards can stop working. Please start again from the list.")
        case Stale() | SourceDown():
            return reader.say("Nothing is lost. Trying again in a minute usually helps.")
        case _:
            return reader.say("If it happens again, please give the reference below to your administrator.")


def _style(problem: Problem) -> Style:
    match problem:
        case NotPayable(reason=Unpayable.PAID | Unpayable.NOTHING_DUE):
            return "good"
        case NotPayable(reason=Unpayable.PENDING) | NotSignedIn() | SignInRefused() | NotFound() | Malformed():
            return "emphasis"
        case _:
            return "warning"


def _to_forward(problem: Problem, reader: Reader, person: Person | None) -> list[Element]:
    asked = plea(problem, reader)
    if not asked:
        return []
    found: list[Fact] = [*ids(person, reader)] if person else []
    return [kit.container(kit.label(asked), *([kit.facts(*found, width="100px")] if found else []), style="emphasis", spacing="Medium")]


def _button(problem: Problem, reader: Reader) -> Action:
    match problem:
        case NotSignedIn() | SignInRefused():
            return sign_in_button(reader)
        case NotFound() | Malformed():
            return list_button(Show.ALL, reader)
        case NotPayable():
            return list_button(Show.OPEN, reader)
        case _:
            return kit.execute(reader.say("Try again"), Verb.LIST, Place().carried())
