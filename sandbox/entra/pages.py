"""Entra's few pages: pick an account, agree, an error, and the form that carries an answer back."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sandbox.people import DemoPerson

STATIC = Path(__file__).parent / "static"
_PERMISSIONS = {
    "openid": "Sign you in",
    "profile": "View your basic profile",
    "email": "View your email address",
    "User.Read": "Read your profile",
    "offline_access": "Maintain access to data you have given it access to",
}
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'",
}


class Pages:
    """Draws the pages."""

    def __init__(self) -> None:
        loader = FileSystemLoader(Path(__file__).parent / "templates")
        self._templates = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)

    def pick(self, people: Sequence[DemoPerson], action: str) -> web.Response:
        """Let the person say who they are; the form goes to *action*."""
        return self._page("pick.html", people=people, action=action)

    def consent(self, person: DemoPerson, scopes: Sequence[str], action: str) -> web.Response:
        """Ask whether the application may act for the person."""
        permissions = [_PERMISSIONS.get(each, each) for each in scopes]
        return self._page("consent.html", person=person, permissions=permissions, action=action)

    def error(self, message: str) -> web.Response:
        """Say why nobody can be signed in."""
        return self._page("error.html", status=400, message=message)

    def signed_out(self) -> web.Response:
        """Say that the browser has forgotten who was there."""
        return self._page("signed_out.html")

    def form_post(self, action: str, fields: Mapping[str, str]) -> web.Response:
        """Carry an answer to the application in the body of a POST."""
        return self._page("form_post.html", action=action, fields=fields)

    def _page(self, name: str, *, status: int = 200, **values: object) -> web.Response:
        text = self._templates.get_template(name).render(values)
        return web.Response(text=text, status=status, content_type="text/html", headers=_HEADERS)
