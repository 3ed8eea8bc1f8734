"""What can become of a message on its way to a person: the words that chat and reminders share."""

from enum import StrEnum

from billing.errors import Problem


class Outcome(StrEnum):
    """Why a message was not delivered, as far as that is known.

    SUSPENDED is a policy of the person's tenant, OPTED_OUT the person's own block, FORBIDDEN a reason that we do not know.
    """

    UNREACHED = "unreached"
    THROTTLED = "throttled"
    CONFLICT = "conflict"
    UNCERTAIN = "uncertain"
    TOO_BIG = "too_big"
    UNINSTALLED = "uninstalled"
    SUSPENDED = "suspended"
    OPTED_OUT = "opted_out"
    FORBIDDEN = "forbidden"
    GONE = "gone"
    WRONG_HOST = "wrong_host"
    UNAUTHORIZED = "unauthorized"
    REJECTED = "rejected"


SURELY_NOT_ARRIVED = frozenset({Outcome.UNREACHED, Outcome.THROTTLED, Outcome.CONFLICT})
"""The only outcomes after which the same message may be sent again."""

OUT_OF_REACH = frozenset({Outcome.UNINSTALLED, Outcome.SUSPENDED, Outcome.OPTED_OUT, Outcome.FORBIDDEN, Outcome.GONE})
"""The chat takes nothing from us until the person writes to us or installs the app again."""


class NotDelivered(Problem):
    """The channel did not take a message, or did not say so.

    retry_after_s  what it asked for; None where it did not say
    """

    status = 502
    say = "Teams did not accept the message."

    def __init__(self, outcome: Outcome, retry_after_s: float | None = None, **facts: object) -> None:
        super().__init__(outcome=outcome, **facts)
        self.outcome = outcome
        self.retry_after_s = retry_after_s
