"""Which address leads where, and what a browser sees when something goes wrong."""

import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from aiohttp import web

from billing import correlation
from billing.errors import NoPage, NotAllowed, NotFound, NotSignedIn, Problem, SourceDown
from billing.measures import REFUSALS, UNMEASURED, Measures
from billing.ports import Audit
from pages import refusals
from pages.place import named_invoice
from pages.readers import Readers
from pages.render import HEADERS, HERE, PRIVATE, TEAMS_HOSTS, Pages, policy
from pages.session import PERSON, is_in_tab, tab_query
from words.reader import Reader

log = logging.getLogger(__name__)

RETRY_AFTER_S: Final = "30"

PROBED: Final = frozenset({"/", "/livez", "/readyz", "/privacy", "/terms", "/teams.js", "/reseller.css", "/reseller-logo"})
"""What may be asked with HEAD as well: cheap, the same for everybody, and without consequences."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Route = tuple[str, str, Handler]
"""Method, path, handler."""


class Routes:
    """The browser's side of the product.

    audit  where refusals are noted; None for pages that know nobody
    """

    def __init__(self, pages: Pages, readers: Readers, audit: Audit | None = None, measures: Measures = UNMEASURED) -> None:
        self._pages = pages
        self._readers = readers
        self._audit = audit
        self._measures = measures

    def guarded(self, handler: Handler) -> Handler:
        """Return *handler* with every failure turned into a page that says what to do."""

        async def guard(request: web.Request) -> web.StreamResponse:
            reference = correlation.begin()
            try:
                response = await self._answered(handler, request, reference)
            except web.HTTPException:
                raise
            except Exception:
                log.exception("page.failed")
                reader, status = self._readers.of_browser(request), HTTPStatus.INTERNAL_SERVER_ERROR
                said = reader.say("Something went wrong on our side. Please try again in a minute.")
                title, tab, again = reader.say("That did not work"), tab_query(request), refusals.again(reader, request)
                response = self._pages.message(reader, title, said, status=status, reference=reference, action=again, tab=tab)
            return _framed(request, response)

        return guard

    async def _answered(self, handler: Handler, request: web.Request, reference: str) -> web.StreamResponse:
        try:
            return await handler(request)
        except Problem as problem:
            log.info("page.problem", extra={"problem": type(problem).__name__, "facts": problem.facts})
            return self._sign_in(request) if _may_sign_in(request, problem) else await self._refused(request, problem, reference)

    def _sign_in(self, request: web.Request) -> web.Response:
        """Send the browser to sign in, silently where it can, and back to where it wanted to go."""
        there = "teams?tab=1&" if is_in_tab(request) else "start?"
        address = f"{self._pages.root}/auth/{there}{urlencode({'next': request.path_qs})}"
        return web.Response(status=HTTPStatus.SEE_OTHER, headers={**PRIVATE, "Location": address})

    async def _refused(self, request: web.Request, problem: Problem, reference: str) -> web.Response:
        self._measures.count(REFUSALS, where="pages", reason=type(problem).__name__)
        reader, person = await self._readers.of_anybody(request), request.get(PERSON)
        if self._audit is not None and person is not None and isinstance(problem, NotAllowed | NotFound):
            try:
                await self._audit.note(person, "refusal", type(problem).__name__, named_invoice(request))
            except SourceDown as down:
                problem = down
        return self._said(reader, problem, reference, request)

    def _said(self, reader: Reader, problem: Problem, reference: str, request: web.Request) -> web.Response:
        response = self._pages.message(
            reader,
            refusals.title(reader, problem),
            *refusals.said(reader, problem),
            status=problem.status,
            reference=reference,
            facts=refusals.facts(reader, problem, request),
            action=refusals.action(reader, problem, request),
            tab=tab_query(request),
        )
        if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
            response.headers["Retry-After"] = RETRY_AFTER_S
        return response

    def add(self, application: web.Application, *routes: Route) -> None:
        """Add *routes*, guarded, the static files, and a page for whoever goes anywhere else; harden every response."""
        application.on_response_prepare.append(_harden)
        for method, path, handler in routes:
            guarded = self.guarded(handler)
            application.router.add_route(method, path, guarded)
            if method == "GET" and path in PROBED:
                application.router.add_route("HEAD", path, guarded)
        application.router.add_static("/static", HERE / "static")
        application.router.add_route("GET", "/{path:.*}", self.guarded(_nowhere))


async def _harden(_: web.Request, response: web.StreamResponse) -> None:
    """Give every refusal, aiohttp's own as well, the headers of a page, and tell nobody what serves it."""
    response.headers.popall("Server", None)
    if response.status >= HTTPStatus.BAD_REQUEST:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)


async def _nowhere(request: web.Request) -> web.Response:
    """Say that no page has this address, or by which methods it can be asked. Raises NoPage."""
    others = [each for each in request.app.router.resources() if each is not request.match_info.route.resource]
    allowed = {method for each in others for method in (await each.resolve(request))[1]}
    if allowed:
        raise web.HTTPMethodNotAllowed(request.method, allowed)
    raise NoPage


def _framed(request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    """Let Teams frame a page that is asked for as its tab, and nobody else any page."""
    if is_in_tab(request) and response.content_type == "text/html":
        response.headers["Content-Security-Policy"] = policy(TEAMS_HOSTS)
    return response


def _may_sign_in(request: web.Request, problem: Problem) -> bool:
    return isinstance(problem, NotSignedIn) and request.method == "GET" and not request.path.startswith("/auth/")
