"""The Web API: from a path to the rows, definitions or changes that it names."""

import re
from http import HTTPStatus

from aiohttp import web

from sandbox.dataverse import pages
from sandbox.dataverse.answers import Answers
from sandbox.dataverse.columns import Row
from sandbox.dataverse.definitions import Definitions
from sandbox.dataverse.environment import Environment
from sandbox.dataverse.problems import ApiProblem, no_row, no_segment
from sandbox.dataverse.query import query_of, readable
from sandbox.dataverse.table import Table
from sandbox.dataverse.writes import Writes
from sandbox.people import stable_id
from sandbox.site import Site

_GUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_SET = re.compile(r"(\w+)(/\$count)?")
_ROW = re.compile(rf"(\w+)\(({_GUID})\)(?:/(\w+))?")


class Api:
    """Answers requests that have passed the door."""

    def __init__(self, environment: Environment, site: Site) -> None:
        self._environment = environment
        self._answers = Answers(environment, site)
        self._definitions = Definitions(environment)
        self._writes = Writes(environment, site)

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one request. Raises ApiProblem."""
        path = request.match_info["path"]
        if path in {"WhoAmI", "WhoAmI()"}:
            return web.json_response({name: stable_id(name) for name in ("BusinessUnitId", "UserId", "OrganizationId")})
        if path.startswith("EntityDefinitions"):
            return self._definitions.answer(path, request.query)
        if found := _SET.fullmatch(path):
            return await self._on_set(request, found[1], only_count=bool(found[2]))
        if found := _ROW.fullmatch(path):
            return await self._on_row(request, found[1], found[2].lower(), found[3])
        raise no_segment(path.partition("/")[0])

    async def _on_set(self, request: web.Request, plural: str, *, only_count: bool) -> web.Response:
        if request.method == "POST":
            return await self._writes.create(request, plural)
        table = readable(self._environment, plural)
        if only_count:
            return web.Response(text=str(pages.count(query_of(self._environment, table, request.query))))
        _only_get(request)
        return self._answers.changes(request, table) if "$deltatoken" in request.query else self._answers.rows(request, table)

    async def _on_row(self, request: web.Request, plural: str, row_id: str, property_name: str | None) -> web.Response:
        if request.method in {"PATCH", "DELETE"}:
            return await self._writes.change(request, plural, row_id)
        _only_get(request)
        table = readable(self._environment, plural)
        if property_name:
            return self._answers.related(request, table, _row(table, row_id), property_name)
        return self._answers.row(request, table, _row(table, row_id))


def _row(table: Table, row_id: str) -> Row:
    if row_id not in table:
        raise no_row(table.definition.logical, row_id)
    return table[row_id]


def _only_get(request: web.Request) -> None:
    if request.method != "GET":
        raise ApiProblem(HTTPStatus.METHOD_NOT_ALLOWED, "0x80060888", f"The requested resource does not support '{request.method}'.")
