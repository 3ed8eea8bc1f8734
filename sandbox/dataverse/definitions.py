"""``EntityDefinitions``: which tables and columns there are, as a client may ask before it relies on them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from aiohttp import web

from sandbox.dataverse.columns import Column, Definition, Kind, define
from sandbox.dataverse.environment import Environment
from sandbox.dataverse.filters import parse, predicate
from sandbox.dataverse.problems import ApiProblem, no_property, no_segment
from sandbox.dataverse.query import nested, split
from sandbox.people import stable_id

_PATH = re.compile(r"EntityDefinitions(?:\(LogicalName='(\w+)'\))?(/Attributes)?")
_TABLE = define(
    "EntityMetadata EntityDefinitions MetadataId",
    "LogicalName",
    {Kind.STRING: "LogicalName EntitySetName PrimaryIdAttribute PrimaryNameAttribute"},
)
_ATTRIBUTE = define("AttributeMetadata Attributes MetadataId", "LogicalName", {Kind.STRING: "LogicalName AttributeType SchemaName"})

Options = Mapping[str, str]


class Definitions:
    """Answers questions about the environment's tables."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def answer(self, path: str, options: Options) -> web.Response:
        """Answer for all tables, one of them, or its columns. Raises ApiProblem."""
        found = _PATH.fullmatch(path)
        if not found or (found[2] and not found[1]):
            raise no_segment(path)
        if not found[1]:
            definitions = [self._environment.table(plural).definition for plural in self._environment]
            rows = _chosen(_TABLE, [_described(each) for each in definitions], options)
            return web.json_response({"value": [_narrowed(_TABLE, row, options) for row in rows]})
        table = self._environment.by_logical(found[1])
        if table is None:
            message = f"Could not find an entity with name {found[1]} and with id 00000000-0000-0000-0000-000000000000."
            raise ApiProblem(404, "0x80040217", message)
        row = _described(table.definition)
        return web.json_response({"value": _columns(row, options)} if found[2] else _narrowed(_TABLE, row, options))


def _described(definition: Definition) -> dict[str, Any]:
    return {
        "MetadataId": stable_id(f"table.{definition.logical}"),
        "LogicalName": definition.logical,
        "EntitySetName": definition.plural,
        "PrimaryIdAttribute": definition.key,
        "PrimaryNameAttribute": definition.title,
        "Attributes": [_attribute(definition, column) for column in definition.columns.values()],
    }


def _attribute(definition: Definition, column: Column) -> dict[str, Any]:
    return {
        "MetadataId": stable_id(f"column.{definition.logical}.{column.logical}"),
        "LogicalName": column.logical,
        "SchemaName": column.logical,
        "AttributeType": column.kind.attribute_type,
    }


def _narrowed(definition: Definition, row: dict[str, Any], options: Options) -> dict[str, Any]:
    """Return what ``$select`` and ``$expand=Attributes(...)`` leave of a described table or column."""
    names = list(split(options.get("$select", ""), ",")) or [name for name in row if name != "Attributes"]
    for name in names:
        if name not in definition.columns:
            raise no_property(name, definition.logical)
    kept = {name: row.get(name) for name in ("MetadataId", *names)}
    return kept | dict(_expanded(row, options))


def _expanded(row: dict[str, Any], options: Options) -> Iterator[tuple[str, Any]]:
    for part in split(options.get("$expand", ""), ","):
        name, _, inner = part.partition("(")
        if name != "Attributes":
            raise no_property(name, "EntityMetadata")
        yield name, _columns(row, nested(inner))


def _columns(row: dict[str, Any], options: Options) -> list[dict[str, Any]]:
    return [_narrowed(_ATTRIBUTE, each, options) for each in _chosen(_ATTRIBUTE, row["Attributes"], options)]


def _chosen(definition: Definition, rows: list[dict[str, Any]], options: Options) -> list[dict[str, Any]]:
    text = options.get("$filter")
    return list(filter(predicate(parse(text, definition)), rows)) if text else rows
