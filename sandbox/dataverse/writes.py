"""Creating, changing and deleting rows. Nothing of a deleted row remains but its id, for change tracking."""

import json
import re
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from aiohttp import web

from sandbox.dataverse.columns import Column, Kind, Row, Value
from sandbox.dataverse.environment import Environment
from sandbox.dataverse.filters import read
from sandbox.dataverse.problems import ApiProblem, no_privilege, no_row, no_segment
from sandbox.dataverse.table import Table
from sandbox.dataverse.wire import Shape
from sandbox.site import Site

Json = Any
"""A value as it came out of ``json.loads``."""

_ACCEPTED: Mapping[Kind, Any] = {
    Kind.MONEY: int | Decimal,
    Kind.DECIMAL: int | Decimal,
    Kind.INTEGER: int,
    Kind.PICKLIST: int,
    Kind.STATE: int,
    Kind.STATUS: int,
    Kind.BOOLEAN: bool,
}
"""What JSON must hold for a column; text for all others."""

_BIND = "@odata.bind"
_REFERENCE = re.compile(r"(?:.*/)?(\w+)\(([0-9a-fA-F-]{36})\)")


class Writes:
    """Answers writing requests."""

    def __init__(self, environment: Environment, site: Site) -> None:
        self._environment = environment
        self._site = site

    async def create(self, request: web.Request, plural: str) -> web.Response:
        """Answer ``POST /invoices``: 204 with the new row's address, or 201 with the row where the client prefers it."""
        table = self._table(plural, "Create")
        values = self._values(table, await _body(request))
        key = table.definition.key
        row = table.put({key: str(uuid.uuid4()), **values})
        return self._written(request, table, row, 201)

    async def change(self, request: web.Request, plural: str, row_id: str) -> web.Response:
        """Answer ``PATCH`` and ``DELETE`` of ``/invoices(<id>)``; ``If-Match`` guards against a row changed meanwhile."""
        deletes = request.method == "DELETE"
        table = self._table(plural, "Delete" if deletes else "Write")
        _check_version(request, table, row_id, must_exist=deletes)
        if deletes:
            table.remove(row_id)
            return web.Response(status=204)
        values = self._values(table, await _body(request))
        row = table.change(row_id, **values) if row_id in table else table.put({table.definition.key: row_id, **values})
        return self._written(request, table, row, 200)

    def _table(self, plural: str, privilege: str) -> Table:
        if plural not in self._environment:
            raise no_segment(plural)
        table = self._environment.table(plural)
        if privilege in table.forbidden:
            raise no_privilege(privilege, table.definition.logical)
        return table

    def _values(self, table: Table, body: Mapping[str, Json]) -> Row:
        return dict(self._value(table, name, value) for name, value in body.items())

    def _value(self, table: Table, name: str, value: Json) -> tuple[str, Value]:
        if name.endswith(_BIND):
            return self._bound(table, name.removesuffix(_BIND), value)
        column = table.definition.columns.get(name)
        if not column or column.targets or column.name == "versionnumber":
            raise _bad_payload(f"Invalid property '{name}' was found in entity 'Microsoft.Dynamics.CRM.{table.definition.logical}'.")
        return name, _cell(column, value)

    def _bound(self, table: Table, name: str, value: Json) -> tuple[str, Value]:
        navigation = table.definition.navigations.get(name)
        if not navigation or navigation.many:
            raise _bad_payload(f"An undeclared property '{name}' was found in the payload.")
        if value is None:
            return navigation.column, None
        found = _REFERENCE.fullmatch(str(value))
        if not found or found[1] != navigation.target:
            raise _bad_payload(f"'{value}' is no reference to a row of {navigation.target}.")
        if found[2].lower() not in self._environment.table(navigation.target):
            raise no_row(self._environment.table(navigation.target).definition.logical, found[2])
        return navigation.column, found[2].lower()

    def _written(self, request: web.Request, table: Table, row: Row, status: int) -> web.Response:
        plural, key = table.definition.plural, table.definition.key
        address = f"{self._site.base_url}/dataverse/api/data/v9.2/{plural}({row[key]})"
        if "return=representation" not in request.headers.get("Prefer", ""):
            return web.Response(status=204, headers={"OData-EntityId": address})
        text = Shape(self._environment, tuple(table.definition.columns.values()), annotated=False).open(row) + "}"
        return web.Response(status=status, text=text, content_type="application/json", headers={"OData-EntityId": address})


def _check_version(request: web.Request, table: Table, row_id: str, *, must_exist: bool) -> None:
    match = request.headers.get("If-Match")
    if row_id not in table:
        if match or must_exist:
            raise no_row(table.definition.logical, row_id)
    elif match not in (None, "*", f'W/"{table[row_id]["versionnumber"]}"'):
        raise ApiProblem(412, "0x80060882", "The version of the existing record doesn't match the RowVersion property provided.")


async def _body(request: web.Request) -> Mapping[str, Json]:
    """Return the members of the payload, without annotations."""
    try:
        body: Json = json.loads(await request.read(), parse_float=Decimal)
    except ValueError as e:
        raise _bad_payload("The payload is no JSON.") from e
    if not isinstance(body, dict):
        raise _bad_payload("The payload is no JSON object.")
    members = cast("dict[str, Json]", body)
    return {name: value for name, value in members.items() if not name.startswith("@")}


def _cell(column: Column, value: Json) -> Value:
    if value is None or value == "":
        return None
    if not isinstance(value, _ACCEPTED.get(column.kind, str)) or isinstance(value, bool) != (column.kind is Kind.BOOLEAN):
        raise _bad_payload(f"Cannot convert the value of '{column.name}' to {column.kind.attribute_type}.")
    try:
        return read(column, value) if isinstance(value, str) else _number(column, value)
    except ValueError as e:
        raise _bad_payload(f"Cannot convert '{value}' to {column.kind.attribute_type}.") from e


def _number(column: Column, value: Json) -> Value:
    return Decimal(value) if column.kind in {Kind.MONEY, Kind.DECIMAL} else value


def _bad_payload(message: str) -> ApiProblem:
    return ApiProblem(400, "0x80048d19", f"Error identified in Payload provided by the user: {message}")
