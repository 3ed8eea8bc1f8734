"""A stand-in for Dataverse: its Web API v9.2 over the tables of Work 365, with the original's answers, errors and limits."""

from aiohttp import web

from sandbox.dataverse.api import Api
from sandbox.dataverse.door import Door, Guarded
from sandbox.dataverse.environment import Environment, environment
from sandbox.dataverse.table import Table

__all__ = ["Environment", "Table", "environment", "routes"]


def routes(world: Guarded) -> list[web.RouteDef]:
    """Return the Web API's one route; its paths are OData's and are taken apart by the Api."""
    api = Api(environment(world), world.site)
    door = Door(world, environment(world).limits, api.handle)
    return [web.route("*", "/dataverse/api/data/v9.2/{path:.*}", door.handle)]
