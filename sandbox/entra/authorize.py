"""The authorize endpoint: who is at the browser, do they agree, and back to the application."""

import secrets
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from sandbox.entra.cloud import Entra
from sandbox.entra.errors import EntraError
from sandbox.entra.pages import Pages
from sandbox.entra.question import Question, question
from sandbox.entra.registry import admitted
from sandbox.entra.tokens import Asked, client_info
from sandbox.people import DemoPerson

COOKIE = "ESTSAUTH"
"""Remembers who is signed in to a browser."""

_LIFE_S = 24 * 3600


class SignIn:
    """Walks a browser from an application's question to its answer."""

    def __init__(self, entra: Entra, pages: Pages) -> None:
        self._entra = entra
        self._pages = pages

    async def handle_authorize(self, request: web.Request) -> web.Response:
        """Answer ``GET /{tenant}/oauth2/v2.0/authorize``: at once where the browser is known, else with a page."""
        try:
            asked = question(self._entra, request.match_info["tenant"], request.query)
        except EntraError as error:
            return self._pages.error(str(error))
        try:
            asked.check()
            return self._at_once(request, asked) or self._pages.pick(self._choice(asked), _pick_path(request))
        except EntraError as error:
            return self._refused(asked, error)

    async def handle_pick(self, request: web.Request) -> web.Response:
        """Answer ``POST /{tenant}/pick``: the person has said who they are, or has answered the consent page."""
        form = await request.post()
        try:
            asked = question(self._entra, request.match_info["tenant"], request.query)
            asked.check()
            person = self._named(asked, str(form.get("person", "")))
        except EntraError as error:
            return self._pages.error(str(error))
        if form.get("consent") == "no":
            return self._refused(asked, EntraError(65004, "access_denied", "User declined to consent to access the app."))
        if form.get("consent") == "yes":
            self._entra.give_consent(person, asked.client.id)
        session = self._remember(request, person, met=bool(asked.claims))
        answer = self._agreed(request, asked, person, session, has_answered=form.get("consent") == "yes")
        answer.set_cookie(COOKIE, session, max_age=_LIFE_S, httponly=True, samesite="Lax", path="/")
        return answer

    async def handle_sign_out(self, request: web.Request) -> web.Response:
        """Answer ``GET /{tenant}/oauth2/v2.0/logout``; lead back to the application where the address is its own."""
        self._entra.sessions.pop(request.cookies.get(COOKIE, ""), None)
        target = request.query.get("post_logout_redirect_uri", "")
        is_own = any(client.owns(target) for client in self._entra.clients.values())
        answer = _redirect(target) if is_own else self._pages.signed_out()
        answer.del_cookie(COOKIE)
        return answer

    def _at_once(self, request: web.Request, asked: Question) -> web.Response | None:
        """Return the answer for a browser that is known; None where the person must be asked who they are."""
        session = request.cookies.get(COOKIE, "")
        known = self._known(session, asked)
        if asked.prompt == "none":
            return self._answer(asked, self._silently(known, asked), session)
        if len(known) == 1 and asked.prompt in ("", "consent") and not asked.claims:
            return self._agreed(request, asked, known[0], session)
        return None

    def _silently(self, known: list[DemoPerson], asked: Question) -> DemoPerson:
        if not known:
            raise EntraError(50058, "login_required", "Session information is not sufficient for single-sign-on.")
        if len(known) > 1:
            raise EntraError(16000, "interaction_required", "Multiple user identities are available; an account must be selected.")
        if not self._entra.has_consent(known[0], asked.client.id):
            raise EntraError(65001, "consent_required", "The user or administrator has not consented to use the application.")
        if asked.claims:
            raise EntraError(50076, "interaction_required", "You must use multi-factor authentication to access the resource.")
        return known[0]

    def _known(self, session: str, asked: Question) -> list[DemoPerson]:
        """Return who is signed in to the browser and may answer the question."""
        signed_in = self._entra.sessions.get(session, {})
        hint = asked.query.get("login_hint", "").lower()
        return [each for each in self._choice(asked) if each.oid in signed_in and hint in ("", each.upn)]

    def _choice(self, asked: Question) -> list[DemoPerson]:
        """Return who may sign in, the hinted person first."""
        hint = asked.query.get("login_hint", "").lower()
        people = [each for each in admitted(self._entra.people, asked.tenant) if not self._entra.is_disabled(each)]
        return sorted(people, key=lambda each: each.upn != hint)

    def _named(self, asked: Question, key: str) -> DemoPerson:
        """Return the chosen person. Raises EntraError."""
        for person in self._entra.people:
            if person.key == key and person not in admitted([person], asked.tenant):
                raise EntraError(50020, "access_denied", f"User account '{person.upn}' does not exist in the tenant.")
            if person.key == key and self._entra.is_disabled(person):
                raise EntraError(50057, "access_denied", "The user account is disabled.")
            if person.key == key:
                return person
        raise EntraError(50034, "access_denied", "The user account does not exist in the directory.")

    def _remember(self, request: web.Request, person: DemoPerson, *, met: bool) -> str:
        """Sign the person in to this browser, under a new session id."""
        held = self._entra.sessions.pop(request.cookies.get(COOKIE, ""), {})
        session = secrets.token_urlsafe(32)
        self._entra.sessions[session] = held | {person.oid: self._entra.site.clock()}
        if met:
            self._entra.meet_challenge(person)
        return session

    def _agreed(
        self, request: web.Request, asked: Question, person: DemoPerson, session: str, *, has_answered: bool = False
    ) -> web.Response:
        """Return the answer, or the page that asks for consent first."""
        is_due = asked.prompt == "consent" or not self._entra.has_consent(person, asked.client.id)
        if is_due and not has_answered:
            return self._pages.consent(person, asked.query["scope"].split(), _pick_path(request))
        return self._answer(asked, person, session)

    def _answer(self, asked: Question, person: DemoPerson, session: str) -> web.Response:
        since = self._entra.sessions[session][person.oid]
        given = Asked(person, asked.client.id, asked.query["scope"], since, asked.query.get("nonce"), asked.context)
        code = self._entra.issued.code(given, asked.redirect_uri, asked.query.get("code_challenge"))
        told = {"code": code, "session_state": session[:16]}
        return self._send(asked, told | ({"client_info": client_info(person)} if asked.query.get("client_info") else {}))

    def _refused(self, asked: Question, error: EntraError) -> web.Response:
        return self._send(asked, {"error": error.error, "error_description": str(error)})

    def _send(self, asked: Question, fields: Mapping[str, str]) -> web.Response:
        state = {"state": asked.query["state"]} if "state" in asked.query else {}
        if asked.mode == "form_post":
            return self._pages.form_post(asked.redirect_uri, {**fields, **state})
        mark = "#" if asked.mode == "fragment" else "&" if urlsplit(asked.redirect_uri).query else "?"
        return _redirect(f"{asked.redirect_uri}{mark}{urlencode({**fields, **state})}")


def _pick_path(request: web.Request) -> str:
    return f"/{request.match_info['tenant']}/pick?{request.query_string}"


def _redirect(target: str) -> web.Response:
    return web.Response(status=302, headers={"Location": target, "Cache-Control": "no-store"})
