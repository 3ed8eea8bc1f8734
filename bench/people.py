"""The people of a benchmark: each signed in, a finance manager, and in a company with its share of the invoices."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_DNS, uuid5

COMPANIES = 100


def guid(name: str) -> str:
    """Return the same GUID for the same name."""
    return str(uuid5(NAMESPACE_DNS, f"{name}.bench.example"))


@dataclass(frozen=True, slots=True)
class BenchPerson:
    """Somebody in one of the companies, by number."""

    number: int

    @property
    def company(self) -> int:
        """The number of their company."""
        return self.number % COMPANIES

    @property
    def tenant(self) -> str:
        """Entra tenant id."""
        return guid(f"tenant.{self.company}")

    @property
    def oid(self) -> str:
        """Entra object id."""
        return guid(f"person.{self.number}")

    @property
    def name(self) -> str:
        """What Teams calls them."""
        return f"Person {self.number}"

    @property
    def channel_id(self) -> str:
        """What the channel calls them."""
        return f"29:{self.number:064d}"

    @property
    def conversation(self) -> str:
        """Their personal chat with the bot."""
        return f"a:{self.number:064d}"


def people(count: int) -> Sequence[BenchPerson]:
    """Return the first *count* people; neighbours are in different companies."""
    return [BenchPerson(number) for number in range(count)]
