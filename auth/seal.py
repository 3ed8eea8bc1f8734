"""Secrets at rest: sealed with the newest key, opened with any, and bound to the person they belong to."""

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from billing.access import Person
from billing.errors import NotSignedIn


class Seal:
    """Seals the tokens of a session. A key is rotated by putting the new one in front; old seals die with the old key."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = MultiFernet([Fernet(key) for key in keys])

    def close(self, person: Person, secret: str) -> bytes:
        """Seal what belongs to *person*."""
        return self._keys.encrypt(f"{_owner(person)}\n{secret}".encode())

    def open(self, person: Person, sealed: bytes) -> str:
        """Return what ``close`` was given. Raises NotSignedIn where no key opens it, or it is another person's."""
        try:
            owner, _, secret = self._keys.decrypt(sealed).decode().partition("\n")
        except InvalidToken:
            raise NotSignedIn(person=person.hashed, reason="sealed with an unknown key") from None
        if owner != _owner(person):
            raise NotSignedIn(person=person.hashed, reason="sealed for another person")
        return secret


def _owner(person: Person) -> str:
    return f"{person.tenant}/{person.id}"
