"""Self-signed certificates for tests."""

from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as elliptic_key
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

from tests.make import NOW

_NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "my-invoices")])


class Pair:
    """A key, its certificate, and the public key that an app registration is told."""

    def __init__(self, expires: datetime = NOW + timedelta(days=365)) -> None:
        self._key = generate_private_key(65537, 2048)
        self.expires = expires
        self.key = self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        self.public_key = self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        self.certificate = _signed(self._key, expires)
        self.pem = self.certificate + self.key

    def write(self, path: Path) -> Path:
        """Put both into a file in the place of what is there, as a careful operator does."""
        fresh = path.with_suffix(".new")
        fresh.write_bytes(self.pem)
        return fresh.replace(path)

    def locked(self) -> bytes:
        """Return both, the key locked with a password."""
        return self.certificate + self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"password"))


def elliptic() -> bytes:
    """Return a key of a kind that Entra does not take."""
    return elliptic_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _signed(key: RSAPrivateKey, expires: datetime) -> bytes:
    made = x509.CertificateBuilder(_NAME, _NAME, key.public_key(), x509.random_serial_number(), expires - timedelta(days=730), expires)
    return made.sign(key, SHA256()).public_bytes(Encoding.PEM)
