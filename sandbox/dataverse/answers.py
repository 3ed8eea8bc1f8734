"""Answers to reading requests: rows, a row, related rows, and what has changed since a delta link was given."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

from aiohttp import web

from sandbox.dataverse import pages
from sandbox.dataverse.columns import Row
from sandbox.dataverse.environment import Environment
from sandbox.dataverse.pages import Cookie
from sandbox.dataverse.problems import ApiProblem, bad_query, no_segment
from sandbox.dataverse.query import Expand, Query, query_of, readable
from sandbox.dataverse.table import Order, Table
from sandbox.dataverse.wire import quoted
from sandbox.dataverse.writer import RowWriter, related
from sandbox.site import Site

DELTA_LIFE = timedelta(days=7)

_JSON = "application/json"
_STAMP = "%m/%d/%Y %H:%M:%S"


class Prefer:
    """The wishes in a request's ``Prefer`` headers."""

    def __init__(self, request: web.Request) -> None:
        wishes = ",".join(request.headers.getall("Prefer", [])).replace('"', "")
        size = re.search(r"odata\.maxpagesize=(\d+)", wishes)
        self.sized = bool(size)
        self.size = min(int(size[1]), pages.MOST) if size and int(size[1]) else pages.MOST
        self.tracked = "odata.track-changes" in wishes
        self.annotated = "odata.include-annotations" in wishes
        self.applied = ",".join(re.findall(r"odata\.(?:maxpagesize=\d+|track-changes)", wishes))


