"""How an app registration proves to Entra that it is itself: a secret, a certificate on disk, or Azure's word for the machine."""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from billing.errors import SourceDown
from billing.ports import Clock

log = logging.getLogger(__name__)

WARN_BEFORE = timedelta(days=30)
WARN_AGAIN_AFTER = timedelta(days=1)

Version = tuple[int, int, int]
"""By what one content of a file is told from the next: inode, time, size."""


@dataclass(frozen=True, slots=True)
class ManagedIdentity:
    """The identity that Azure has given to the machine we run on, by its client id. Nobody can sign in to it."""

    client_id: str


@dataclass(frozen=True, slots=True)
class FederatedIdentity:
    """A managed identity whose token an app registration takes for its own proof, by its client id."""

    client_id: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """A private key and the certificate that Entra knows, both as PEM."""

    key: str = field(repr=False)
    public: str
    expires: datetime

    @classmethod
    def parse(cls, pem: bytes) -> "Certificate":
        """Return what a PEM file holds, in any order. Raises ValueError with a sentence that gives nothing away."""
        key = _private_key(pem)
        try:
            found = x509.load_pem_x509_certificates(pem)
        except ValueError:
            raise ValueError("holds no readable certificate") from None
        mine = [each for each in found if each.public_key() == key.public_key()]
        if not mine:
            raise ValueError("holds a private key that belongs to none of its certificates")
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return cls(secret.decode(), mine[0].public_bytes(Encoding.PEM).decode(), mine[0].not_valid_after_utc)


class CertificateFile:
    """A PEM file with private key and certificate. When it is replaced, the next call uses the new one.

    A new file that cannot be read leaves the old certificate in use: whoever replaces it may be in the middle of it.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._held: tuple[Version, Certificate] | None = None
        self._warned: datetime | None = None

    def current(self) -> Certificate:
        """Return what the file holds now. Raises SourceDown where it has never been readable."""
        try:
            self._held = self._read()
        except (OSError, ValueError) as error:
            log.warning("certificate.unreadable", extra={"file": self._path.name, "error": str(error)})
            if self._held is None:
                raise SourceDown(source="certificate", file=self._path.name) from error
        self._warn(self._held[1])
        return self._held[1]

    def _read(self) -> tuple[Version, Certificate]:
        status = self._path.stat()
        version = (status.st_ino, status.st_mtime_ns, status.st_size)
        if self._held is not None and self._held[0] == version:
            return self._held
        return version, Certificate.parse(self._path.read_bytes())

    def _warn(self, certificate: Certificate) -> None:
        now = self._clock()
        if now < certificate.expires - WARN_BEFORE or (self._warned and now - self._warned < WARN_AGAIN_AFTER):
            return
        self._warned = now
        log.warning("certificate.expires", extra={"file": self._path.name, "days": (certificate.expires - now).days})


Credential = str | CertificateFile | ManagedIdentity | FederatedIdentity
"""How a registration proves itself; a plain text is a client secret."""


def _private_key(pem: bytes) -> RSAPrivateKey:
    try:
        key = load_pem_private_key(pem, None)
    except TypeError:
        raise ValueError("holds a private key that is locked with a password") from None
    except ValueError:
        raise ValueError("holds no readable private key") from None
    if isinstance(key, RSAPrivateKey):
        return key
    raise ValueError("holds a private key that is not RSA, the only kind that Entra accepts")
