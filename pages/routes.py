"""Which address leads where, and what a browser sees when something goes wrong."""

import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from aiohttp import web

from billing import correlation
from billing.errors import NotAllowed, NotFound, NotSignedIn, Problem, SourceDown
from billing.measures import REFUSALS, UNMEASURED, Measures
from billing.ports import Audit
from pages.render import HERE, PRIVATE, Pages
from pages.session import PERSON

log = logging.getLogger(__name__)

RETRY_AFTER_S: Final = "30"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Route = tuple[str, str, Handler]
"""Method, path, handler."""


class Routes:
    """The browser's side of the product.

    audit  where refusals are noted; None for pages that know nobody
    """

    def __init__(self, pages: Pages, audit: Audit | None = None, measures: Measures = UNMEASURED) -> None:
        self._pages = pages
        self._audit = audit
        self._measures = measures

    def guarded(self, handler: Handler) -> Handler:
        """Return *handler* with every failure turned into a page that says what to do."""

        async def guard(request: web.Request) -> web.StreamResponse:
            reference = correlation.begin()
            try:
                return await handler(request)
            except Problem as problem:
                log.info("page.problem", extra={"problem": type(problem).__name__, "facts": problem.facts})
                return self._sign_in(request) if _may_sign_in(request, problem) else await self._refused(request, problem, reference)
            except web.HTTPException:
                raise
            except Exception:
                log.exception("page.failed")
                said = "Something went wrong on our side. Please try again in a minute."
                return self._pages.message("That did not work", said, HTTPStatus.INTERNAL_SERVER_ERROR, reference)

        return guard

    def _sign_in(self, request: web.Request) -> web.Response:
        """Send the browser to sign in, silently where it can, and back to where it wanted to go."""
        address = f"{self._pages.root}/auth/start?{urlencode({'next': request.path_qs})}"
        return web.Response(status=HTTPStatus.SEE_OTHER, headers={**PRIVATE, "Location": address})

    async def _refused(self, request: web.Request, problem: Problem, reference: str) -> web.Response:
        self._measures.count(REFUSALS, where="pages", reason=type(problem).__name__)
        person = request.get(PERSON)
        if self._audit is not None and person is not None and isinstance(problem, NotAllowed | NotFound):
            try:
                await self._audit.note(person, "refusal", type(problem).__name__, _invoice(request))
            except SourceDown as down:
                return self._said(down, reference)
        return self._said(problem, reference)

    def _said(self, problem: Problem, reference: str) -> web.Response:
        is_missing = problem.status == HTTPStatus.NOT_FOUND
        response = self._pages.message(_title(problem), problem.say, problem.status, reference, leads_back=is_missing)
        if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
            response.headers["Retry-After"] = RETRY_AFTER_S
        return response

    def add(self, application: web.Application, *routes: Route) -> None:
        """Add *routes*, guarded, and the static files."""
        for method, path, handler in routes:
            application.router.add_route(method, path, self.guarded(handler))
        application.router.add_static("/static", HERE / "static")


def _may_sign_in(request: web.Request, problem: Problem) -> bool:
    return isinstance(problem, NotSignedIn) and request.method == "GET" and not request.path.startswith("/auth/")


def _invoice(request: web.Request) -> str:
    """Return the invoice that an address names; "" for what is no id: an address may hold anything."""
    try:
        return str(UUID(request.match_info.get("id", "")))
    except ValueError:
        return ""


def _title(problem: Problem) -> str:
    if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        return "Please try again in a minute"
    if problem.status == HTTPStatus.FORBIDDEN:
        return "No access"
    return "Not found" if problem.status == HTTPStatus.NOT_FOUND else "That did not work"
