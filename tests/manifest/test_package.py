"""The Teams app package: what an administrator uploads."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from jsonschema import Draft4Validator

from bot.intents import Unknown, parse
from manifest import icons, png
from manifest.content import TYPED, App, manifest
from manifest.package import BadPackage, faults, files, icon_faults, package
from words.catalogue import LANGUAGES

BOT = "11111111-1111-4111-8111-111111111111"
PEOPLE = "22222222-2222-4222-8222-222222222222"
APP = App(BOT, PEOPLE, "https://invoices.contoso.com", "invoices.contoso.com", "Contoso Cloud")
SCHEMAS = Path("tests/node/node_modules/@microsoft/app-manifest/build/json-schemas/teams/v1.25")


def inside(content: bytes) -> Mapping[str, bytes]:
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def wrong(name: str, content: object) -> list[str]:
    schema: dict[str, Any] = json.loads((SCHEMAS / f"MicrosoftTeams{name}.schema.json").read_text(encoding="utf-8-sig"))
    validator: Any = Draft4Validator(schema)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(content)]


class TestPackage:
    def test_holds_manifest_icons_and_languages_and_nothing_else(self) -> None:
        assert list(inside(package(APP))) == ["manifest.json", "color.png", "outline.png", *(f"{tag}.json" for tag in LANGUAGES[1:])]

    def test_is_the_same_every_time(self) -> None:
        assert package(APP) == package(APP)

    def test_has_the_version_of_the_project(self) -> None:
        project = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]

        assert json.loads(inside(package(APP))["manifest.json"])["version"] == project["version"]

    def test_keeps_the_app_under_the_id_of_its_bot(self) -> None:
        told = json.loads(inside(package(APP))["manifest.json"])

        assert told["id"] == told["bots"][0]["botId"] == BOT
        assert told["webApplicationInfo"] == {"id": PEOPLE, "resource": f"api://invoices.contoso.com/botid-{PEOPLE}"}
        assert told["validDomains"] == ["invoices.contoso.com"]

    def test_is_refused_with_every_reason_at_once(self) -> None:
        with pytest.raises(BadPackage) as refused:
            package(replace(APP, bot="no", address="http://x.azurewebsites.net", host="x.azurewebsites.net"))

        assert [each.partition(":")[0] for each in refused.value.wrong] == ["MicrosoftAppId", "PUBLIC_URL", "PUBLIC_URL"]


class TestSchema:
    def test_is_kept_by_the_manifest(self) -> None:
        assert wrong("", json.loads(files(APP)["manifest.json"])) == []

    @pytest.mark.parametrize("language", LANGUAGES[1:])
    def test_is_kept_by_every_language_file(self, language: str) -> None:
        assert wrong(".Localization", json.loads(files(APP)[f"{language}.json"])) == []

    def test_is_one_that_refuses(self) -> None:
        assert wrong("", {**manifest(APP), "more": 1}) != []
        assert wrong(".Localization", {"name.short": "x"}) != []


class TestTexts:
    @pytest.mark.parametrize("language", LANGUAGES[1:])
    def test_are_translated_one_by_one(self, language: str) -> None:
        english, other = json.loads(files(APP)["manifest.json"]), json.loads(files(APP)[f"{language}.json"])

        titles = [each["title"] for each in english["bots"][0]["commandLists"][0]["commands"]]
        assert [other[f"bots[0].commandLists[0].commands[{place}].title"] for place in range(len(titles))] != titles
        assert other["description.full"] != english["description"]["full"]

    def test_say_what_is_needed_what_is_not_done_and_the_way_out(self) -> None:
        full = json.loads(files(APP)["manifest.json"])["description"]["full"]

        for promise in (
            "Work 365 Administrator or Work365 Finance Manager",
            "administrator approves",
            "Limits:",
            "reminders off",
            "sign out",
        ):
            assert promise in full
        assert "customer of Contoso Cloud," in full

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_offer_commands_that_are_understood_as_they_stand(self, language: str) -> None:
        contents = {name: json.loads(content) for name, content in files(APP).items() if name.endswith(".json")}
        english = [each["title"] for each in contents["manifest.json"]["bots"][0]["commandLists"][0]["commands"]]
        other = contents.get(f"{language}.json", {})

        titles = [other.get(f"bots[0].commandLists[0].commands[{place}].title", title) for place, title in enumerate(english)]

        assert [parse(title) for title in titles] == [parse(command.typed) for command in TYPED]
        assert not any(isinstance(parse(title), Unknown) for title in titles)


class TestFaults:
    def test_are_none_in_a_good_app(self) -> None:
        assert list(faults(APP)) == []

    @pytest.mark.parametrize(
        "host",
        [
            "x.azurewebsites.net",
            "x.happy-hill.westeurope.azurecontainerapps.io",
            "teams.microsoft.com",
            "contoso.onmicrosoft.com",
            "a.ngrok-free.app",
            "10.0.0.1",
            "*.contoso.com",
            "intranet",
        ],
    )
    def test_name_a_domain_that_teams_or_its_store_refuses(self, host: str) -> None:
        assert [each.partition(":")[0] for each in faults(replace(APP, host=host))] == ["PUBLIC_URL"]

    def test_name_a_developer_whose_name_does_not_fit(self) -> None:
        assert list(faults(replace(APP, developer="x" * 33))) == ["RESELLER_NAME: 33 characters; 1 to 32 are possible"]


class TestIconFaults:
    def test_are_none_in_our_icons(self) -> None:
        assert list(icon_faults((icons.HERE / "color.png").read_bytes(), (icons.HERE / "outline.png").read_bytes())) == []

    def test_name_sizes_a_colour_and_an_opaque_ground(self) -> None:
        red = png.write([[(255, 0, 0, 255)] * 31] * 32)

        found = list(icon_faults(red, red))

        assert found == [
            "color.png: 31 x 32 pixels instead of 192 x 192",
            "outline.png: 31 x 32 pixels instead of 32 x 32",
            "outline.png: nothing in it is transparent",
            "outline.png: not everything in it is white",
        ]

    def test_name_what_is_no_picture(self) -> None:
        assert list(icon_faults(b"GIF89a", b"")) == ["icons: no PNG file"]