class Answers:
    """Builds the answers."""

    def __init__(self, environment: Environment, site: Site) -> None:
        self._environment = environment
        self._site = site

    def rows(self, request: web.Request, table: Table) -> web.Response:
        """Answer ``GET /invoices``: a page of rows."""
        prefer = Prefer(request)
        query = query_of(self._environment, table, request.query)
        cookie = self._cookie(request, query, tracked=prefer.tracked)
        top = None if prefer.sized else query.top  # a page size makes Dataverse ignore $top
        found = pages.page(query, prefer.size if top is None else min(top, pages.MOST), cookie)
        further = ""
        if found.more and top is None:
            following = pages.continued(query, found.rows[-1], cookie)
            further = f',"@odata.nextLink":{quoted(self._link(request, skiptoken=following.written()))}'
        elif cookie.version:
            further = self._delta_link(request, cookie.version)
        texts = map(self._writer(query, prefer).text, found.rows)
        return _json(f'{{{self._head(query, prefer)}"value":[{",".join(texts)}]{further}}}', prefer)

    def row(self, request: web.Request, table: Table, row: Row) -> web.Response:
        """Answer ``GET /invoices(<id>)``."""
        prefer = Prefer(request)
        query = query_of(self._environment, table, request.query)
        answer = _json(self._single(query, self._writer(query, prefer).text(row)), prefer)
        answer.headers["ETag"] = f'W/"{row["versionnumber"]}"'
        return answer

    def related(self, request: web.Request, table: Table, row: Row, name: str) -> web.Response:
        """Answer ``GET /contacts(<id>)/adx_webrole_contact``: the rows that a row is related to."""
        prefer = Prefer(request)
        navigation = table.definition.navigations.get(name)
        if not navigation:
            raise no_segment(name)
        query = query_of(self._environment, readable(self._environment, navigation.target), request.query)
        rows = related(self._environment, Expand(name, navigation, query), row, table.definition.key)
        texts = list(map(self._writer(query, prefer).text, rows))
        if navigation.many:
            return _json(f'{{"@odata.context":{self._context(query)},"value":[{",".join(texts)}]}}', prefer)
        return _json(self._single(query, texts[0]), prefer) if texts else web.Response(status=204)

    def changes(self, request: web.Request, table: Table) -> web.Response:
        """Answer a delta link: rows created or changed since, and the ids of those deleted, in order of their versions."""
        prefer = Prefer(request)
        query = query_of(self._environment, table, {name: value for name, value in request.query.items() if name != "$deltatoken"})
        since = self._since(request.query["$deltatoken"])
        changed = sorted(_changed(table, since))
        part = changed[: prefer.size]
        writer = self._writer(query, prefer)
        gone = self._context_text(table.definition.plural, "/$deletedEntity")
        texts = [
            writer.text(table[row_id]) if row_id in table else f'{{"@odata.context":{gone},"id":"{row_id}","reason":"deleted"}}'
            for _, row_id in part
        ]
        if len(part) < len(changed):
            further = f',"@odata.nextLink":{quoted(self._link(request, deltatoken=self._delta_token(part[-1][0])))}'
        else:
            further = self._delta_link(request, self._environment.versions.last)
        return _json(f'{{"@odata.context":{self._context(query, "/$delta")},"value":[{",".join(texts)}]{further}}}', prefer)

    def _cookie(self, request: web.Request, query: Query, *, tracked: bool) -> Cookie:
        if "$skiptoken" in request.query:
            return Cookie.read(request.query["$skiptoken"])
        if not tracked:
            return Cookie()
        if query.condition or query.orders or query.expands or query.top is not None:
            raise bad_query("Change tracking supports no query option but $select.")
        return Cookie(version=self._environment.versions.last)

    def _head(self, query: Query, prefer: Prefer) -> str:
        head = f'"@odata.context":{self._context(query)},'
        if query.counted:
            counted = pages.count(query)
            head += f'"@odata.count":{counted},'
            if prefer.annotated:
                beyond = "true" if counted == pages.MOST else "false"
                total = "Microsoft.Dynamics.CRM.totalrecordcount"
                head += f'"@{total}":{counted},"@{total}limitexceeded":{beyond},'
        return head

    def _writer(self, query: Query, prefer: Prefer) -> RowWriter:
        return RowWriter(self._environment, query, annotated=prefer.annotated)

    def _single(self, query: Query, text: str) -> str:
        return f'{{"@odata.context":{self._context(query, "/$entity")},{text[1:]}'

    def _context(self, query: Query, suffix: str = "") -> str:
        return self._context_text(query.table.definition.plural + _projection(query), suffix)

    def _context_text(self, path: str, suffix: str) -> str:
        return quoted(f"{self._root}/$metadata#{path}{suffix}")

    @property
    def _root(self) -> str:
        return f"{self._site.base_url}/dataverse/api/data/v9.2"

    def _link(self, request: web.Request, **tokens: str) -> str:
        options = {name: value for name, value in request.query.items() if name not in {"$skiptoken", "$deltatoken"}}
        options |= {f"${name}": value for name, value in tokens.items()}
        return f"{self._root}/{request.match_info['path']}?{urlencode(options, quote_via=quote, safe='$,()')}"

    def _delta_link(self, request: web.Request, version: int) -> str:
        return f',"@odata.deltaLink":{quoted(self._link(request, deltatoken=self._delta_token(version)))}'

    def _delta_token(self, version: int) -> str:
        return f"{version}!{self._site.clock().strftime(_STAMP)}"

    def _since(self, token: str) -> int:
        version, _, stamp = token.partition("!")
        try:
            given = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
            since = int(version)
        except ValueError as e:
            raise bad_query("The delta token is not valid.") from e
        if given + DELTA_LIFE < self._site.clock():
            raise ApiProblem(400, "0x80044352", "Version stamp associated with the client has expired. Please perform a full sync.")
        return since


def _changed(table: Table, since: int) -> Iterator[tuple[int, str]]:
    by_version = table.index(None, (Order(table.definition.columns["versionnumber"]),))
    yield from (place for place in by_version.places(None, since + 1, None))
    for version, row_id in reversed(table.removed):
        if version <= since:
            return
        if row_id not in table:
            yield version, row_id


def _projection(query: Query) -> str:
    inner = [*query.selected, *(f"{each.name}({','.join(each.query.selected)})" for each in query.expands)]
    return f"({','.join(inner)})" if inner else ""


def _json(text: str, prefer: Prefer) -> web.Response:
    headers = {"Preference-Applied": prefer.applied} if prefer.applied else {}
    return web.Response(text=text, content_type=_JSON, headers=headers)
