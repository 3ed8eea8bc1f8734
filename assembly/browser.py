"""Introduces the parts that deliver in a browser."""

from datetime import timedelta
from urllib.parse import urlsplit

from aiohttp import web

from assembly.backends import Backends
from assembly.chat import ChatSide
from assembly.invoices import InvoiceSide, reseller_of
from assembly.people import People
from backends.postgres.conversations import PostgresConversations
from backends.postgres.disclosure import PostgresDisclosure
from backends.postgres.writing import PostgresWriting
from pages.changed import ChangedRows
from pages.company import CompanyPage
from pages.disclosure import DisclosurePage
from pages.health import Health
from pages.metrics import MetricsPage
from pages.readers import Readers
from pages.render import Pages
from pages.routes import Routes
from pages.session import Visits
from pages.sign_in import SignInPages
from pages.tab import TabPages, TeamsScript


def web_application(backends: Backends, people: People, chat: ChatSide) -> web.Application:
    """Return all addresses of the product."""
    pages = Pages(reseller_of(backends.settings), urlsplit(backends.settings.public).path)
    visits = Visits(people.browsers, people.callers)
    conversations = PostgresConversations(backends.rows, backends.clock)
    readers = Readers(conversations, people.browsers, backends.clock)
    sign_in = SignInPages(people.sign_in, people.browsers, visits, pages, readers, chat.turns.resume)
    tab = TabPages(people.single_sign_on, people.browsers, conversations, pages, readers)
    invoices = InvoiceSide.of(backends, people, pages, readers, visits, chat.following.nudge)
    max_staleness = timedelta(seconds=backends.settings.max_staleness_s)
    keys = chat.channel_keys
    writes = PostgresWriting(backends.rows).check
    health = Health(people.directory, writes, max_staleness, backends.clock, lambda: backends.dataverse.circuit, lambda: keys.age)
    disclosure = DisclosurePage(visits, people.sessions, PostgresDisclosure(backends.all_rows), people.audit, backends.clock)
    token = backends.settings.metrics_token
    metrics = MetricsPage(None if token is None else token.get_secret_value(), backends.measures.exposition)
    application = web.Application()
    application.on_cleanup.append(lambda _: invoices.watch.close())
    application.add_routes(chat.door.routes())
    application.router.add_post("/work365/changed", ChangedRows(_push_key(backends), backends.work365.hints).handle)
    Routes(pages, readers, people.audit, backends.measures).add(
        application,
        ("GET", "/auth/start", sign_in.start),
        ("GET", "/auth/callback", sign_in.callback),
        ("POST", "/auth/sign-out", sign_in.sign_out),
        ("POST", "/company", CompanyPage(visits, people.callers.switch, pages).choose),
        ("GET", "/auth/teams", tab.start),
        ("POST", "/auth/teams", tab.sign_in),
        ("GET", "/teams.js", TeamsScript().script),
        ("GET", "/my-data.json", disclosure.file),
        ("GET", "/livez", health.live),
        ("GET", "/readyz", health.ready),
        ("GET", "/metrics", metrics.metrics),
        *invoices.routes,
    )
    return application


def _push_key(backends: Backends) -> str | None:
    key = backends.settings.work365_push_key
    return None if key is None else key.get_secret_value()
