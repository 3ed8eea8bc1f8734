"""What somebody without access can do about it, for cards and pages alike."""

from typing import LiteralString

from billing.access import Person
from billing.errors import NoRole, Problem, UnknownPerson, UnknownTenant
from words.reader import Reader


def next_step(reader: Reader) -> LiteralString:
    """Return what to do without a right."""
    return reader.say("Your administrator can change this. You can forward the text below, and try again afterwards.")


def plea(problem: Problem, reader: Reader) -> LiteralString:
    """Return what the person can forward to their administrator; nothing where nobody else can help."""
    match problem:
        case UnknownTenant():
            return reader.say("Please ask our cloud provider to connect our Microsoft Entra tenant to our account in Work 365.")
        case UnknownPerson():
            return reader.say("Please add me to our company's contacts in Work 365 and connect the contact to my work account.")
        case NoRole():
            return reader.say("Please give me the role Work 365 Administrator or Work365 Finance Manager in the Work 365 portal.")
        case _:
            return ""


def ids(person: Person, reader: Reader) -> list[tuple[LiteralString, str]]:
    """Return by what an administrator finds the person."""
    return [(reader.say("Tenant ID"), person.tenant), (reader.say("Object ID"), person.id)]
