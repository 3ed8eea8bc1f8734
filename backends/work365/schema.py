"""Whether the mapping fits the environment: which names are missing there, and what still works without them."""

import logging
from collections.abc import Iterable
from contextlib import aclosing
from dataclasses import dataclass, replace
from http import HTTPStatus
from itertools import filterfalse
from operator import attrgetter

from backends.dataverse.client import Dataverse
from backends.dataverse.query import Query, logical_name
from backends.work365.mapping import Work365Mapping
from backends.work365.names import Names
from backends.work365.questions import Questions
from billing.errors import NotFound, SourceDown

log = logging.getLogger(__name__)

OPTIONAL_TABLE = "usage"
"""Without it there is no download, and all else works."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that the mapping names and the environment lacks, or does not let us read.

    at      section and field of the mapping (``invoices.pay_link``)
    name    what it is called there
    fatal   whether the bot cannot work without it
    """

    at: str
    name: str
    what: str
    fatal: bool

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.at} = {self.name}: {self.what}{'' if self.fatal else '; switched off'}"


class Schema:
    """The mapping, less what the environment lacks. The environment is asked once, and again after ``forget``."""

    def __init__(self, dataverse: Dataverse, mapping: Work365Mapping) -> None:
        self._dataverse = dataverse
        self._mapping = mapping
        self._fitting: Work365Mapping | None = None

    async def names(self) -> Work365Mapping:
        """Return the names that can be relied on. Raises SourceDown, with their names, where necessary ones are missing."""
        if self._fitting is None:
            self._fitting = await self._fit()
        return self._fitting

    def forget(self) -> None:
        """Ask the environment again next time: something was not as expected."""
        self._fitting = None

    async def _fit(self) -> Work365Mapping:
        try:
            findings = await missing(self._dataverse, self._mapping)
        except SourceDown as refusal:
            if refusal.facts.get("status") != HTTPStatus.FORBIDDEN:
                raise
            log.warning("work365.metadata_forbidden")  # a security role may keep them; the tables themselves will tell
            findings = []
        for finding in findings:
            log.log(logging.ERROR if finding.fatal else logging.WARNING, "work365.missing", extra={"finding": str(finding)})
        fatal = [finding.at for finding in findings if finding.fatal]
        if fatal:
            raise SourceDown(source="work365", missing=",".join(fatal))
        return without(self._mapping, findings)


async def check(dataverse: Dataverse, mapping: Work365Mapping) -> list[Finding]:
    """Return everything that is missing or not readable; empty when all is well. Raises SourceDown."""
    findings = await missing(dataverse, mapping)
    if any(finding.fatal for finding in findings):
        return findings
    questions = Questions(without(mapping, findings))
    refusals = [await _refusal(dataverse, at, query) for at, query in questions.samples().items()]
    return findings + [finding for finding in refusals if finding]


async def missing(dataverse: Dataverse, mapping: Work365Mapping) -> list[Finding]:
    """Return the names that the environment's metadata lack. Raises SourceDown."""
    tables = mapping.tables
    found = await dataverse.definitions(each.logical_name for each in tables.values())
    findings: list[Finding] = []
    for at, names in tables.items():
        definition = found.get(names.logical_name)
        if definition is None:
            findings.append(Finding(at, names.logical_name, "there is no such table", at != OPTIONAL_TABLE))
        elif definition.entity_set != names.entity_set:
            findings.append(Finding(f"{at}.entity_set", names.entity_set, f"it is {definition.entity_set}", at != OPTIONAL_TABLE))
        else:
            findings += _missing_columns(at, names, definition.columns)
    return findings


def without(mapping: Work365Mapping, findings: Iterable[Finding]) -> Work365Mapping:
    """Return the mapping with the optional names of *findings* switched off."""
    for finding in filterfalse(attrgetter("fatal"), findings):
        at, _, field = finding.at.partition(".")
        names = getattr(mapping, at)
        if names is None or field in {"", "entity_set"} or field in names.necessary:
            mapping = replace(mapping, usage=None)
        else:
            kept = tuple(each for each in names.by_field[field] if each != finding.name)
            mapping = replace(mapping, **{at: replace(names, **{field: kept if isinstance(getattr(names, field), tuple) else None})})
    return mapping


def _missing_columns(at: str, names: Names, columns: frozenset[str]) -> list[Finding]:
    return [
        Finding(f"{at}.{field}", column, "there is no such column", fatal=field in names.necessary and at != OPTIONAL_TABLE)
        for field, mapped in names.by_field.items()
        for column in mapped
        if logical_name(column) not in columns
    ]


async def _refusal(dataverse: Dataverse, at: str, query: Query) -> Finding | None:
    try:
        async with aclosing(dataverse.pages(query, size=1)) as pages:
            await anext(pages)
    except (SourceDown, NotFound) as refusal:
        return Finding(at, query.table, f"cannot be read ({refusal})", at != OPTIONAL_TABLE)
    return None
