"""``$filter``: from its text to a predicate over rows, and to what an index can use of it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sandbox.dataverse.columns import Column, Definition, Kind, Row, Value
from sandbox.dataverse.problems import ApiProblem, bad_query, no_property
from sandbox.dataverse.table import comparable

Predicate = Callable[[Row], bool]

_TOKENS = re.compile(
    r"""\s*(?:
    (?P<string>'(?:[^']|'')*')
  | (?P<guid>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})
  | (?P<instant>\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))
  | (?P<day>\d{4}-\d\d-\d\d)
  | (?P<number>-?\d+(?:\.\d+)?)
  | (?P<word>[A-Za-z_][\w.]*)
  | (?P<mark>[(),=\[\]])
)""",
    re.VERBOSE,
)
_COMPARISONS = frozenset({"eq", "ne", "gt", "ge", "lt", "le"})
_TEXT_TESTS = frozenset({"contains", "startswith", "endswith"})
_IN = "Microsoft.Dynamics.CRM.In"
_CONSTANTS: Mapping[str, Value] = {"null": None, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text: ``kind`` is the name of its group, or ``end``."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Check:
    """One condition on one column; *values* holds one value, or several for ``in``."""

    column: Column
    operator: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """Conditions joined by ``and`` or ``or``; with ``not`` there is one."""

    operator: str
    parts: tuple["Condition", ...]


Condition = Check | Joined


def parse(text: str, definition: Definition) -> Condition:
    """Return the condition that *text* states about rows of a table. Raises ApiProblem."""
    parser = _Parser(list(_tokens(text)), definition)
    condition = parser.alternatives()
    parser.take("end")
    return condition


def conjuncts(condition: Condition | None) -> Iterator[Check]:
    """Yield the checks that every matching row passes."""
    if isinstance(condition, Check):
        yield condition
    elif condition and condition.operator == "and":
        for part in condition.parts:
            yield from conjuncts(part)


def predicate(condition: Condition) -> Predicate:
    """Return a function that tells whether a row matches."""
    if isinstance(condition, Check):
        return _check(condition)
    parts = [predicate(part) for part in condition.parts]
    if condition.operator == "not":
        return lambda row: not parts[0](row)
    joined = all if condition.operator == "and" else any
    return lambda row: joined(part(row) for part in parts)


def _tokens(text: str) -> Iterator[Token]:
    position = 0
    while text[position:].strip():
        found = _TOKENS.match(text, position)
        if not found or not found.lastgroup:
            raise bad_query(f"Syntax error at position {position} in '{text}'.")
        yield Token(found.lastgroup, found[found.lastgroup])
        position = found.end()
    yield Token("end", "")


class _Parser:
    def __init__(self, tokens: list[Token], definition: Definition) -> None:
        self._tokens = tokens
        self._definition = definition
        self._next = 0

    def alternatives(self) -> Condition:
        return self._joined("or", lambda: self._joined("and", self._single))

    def take(self, kind: str, text: str | None = None) -> Token:
        token = self._tokens[self._next]
        if token.kind != kind or text not in (None, token.text):
            raise bad_query(f"Syntax error: '{token.text}' found where {text or kind} was expected.")
        self._next += 1
        return token

    def _at(self, text: str) -> bool:
        found = self._tokens[self._next].text == text
        self._next += found
        return found

    def _joined(self, operator: str, part: Callable[[], Condition]) -> Condition:
        parts = [part()]
        while self._at(operator):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Joined(operator, tuple(parts))

    def _single(self) -> Condition:
        if self._at("not"):
            return Joined("not", (self._single(),))
        if self._at("("):
            inside = self.alternatives()
            self.take("mark", ")")
            return inside
        word = self.take("word").text
        if word == _IN:
            return self._in()
        return self._text_test(word) if word in _TEXT_TESTS else self._comparison(word)

    def _comparison(self, name: str) -> Check:
        column = self._column(name)
        operator = self.take("word").text
        if operator not in _COMPARISONS:
            raise bad_query(f"Syntax error: operator '{operator}' is not supported.")
        return Check(column, operator, (self._literal(column),))

    def _text_test(self, function: str) -> Check:
        self.take("mark", "(")
        column = self._column(self.take("word").text)
        self.take("mark", ",")
        text = _unquoted(self.take("string").text)
        self.take("mark", ")")
        if not column.kind.is_text:
            raise bad_query(f"No function signature for '{function}' matches '{column.name}'.")
        return Check(column, function, (text,))

    def _in(self) -> Check:
        self._take_all("(", "PropertyName", "=")
        name = _unquoted(self.take("string").text)
        column = self._definition.columns.get(f"_{name}_value") or self._column(name)
        self._take_all(",", "PropertyValues", "=", "[")
        values = [_value(column, self.take("string"))]
        while self._at(","):
            values.append(_value(column, self.take("string")))
        self._take_all("]", ")")
        return Check(column, "in", tuple(values))

    def _take_all(self, *texts: str) -> None:
        for text in texts:
            self.take("word" if text.isalpha() else "mark", text)

    def _column(self, name: str) -> Column:
        found = self._definition.columns.get(name)
        if not found:
            raise no_property(name, self._definition.logical)
        return found

    def _literal(self, column: Column) -> Value:
        token = self._tokens[self._next]
        self._next += 1
        return _value(column, token)


def _unquoted(text: str) -> str:
    return text[1:-1].replace("''", "'")


def _value(column: Column, token: Token) -> Value:
    """Return the literal as a value of *column*; quoted numbers and ids count too, as ``In`` writes them."""
    if token.kind == "word" and token.text in _CONSTANTS:
        return _CONSTANTS[token.text]
    quoted = token.kind == "string"
    text = _unquoted(token.text) if quoted else token.text
    if quoted or not column.kind.is_text:
        try:
            return read(column, text)
        except (ValueError, ArithmeticError) as e:
            raise _mismatch(column, token) from e
    raise _mismatch(column, token)


def read(column: Column, text: str) -> Value:
    """Return *text* as a value of *column*. ValueError or ArithmeticError where it is none."""
    if column.kind.is_text:
        return text
    if column.kind.is_id:
        return str(UUID(text))
    if column.kind is Kind.DATE:
        return date.fromisoformat(text[:10])
    if column.kind is Kind.DATETIME:
        instant = datetime.fromisoformat(text)
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    if column.kind is Kind.BOOLEAN:
        return ("false", "true").index(text.lower()) == 1
    return Decimal(text)


def _mismatch(column: Column, token: Token) -> ApiProblem:
    return bad_query(
        f"A binary operator with incompatible types was detected: '{token.text}' cannot be compared with "
        f"'{column.name}' of type {column.kind.attribute_type}."
    )


def _check(check: Check) -> Predicate:
    column, operator = check.column, check.operator
    found = _folded(column.name) if column.kind.is_text else _plain(column.name)
    wanted = [None if value is None else comparable(column, value) for value in check.values]
    if operator == "in":
        several = set(wanted)
        return lambda row: found(row) in several
    one = wanted[0]
    if operator == "eq":
        return lambda row: found(row) == one
    if operator == "ne":
        return lambda row: found(row) != one
    if one is None:
        return lambda _row: False
    holds = _ORDERINGS[operator]
    return lambda row: (value := found(row)) is not None and holds(value, one)


def _plain(name: str) -> Callable[[Row], Any]:
    return lambda row: row.get(name)


def _folded(name: str) -> Callable[[Row], Any]:
    return lambda row: None if (value := row.get(name)) is None else value.casefold()


_ORDERINGS: Mapping[str, Callable[[Any, Any], bool]] = {
    "gt": lambda value, one: value > one,
    "ge": lambda value, one: value >= one,
    "lt": lambda value, one: value < one,
    "le": lambda value, one: value <= one,
    "contains": lambda value, part: part in value,
    "startswith": lambda value, part: value.startswith(part),
    "endswith": lambda value, part: value.endswith(part),
}
