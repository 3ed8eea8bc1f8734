"""What the product is made of: ``python -m deploy.audit`` lists licences, and writes a CycloneDX bill of materials to ``var/sbom.json``."""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final
from urllib.parse import quote

LOCK: Final = Path("requirements.txt")
TAB_LOCK: Final = Path("pages/teams/package-lock.json")
OUT: Final = Path("var/sbom.json")

ALLOWED: Final = re.compile(
    r"(?i)\b(MIT(-0)?|Apache(-2\.0| Software)|BSD(-[23]-Clause)?|ISC|MPL|Mozilla Public|PSF(-2\.0)?|Python Software Foundation|OFL-1\.1)\b"
)
"""Licences that let a service use and pass on what stands under them, unchanged."""

_PINNED: Final = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^\s;\\]+)(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)
_LEADING: Final = re.compile(r"\b0+(?=\d)")
_HASH: Final = re.compile(r"sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Part:
    """A distribution that the lock names.

    licence  as its own metadata put it; empty where they say nothing, or where it is not installed in this version
    hashes   of the files that may be installed: SHA-256, or npm's integrity
    kind     where it comes from, as a package URL names it: ``pypi``, ``npm``
    """

    name: str
    version: str
    licence: str
    hashes: tuple[str, ...]
    kind: str = "pypi"

    @property
    def address(self) -> str:
        """The package URL."""
        return f"pkg:{self.kind}/{quote(self.name)}@{self.version}"


def parts(lock: str) -> Iterator[Part]:
    """Return every distribution that a requirements file pins."""
    for name, version, rest in _PINNED.findall(lock):
        yield Part(name, version, _licence(name, version), tuple(_HASH.findall(rest)))


def npm_parts(lock: str) -> Iterator[Part]:
    """Return every package that npm's lock pins."""
    for path, told in json.loads(lock)["packages"].items():
        if path:
            hashes = (told["integrity"],) if "integrity" in told else ()
            yield Part(path.rpartition("node_modules/")[2], told["version"], told.get("license", ""), hashes, "npm")


def faults(found: Sequence[Part]) -> list[str]:
    """Name the parts that have no hash, or whose licence is not among those allowed."""
    unhashed = [f"{part.name}: no hash in the lock" for part in found if not part.hashes]
    foreign = [f"{part.name}: {part.licence or 'no licence that could be read'}" for part in found if not _is_allowed(part.licence)]
    return unhashed + foreign


def bill_of_materials(found: Sequence[Part]) -> dict[str, object]:
    """Return a CycloneDX document; the same parts give the same document."""
    components = [
        {
            "type": "library",
            "bom-ref": part.address,
            "name": part.name,
            "version": part.version,
            "purl": part.address,
            "licenses": [{"license": {"name": part.licence}}],
            "properties": [{"name": "sha256" if part.kind == "pypi" else "integrity", "value": each} for each in part.hashes],
        }
        for part in found
    ]
    named = {"type": "application", "name": "my-invoices-for-teams"}
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "metadata": {"component": named}, "components": components}


def _licence(name: str, version: str) -> str:
    try:
        metadata = distribution(name).metadata
    except PackageNotFoundError:
        return ""
    if _LEADING.sub("", metadata["Version"]) != _LEADING.sub("", version):
        return ""
    classified = [each.rpartition(" :: ")[2] for each in metadata.get_all("Classifier") or () if each.startswith("License ::")]
    told = [metadata[name] for name in ("License-Expression", "License") if name in metadata]
    return (" AND ".join(classified) if classified and "License-Expression" not in metadata else (told or [""])[0]).partition("\n")[0]


def _is_allowed(licence: str) -> bool:
    """Whether every licence of several that hold together is allowed, and one of several to choose from."""
    return all(any(ALLOWED.search(choice) for choice in each.split(" OR ")) for each in licence.split(" AND "))


def main() -> int:
    """Print what the product is made of; 1 where something in it should not be."""
    found = [*parts(LOCK.read_text()), *npm_parts(TAB_LOCK.read_text())]
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(bill_of_materials(found), indent=2) + "\n")
    for part in found:
        print(f"{part.name:42} {part.version:14} {part.licence}")
    wrong = faults(found)
    print(*(["", *wrong] if wrong else ["", f"{len(found)} parts, every licence allowed; {OUT} written"]), sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
