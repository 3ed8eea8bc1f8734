"""What the product is made of, and that its tree gives nothing away."""

import re
from pathlib import Path

from deploy.audit import LOCK, TAB_LOCK, Part, bill_of_materials, faults, npm_parts, parts
from tests.house.source import sources

SECRETS = (
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{20}"),
    re.compile(r"\b[A-Za-z0-9_~.-]{3}[78]Q~[A-Za-z0-9_~.-]{31,34}\b"),  # a client secret of Entra
    re.compile(r"\beyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}"),  # a token
    re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|AKIA[0-9A-Z]{16}|xox[abprs]-[A-Za-z0-9-]{20,}|sk_live_[A-Za-z0-9]{20,})\b"),
    re.compile(r"(?i)AccountKey=[A-Za-z0-9+/]{60,}="),
    re.compile(r"(?i)\bpostgres(?:ql)?://[^\s:@/]+:[^\s:@/${}']{8,}@(?!localhost|127\.0\.0\.1|\[|database)"),
)
LOOKS_LIKE_ONE = (
    "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ",
    "abc8Q~" + "x" * 34,
    "ghp_" + "a" * 36,
    "postgresql://bot:correcthorse@db.example/x",
)


class TestTree:
    def test_holds_no_secret(self) -> None:
        found = [(source.path, pattern.pattern) for source in sources() for pattern in SECRETS if pattern.search(source.text)]

        assert [each for each in found if each[0] != "tests/test_audit.py"] == []

    def test_would_be_noticed_to_hold_one(self) -> None:
        assert all(any(pattern.search(each) for pattern in SECRETS) for each in LOOKS_LIKE_ONE)


class TestParts:
    def test_are_all_hashed_and_under_an_allowed_licence(self) -> None:
        assert faults([*parts(LOCK.read_text()), *npm_parts(TAB_LOCK.read_text())]) == []

    def test_are_those_of_the_lock(self) -> None:
        pinned = [line for line in Path("requirements.txt").read_text().splitlines() if re.match(r"[a-z0-9].*==", line)]

        assert len(list(parts(LOCK.read_text()))) == len(pinned) > 50

    def test_of_the_tab_are_those_of_npms_lock(self) -> None:
        teams_js = next(each for each in npm_parts(TAB_LOCK.read_text()) if each.name == "@microsoft/teams-js")

        assert teams_js.hashes[0].startswith("sha512-")
        assert teams_js.address == f"pkg:npm/%40microsoft/teams-js@{teams_js.version}"

    def test_are_refused_under_another_licence_and_without_a_hash(self) -> None:
        assert faults([Part("a", "1", "AGPL-3.0", ("x",))]) == ["a: AGPL-3.0"]
        assert faults([Part("a", "1", "MIT AND GPL-3.0-only", ("x",))]) == ["a: MIT AND GPL-3.0-only"]
        assert faults([Part("a", "1", "GPL-2.0 OR MIT", ("x",))]) == []
        assert faults([Part("a", "1", "MIT", ())]) == ["a: no hash in the lock"]
        assert faults([Part("a", "1", "", ("x",))]) == ["a: no licence that could be read"]


class TestBillOfMaterials:
    def test_names_every_part_with_its_address_and_licence(self) -> None:
        document = bill_of_materials([Part("a", "1", "MIT", ("f" * 64,))])

        assert document["components"] == [
            {
                "type": "library",
                "bom-ref": "pkg:pypi/a@1",
                "name": "a",
                "version": "1",
                "purl": "pkg:pypi/a@1",
                "licenses": [{"license": {"name": "MIT"}}],
                "properties": [{"name": "sha256", "value": "f" * 64}],
            }
        ]
