"""What a page says where something is refused or fails, and the one thing to do next."""

from http import HTTPStatus

from aiohttp import web

from auth.sign_in import own_path
from billing.errors import (
    Malformed,
    NoPdf,
    NotAllowed,
    NotFound,
    NotSignedIn,
    NoUsage,
    Problem,
    SignInRefused,
    TooManyRows,
    UsageOff,
)
from pages.place import named_invoice
from pages.render import Action
from pages.session import CSRF, PERSON, is_in_tab, tab_query
from words.reader import Reader
from words.refusals import ids, next_step, plea


def title(reader: Reader, problem: Problem) -> str:
    """Return the heading."""
    match problem:
        case NoUsage():
            return reader.say("No usage")
        case UsageOff():
            return reader.say("No download here")
        case _:
            pass
    match problem.status:
        case HTTPStatus.SERVICE_UNAVAILABLE:
            return reader.say("Please try again in a minute")
        case HTTPStatus.FORBIDDEN:
            return reader.say("No access")
        case HTTPStatus.NOT_FOUND:
            return reader.say("Not found")
        case _:
            return reader.say("That did not work")


def said(reader: Reader, problem: Problem) -> list[str]:
    """Return what happened and, to somebody without a right, what they can forward."""
    asked = plea(problem, reader)
    return [reader.problem(problem), *([next_step(reader), asked] if asked else [])]


def facts(reader: Reader, problem: Problem, request: web.Request) -> list[tuple[str, str]]:
    """Return by what an administrator finds somebody without a right."""
    person = request.get(PERSON)
    return [*ids(person, reader)] if person and isinstance(problem, NotAllowed) else []


def action(reader: Reader, problem: Problem, request: web.Request) -> Action | None:
    """Return the one thing to do next."""
    invoice = named_invoice(request)
    match problem:
        case NoUsage() | UsageOff() | NoPdf() | TooManyRows() if invoice:
            return Action(reader.say("Back to the invoice"), f"/invoices/{invoice}{tab_query(request)}")
        case NotFound() | Malformed():
            return _all_invoices(reader, request)
        case NotSignedIn() | SignInRefused():
            return sign_in(reader, request)
        case NotAllowed():
            csrf = request.get(CSRF)
            return Action(reader.say("Sign out"), f"/auth/sign-out{tab_query(request)}", csrf) if csrf else None
        case _:
            return again(reader, request)


def again(reader: Reader, request: web.Request) -> Action:
    """Return the way to try once more; a walk to Entra begins anew."""
    if request.method != "GET":
        return _all_invoices(reader, request)
    if request.path.startswith("/auth/"):
        return sign_in(reader, request)
    return Action(reader.say("Try again"), own_path(request.path_qs))


def sign_in(reader: Reader, request: web.Request) -> Action:
    """Return the way to sign in, inside Teams or outside."""
    return Action(reader.say("Sign in"), "/auth/teams?tab=1" if is_in_tab(request) else "/auth/start")


def _all_invoices(reader: Reader, request: web.Request) -> Action:
    return Action(reader.say("All invoices"), "/invoices?show=all" + ("&tab=1" if is_in_tab(request) else ""))
