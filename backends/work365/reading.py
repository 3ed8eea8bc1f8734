"""Read a TOML document strictly: each key once, each of its type, every mistake noted and none raised."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from types import NoneType
from typing import Any, TypeVar, cast, get_args, get_type_hints

from backends.dataverse.query import is_name, is_partner_only

T = TypeVar("T")

Document = Mapping[str, Any]
"""A TOML table."""


class Section:
    """One table of the document. What is wrong with it goes to a list that the whole document shares."""

    def __init__(self, path: str, found: object, wrong: list[str]) -> None:
        self._path = path
        self._wrong = wrong
        self._asked: set[str] = set()
        self._found: Document = cast("Document", found) if isinstance(found, Mapping) else {}
        if not isinstance(found, Mapping):
            wrong.append(f"{path}: must be a table")

    def mistake(self, key: str, what: str) -> None:
        """Note a mistake at *key*."""
        self._wrong.append(f"{self._path}{'.' if self._path else ''}{key}: {what}")

    def finish(self) -> None:
        """Note every key that nobody asked for."""
        for key in self._found.keys() - self._asked:
            self.mistake(key, "unknown key")

    @property
    def numbers(self) -> list[str]:
        """The keys that are whole numbers."""
        return [key for key in self._found if key.isdecimal()]

    def raw(self, key: str) -> object:
        """Return a value as it stands; None where there is none."""
        self._asked.add(key)
        return self._found.get(key)

    def section(self, key: str) -> "Section":
        """Return a table inside this one."""
        return Section(f"{self._path}.{key}" if self._path else key, self.raw(key), self._wrong)

    def text(self, key: str) -> str:
        """Return a text."""
        return self._typed(key, str, "text", "")

    def flag(self, key: str) -> bool:
        """Return true or false."""
        return self._typed(key, bool, "true or false", default=False)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts."""
        found = self._list(key)
        if not all(isinstance(each, str) for each in found):
            self.mistake(key, "must be a list of texts")
        return tuple(str(each) for each in found)

    def one_of(self, key: str, allowed: Sequence[str]) -> str:
        """Return one of some words; the first of them where it is another."""
        found = self.raw(key)
        if found in allowed:
            return str(found)
        self.mistake(key, f"must be one of {', '.join(allowed)}")
        return allowed[0]

    def pairs(self, key: str) -> list[tuple[int, int | None]]:
        """Return a list of ``[statecode, statuscode]``; None for the statuscode ``"any"``."""
        found = self._list(key)
        pairs: list[tuple[int, int | None]] = []
        for each in found:
            match each:
                case [int(first), "any"]:
                    pairs.append((first, None))
                case [int(first), int(second)]:
                    pairs.append((first, second))
                case _:
                    self.mistake(key, f'{each!r} is no [statecode, statuscode or "any"]')
        return pairs

    def names(self, kind: type[T]) -> T | None:
        """Return the dataclass *kind* with a name in every field; None where a mistake keeps it from being made."""
        before = len(self._wrong)
        hints = get_type_hints(kind)
        values = {field.name: self._named(field.name, hints[field.name]) for field in fields(cast("Any", kind))}
        self.finish()
        return kind(**values) if len(self._wrong) == before else None

    def _named(self, key: str, hint: object) -> str | tuple[str, ...] | None:
        if hint not in {str, str | None}:
            return tuple(self._allowed(key, each) for each in self.texts(key))
        before = len(self._wrong)
        found = self.text(key)
        is_off = not found and NoneType in get_args(hint)
        return None if is_off or len(self._wrong) > before else self._allowed(key, found)

    def _allowed(self, key: str, name: str) -> str:
        if not is_name(name):
            self.mistake(key, f"{name!r} is no name of a table or column")
        elif is_partner_only(name):
            self.mistake(key, f"{name} belongs to the partner alone and is never read")
        return name

    def _list(self, key: str) -> list[object]:
        return cast("list[object]", self._typed(key, list, "a list", []))

    def _typed(self, key: str, kind: type[T], called: str, default: T) -> T:
        found = self.raw(key)
        if type(found) is kind:
            return found
        self.mistake(key, "is missing" if found is None else f"must be {called}")
        return default
