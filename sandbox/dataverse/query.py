"""What a URL asks for: its system query options, checked against the table's definition."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sandbox.dataverse.columns import Column, Definition, Navigation
from sandbox.dataverse.environment import Environment
from sandbox.dataverse.filters import Condition, parse
from sandbox.dataverse.problems import bad_query, no_privilege, no_property, no_segment
from sandbox.dataverse.table import Order, Table

_EXPANDS = 15


@dataclass(frozen=True, slots=True)
class Query:
    """A question to one table.

    selected  the names in ``$select``, in their order; empty for every column
    """

    table: Table
    selected: tuple[str, ...] = ()
    condition: Condition | None = None
    orders: tuple[Order, ...] = ()
    top: int | None = None
    counted: bool = False
    expands: tuple["Expand", ...] = ()

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the answer; the primary key is always among them."""
        known = self.table.definition.columns
        if not self.selected:
            return tuple(known.values())
        names = dict.fromkeys((*self.selected, self.table.definition.key))
        return tuple(known[name] for name in names)


@dataclass(frozen=True, slots=True)
class Expand:
    """A related table's rows, asked for along with a row."""

    name: str
    navigation: Navigation
    query: Query


def readable(environment: Environment, plural: str) -> Table:
    """Return a table that the application user may read. Raises ApiProblem."""
    if plural not in environment:
        raise no_segment(plural)
    table = environment.table(plural)
    if "Read" in table.forbidden:
        raise no_privilege("Read", table.definition.logical)
    return table


def query_of(environment: Environment, table: Table, options: Mapping[str, str]) -> Query:
    """Return what *options* ask of *table*. Raises ApiProblem for anything that Dataverse refuses."""
    _refuse_unknown(options)
    definition = table.definition
    condition = options.get("$filter")
    return Query(
        table,
        tuple(_selected(definition, options.get("$select", ""))),
        parse(condition, definition) if condition is not None else None,
        tuple(_orders(definition, options.get("$orderby", ""))),
        _number(options, "$top"),
        options.get("$count", "false") == "true",
        tuple(_expands(environment, definition, options.get("$expand", ""))),
    )


def split(text: str, separator: str) -> Iterator[str]:
    """Yield the parts of *text* between separators that stand outside parentheses and quotes."""
    depth, quoted, start = 0, False, 0
    for position, character in enumerate(text):
        if character == "'":
            quoted = not quoted
        elif not quoted:
            depth += (character == "(") - (character == ")")
            if character == separator and depth == 0:
                yield text[start:position].strip()
                start = position + 1
    if text[start:].strip():
        yield text[start:].strip()


def nested(text: str) -> dict[str, str]:
    """Return the options in ``$select=a,b;$filter=c eq 1)``, the inside of an ``$expand``."""
    parts = (option.partition("=") for option in split(text.removesuffix(")"), ";"))
    return {name: value for name, _, value in parts}


def _refuse_unknown(options: Mapping[str, str]) -> None:
    if "$skip" in options:
        raise bad_query("Skip Clause is not supported in CRM")
    known = {"$select", "$filter", "$orderby", "$top", "$count", "$expand", "$skiptoken", "$deltatoken"}
    for name in options:
        if name.startswith("$") and name not in known:
            raise bad_query(f"The query parameter {name} is not supported.")


def _selected(definition: Definition, text: str) -> Iterable[str]:
    for name in split(text, ","):
        if name not in definition.columns:
            raise no_property(name, definition.logical)
        yield name


def _orders(definition: Definition, text: str) -> Iterable[Order]:
    for part in split(text, ","):
        name, *words = part.split()
        if name not in definition.columns:
            raise no_property(name, definition.logical)
        if words not in ([], ["asc"], ["desc"]):
            raise bad_query(f"Syntax error at position {len(part)} in '{part}'.")
        yield Order(definition.columns[name], words == ["desc"])


def _number(options: Mapping[str, str], name: str) -> int | None:
    if name not in options:
        return None
    if not options[name].isdecimal():
        raise bad_query(f"Invalid value '{options[name]}' for {name} query option found.")
    return int(options[name])


def _expands(environment: Environment, definition: Definition, text: str) -> Iterable[Expand]:
    expands = [_expand(environment, definition, part) for part in split(text, ",")]
    if len(expands) > _EXPANDS:
        raise bad_query(f"The number of $expand options exceeds the limit of {_EXPANDS}.")
    if any(each.navigation.through and (len(expands) > 1 or each.query.expands) for each in expands):
        raise bad_query("Expansion of a many-to-many relationship cannot be combined with another $expand.")
    return expands


def _expand(environment: Environment, definition: Definition, part: str) -> Expand:
    name, _, inner = part.partition("(")
    if name not in definition.navigations:
        raise no_property(name, definition.logical)
    navigation = definition.navigations[name]
    return Expand(name, navigation, query_of(environment, readable(environment, navigation.target), nested(inner)))
