"""Dataverse's error answers: an HTTP status, a hexadecimal code and a message."""

from collections.abc import Mapping

from aiohttp import web


class ApiProblem(Exception):
    """An error in the shape in which Dataverse answers it."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers or {}

    def response(self) -> web.Response:
        """Return it as ``{"error": {"code": ..., "message": ...}}``."""
        body = {"error": {"code": self.code, "message": self.message}}
        return web.json_response(body, status=self.status, headers=self.headers)


def bad_query(message: str) -> ApiProblem:
    """Return the answer to a query that the URL parser refuses."""
    return ApiProblem(400, "0x80060888", message)


def no_property(name: str, logical: str) -> ApiProblem:
    """Return the answer to a column that the table lacks: renamed, deleted, or misspelt."""
    return bad_query(f"Could not find a property named '{name}' on type 'Microsoft.Dynamics.CRM.{logical}'.")


def no_segment(segment: str) -> ApiProblem:
    """Return the answer to an entity set or property that does not exist."""
    return ApiProblem(404, "0x8006088a", f"Resource not found for the segment '{segment}'.")


def no_row(logical: str, row_id: str) -> ApiProblem:
    """Return the answer to an id that no row has."""
    return ApiProblem(404, "0x80040217", f"Entity '{logical}' With Id = {row_id} Does Not Exist")


def no_privilege(verb: str, logical: str) -> ApiProblem:
    """Return the answer to an application user whose security role lacks a privilege."""
    privilege = f"prv{verb}{logical.capitalize()}"
    return ApiProblem(403, "0x80040220", f"Principal user is missing {privilege} privilege for entity '{logical}'.")
