"""What Entra says when it refuses: an OAuth error, an AADSTS number and a sentence."""

import uuid
from datetime import datetime
from typing import Any


class EntraError(Exception):
    """A refusal.

    number   the AADSTS number
    error    the OAuth error code (``invalid_grant``)
    say      what follows the number in ``error_description``
    members  further members of the JSON answer, such as ``suberror`` or ``claims``
    """

    def __init__(self, number: int, error: str, say: str, *, status: int = 400, **members: str) -> None:
        super().__init__(f"AADSTS{number}: {say}")
        self.number = number
        self.error = error
        self.status = status
        self.members = members

    def document(self, now: datetime) -> dict[str, Any]:
        """Return the JSON body, as of *now*."""
        stamp = f"{now:%Y-%m-%d %H:%M:%SZ}"
        trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
        return {
            "error": self.error,
            "error_description": f"{self} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {stamp}",
            "error_codes": [self.number],
            "timestamp": stamp,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"https://login.microsoftonline.com/error?code={self.number}",
        } | self.members


def consent_missing(client_id: str) -> EntraError:
    """Return the refusal of a token that the person has not agreed to."""
    return EntraError(
        65001,
        "invalid_grant",
        f"The user or administrator has not consented to use the application with ID '{client_id}'. "
        "Send an interactive authorization request for this user and resource.",
        suberror="consent_required",
    )


def person_disabled() -> EntraError:
    """Return the refusal of a person whose account is switched off."""
    return EntraError(50057, "invalid_grant", "The user account is disabled.")


def missing(name: str) -> EntraError:
    """Return the refusal of a request that lacks a parameter."""
    return EntraError(900144, "invalid_request", f"The request body must contain the following parameter: '{name}'.")
