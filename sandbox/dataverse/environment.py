"""A Dataverse environment: its tables and its limits."""

from typing import Protocol

from sandbox.dataverse.columns import Row
from sandbox.dataverse.limits import Limits
from sandbox.dataverse.table import Table, Versions
from sandbox.dataverse.work365 import definitions
from sandbox.site import Site


class Home(Protocol):
    """What an environment lives in: the sandbox's World."""

    site: Site
    tables: dict[str, dict[str, Row]]


class Environment(dict[str, dict[str, Row]]):
    """Every table by entity set name. Taking one out makes the Web API deny that it exists."""

    def __init__(self, site: Site) -> None:
        super().__init__()
        self.limits = Limits(site)
        self.versions = Versions()
        for definition in definitions():
            self[definition.plural] = Table(definition, site, self.versions)

    def table(self, plural: str) -> Table:
        """Return a table by entity set name. KeyError where there is none."""
        table = self[plural]
        if not isinstance(table, Table):
            raise KeyError(plural)
        return table

    def by_logical(self, logical: str) -> Table | None:
        """Return a table by logical name."""
        return next((each for each in map(self.table, self) if each.definition.logical == logical), None)


def environment(world: Home) -> Environment:
    """Return the world's environment, with empty tables the first time."""
    if not isinstance(world.tables, Environment):
        world.tables = Environment(world.site)
    return world.tables
