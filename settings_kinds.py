"""What a setting's text may be; a refusal names every part that is wrong, in a sentence for the operator."""

import re
import ssl
import tomllib
from collections.abc import Callable
from datetime import date
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Final, Literal, get_args
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.fernet import Fernet
from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode

from auth.credentials import Certificate

FURTHEST_DAYS: Final = 365
_LABEL: Final = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?"
_HOST_NAME: Final = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(\.{_LABEL})*\.?", re.IGNORECASE)

_NUMERIC: Final = re.compile(r"[\d.]+")


def guid(word: str) -> str:
    """Return a GUID in lower case. Raises ValueError, which does not repeat what might be a secret in the wrong place."""
    if not _is_guid(word):
        raise ValueError("must be a GUID such as 72f988bf-86f1-41af-91ab-2d7cd011db47")
    return str(UUID(word))


def days(raw: str) -> tuple[int, ...]:
    """Return comma-separated days relative to the due date. Raises ValueError."""
    return tuple(int(part) for part in _only(_split(raw), _is_day, f"must be whole days from -{FURTHEST_DAYS} to {FURTHEST_DAYS}"))


def _day(raw: str) -> date:
    try:
        return date.fromisoformat(raw)
    except ValueError:
        raise ValueError("must be a day such as 2027-05-31") from None


def _split(raw: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in raw.split(",") if part.strip())


def _only(parts: tuple[str, ...], is_right: Callable[[str], bool], rule: str) -> tuple[str, ...]:
    wrong = [part for part in parts if not is_right(part)]
    if wrong:
        raise ValueError(f"{', '.join(map(repr, wrong))}: {rule}")
    return parts


def _is_guid(word: str) -> bool:
    try:
        UUID(word)
    except ValueError:
        return False
    return True


def _is_day(word: str) -> bool:
    return re.fullmatch(r"[+-]?\d{1,3}", word) is not None and abs(int(word)) <= FURTHEST_DAYS


def _is_host(word: str) -> bool:
    return _HOST_NAME.fullmatch(word) is not None


def _guids(raw: str) -> tuple[str, ...]:
    return tuple(str(UUID(part)) for part in _only(_split(raw), _is_guid, "must be GUIDs"))


def _hosts(raw: str) -> tuple[str, ...]:
    return tuple(host.lower() for host in _only(_split(raw), _is_host, "must be host names (no scheme, port, path or wildcard)"))


def _listens(host: str) -> str:
    try:
        ip_address(host)
    except ValueError:
        if not _is_host(host) or _NUMERIC.fullmatch(host):
            raise ValueError("must be an IP address or a host name") from None
    return host


def _address(raw: str) -> str:
    if not _is_web_address(raw):
        raise ValueError("must be an http(s) address without user, query or fragment")
    return raw.rstrip("/")


def _is_web_address(raw: str) -> bool:
    try:
        parts = urlsplit(raw)
        is_whole = parts.hostname is not None and parts.port != 0
    except ValueError:
        return False
    return is_whole and parts.scheme in {"http", "https"} and not (parts.query or parts.fragment or parts.username)


def _database(raw: str) -> str:
    """Accept what PostgreSQL's own clients do: one host or several, or none and a socket's folder in the query."""
    try:
        parts = urlsplit(raw)
        hosts = [urlsplit(f"//{host}") for host in parts.netloc.rpartition("@")[2].split(",")]
        is_right = parts.scheme in {"postgresql", "postgres"} and all(host.port != 0 for host in hosts)
    except ValueError:
        is_right = False
    if not is_right:
        raise ValueError("must be like postgresql://user:secret@host:5432/database, with %-codes for what is special in a password")
    return raw


def _keys(raw: str) -> tuple[str, ...]:
    keys = _split(raw)
    wrong = [str(place) for place, key in enumerate(keys, 1) if not _is_key(key)]
    if wrong:
        raise ValueError(f"number {', '.join(wrong)} of {len(keys)}: must be Fernet keys (32 bytes, url-safe base64)")
    return keys


def _is_key(word: str) -> bool:
    try:
        Fernet(word)
    except ValueError:
        return False
    return True


def _certificate(path: Path) -> Path:
    """Accept a PEM file with private key and certificate; it is read again whenever it changes."""
    Certificate.parse(_content(path))
    return path


def _roots(path: Path) -> Path:
    try:
        ssl.create_default_context(cafile=path)
    except ssl.SSLError:
        raise ValueError(f"{path} holds no certificate in PEM") from None
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from None
    return path


def _toml(path: Path) -> Path:
    content = _content(path)
    try:
        tomllib.loads(content.decode())
    except ValueError as error:
        raise ValueError(f"{path} is no TOML: {error}") from None
    return path


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from None


def _picture(path: Path) -> Path:
    if path.suffix.lower() not in {".png", ".svg"} or not path.is_file():
        raise ValueError("must be a PNG or SVG file that exists")
    return path


def _long(secret: SecretStr, least: int) -> SecretStr:
    if len(secret.get_secret_value()) < least:
        raise ValueError(f"must have at least {least} characters")
    return secret


def _where_given(kind: Callable[[str], object]) -> BeforeValidator:
    return BeforeValidator(lambda raw: kind(raw) if isinstance(raw, str) else raw)


def _unless_empty(kind: Callable[[str], object]) -> BeforeValidator:
    return _where_given(lambda raw: kind(raw) if raw else None)


def _in_any_case(choices: object) -> BeforeValidator:
    spelled = {each.lower(): each for each in get_args(choices)}
    return BeforeValidator(lambda raw: spelled.get(raw.lower(), raw) if isinstance(raw, str) else raw)


_AppTypes = Literal["SingleTenant", "MultiTenant", "UserAssignedMSI"]
_WorkerPlaces = Literal["embedded", "external"]
_LogLevels = Literal["DEBUG", "INFO", "WARNING", "ERROR"]

AppType = Annotated[_AppTypes, _in_any_case(_AppTypes)]
WorkerPlace = Annotated[_WorkerPlaces, _in_any_case(_WorkerPlaces)]
LogLevel = Annotated[_LogLevels, _in_any_case(_LogLevels)]
Guid = Annotated[str | None, _unless_empty(guid)]
Guids = Annotated[tuple[str, ...], NoDecode, _where_given(_guids)]
Hosts = Annotated[tuple[str, ...], NoDecode, _where_given(_hosts)]
Day = Annotated[date | None, _unless_empty(_day)]
Days = Annotated[tuple[int, ...], NoDecode, _where_given(days)]
Keys = Annotated[tuple[SecretStr, ...], NoDecode, _where_given(_keys)]
Address = Annotated[str | None, _unless_empty(_address)]
DatabaseAddress = Annotated[SecretStr | None, _unless_empty(_database)]
Listens = Annotated[str, AfterValidator(_listens)]
Pem = Annotated[Path, AfterValidator(_certificate)] | None
Roots = Annotated[Path, AfterValidator(_roots)] | None
Toml = Annotated[Path, AfterValidator(_toml)] | None
Picture = Annotated[Path, AfterValidator(_picture)] | None
Secret16 = Annotated[SecretStr, AfterValidator(partial(_long, least=16))] | None
Secret32 = Annotated[SecretStr, AfterValidator(partial(_long, least=32))] | None
