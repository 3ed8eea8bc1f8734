"""Many rows in one statement: insert what is new, update what differs, leave alone what is the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import LiteralString

from backends.postgres.database import Connection

_PLACES: LiteralString = "$1 $2 $3 $4 $5 $6 $7 $8 $9 $10 $11 $12 $13 $14 $15 $16 $17 $18 $19 $20 $21 $22 $23 $24 $25 $26"


@dataclass(frozen=True, slots=True)
class Target:
    """A table of the mirror, and how rows are written to it.

    columns  name and SQL type of each (``"id uuid, name text"``); a row has an attribute of that name
    key      the columns that make a row the same row
    """

    table: LiteralString
    columns: LiteralString
    key: tuple[LiteralString, ...] = ("id",)

    async def put(self, connection: Connection, rows: Sequence[object]) -> int:
        """Insert or update *rows*; return how many differed from what was there. Of rows with one key, the last counts."""
        return count(await connection.execute(self._upsert(), *self._arrays(rows, self._types()))) if rows else 0

    async def replace(self, connection: Connection, rows: Sequence[object]) -> int:
        """Let *rows* be all that the table holds; return how many changed or went."""
        gone = await connection.execute(self._delete_others(), *self._arrays(rows, self._key_types()))
        return count(gone) + await self.put(connection, rows)

    def _types(self) -> Mapping[LiteralString, LiteralString]:
        parts = (column.partition(" ") for column in self.columns.split(", "))
        return {name: sql_type for name, _, sql_type in parts}

    def _key_types(self) -> Mapping[LiteralString, LiteralString]:
        types = self._types()
        return {name: types[name] for name in self.key}

    def _arrays(self, rows: Sequence[object], types: Mapping[LiteralString, LiteralString]) -> list[object]:
        """Return one parameter for each of *types*, as ``_given`` takes them."""
        key = attrgetter(*self.key)
        distinct = {key(row): row for row in rows}.values()
        return [_array([getattr(row, name) for row in distinct], sql_type) for name, sql_type in types.items()]

    def _upsert(self) -> LiteralString:
        types = self._types()
        names, key, given = ", ".join(types), ", ".join(self.key), _given(types)
        action = "nothing" if len(types) == len(self.key) else _update(types)
        return f"insert into mirror.{self.table} as kept ({names}) select * from {given} on conflict ({key}) do {action}"  # noqa: S608 - literals

    def _delete_others(self) -> LiteralString:
        names, given = ", ".join(self.key), _given(self._key_types())
        same = " and ".join(f"given.{name} = kept.{name}" for name in self.key)
        return f"delete from mirror.{self.table} kept where not exists (select from {given} given ({names}) where {same})"  # noqa: S608 - literals


def count(tag: str) -> int:
    """Return the number of rows in a command tag (``"UPDATE 3"``)."""
    return int(tag.rpartition(" ")[2])


def _update(types: Mapping[LiteralString, LiteralString]) -> LiteralString:
    news = ", ".join(f"{name} = excluded.{name}" for name in types)
    kept = ", ".join(f"kept.{name}" for name in types)
    excluded = ", ".join(f"excluded.{name}" for name in types)
    return f"update set {news} where ({kept}) is distinct from ({excluded})"


def _given(types: Mapping[LiteralString, LiteralString]) -> LiteralString:
    return f"unnest({', '.join(_given_array(place, types[name]) for place, name in zip(_PLACES.split(), types, strict=False))})"


def _given_array(place: LiteralString, sql_type: LiteralString) -> LiteralString:
    return f"{place}::text[]" if sql_type == "text" else f"string_to_array({place}, ',', '')::{sql_type}[]"


def _array(values: list[object], sql_type: str) -> object:
    """Return a column: texts one by one, all else as one text, which costs us a third of what asyncpg takes for each value."""
    if sql_type != "text":
        return ",".join(["" if value is None else str(value) for value in values])
    return values if _is_storable("".join([str(value) for value in values if value])) else [_storable(value) for value in values]


def _storable(text: object) -> object:
    """Return *text* without what PostgreSQL cannot hold: NUL, and halves of surrogate pairs."""
    return text.encode(errors="replace").decode().replace("\0", "") if isinstance(text, str) else text


def _is_storable(text: str) -> bool:
    return "\0" not in text and (text.isascii() or text == text.encode(errors="replace").decode())
