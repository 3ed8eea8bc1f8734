"""The documents say what the code does: every setting, command, address and phrase, and none that there is not."""

import re
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from typing import cast

import pytest
from pydantic import AliasChoices

import app
from bot.intents import About, Ask, Find, List, SnoozeNumber, Unknown, parse
from bot.vocabulary import MEANING
from cards.help import COMMANDS
from settings import Settings
from tests import town as towns
from tests.town import Town

ROOT = Path(__file__).parent.parent
CODE = re.compile(r"`([^`]+)`")
COMMAND_LIST = re.compile(r"\{([a-z,]+)\}")


def rows(path: str, header: str) -> Iterator[tuple[str, ...]]:
    """Yield the rows of every table whose first column has that header."""
    inside = False
    for line in (ROOT / path).read_text("utf-8").splitlines():
        cells = tuple(cell.strip() for cell in line.strip("|").split("|"))
        if not line.startswith("|"):
            inside = False
        elif cells[0] == header:
            inside = True
        elif inside and not set(line) <= set("|-: "):
            yield cells


def code(cell: str) -> list[str]:
    """Return what stands in backticks."""
    return CODE.findall(cell)


def shown(default: object) -> str:
    """Return a default as one writes it into ``.env``; empty for none."""
    if isinstance(default, tuple):
        return ",".join(map(str, cast("tuple[object, ...]", default)))
    if isinstance(default, bool):
        return str(default).lower()
    return "" if default is None else str(default)


def settings() -> dict[str, str]:
    """Return every setting's default by its name."""
    named = ((field.validation_alias, shown(field.default)) for field in Settings.model_fields.values())
    return {str(alias.choices[0]): default for alias, default in named if isinstance(alias, AliasChoices)}


class TestPictures:
    NAMED = re.compile(r"(?:\]\(|src=\"|srcset=\")(?:docs/)?images/([\w.-]+)")

    def test_are_all_there_and_all_shown(self) -> None:
        shown = {name for each in (ROOT / "README.md", *ROOT.glob("docs/*.md")) for name in self.NAMED.findall(each.read_text("utf-8"))}

        assert shown == {each.name for each in (ROOT / "docs/images").iterdir()}


class TestSettings:
    def test_are_all_documented_and_no_others(self) -> None:
        documented = [code(row[0])[0] for row in rows("docs/settings.md", "name")]

        assert sorted(documented) == sorted(settings())

    def test_have_the_defaults_that_are_documented(self) -> None:
        documented = {code(row[0])[0]: row[2] for row in rows("docs/settings.md", "name")}
        wrong = {name: default for name, default in settings().items() if default and documented[name] != f"`{default}`"}

        assert wrong == {}

    def test_are_called_by_their_names_in_the_readme(self) -> None:
        block = re.search(r"```\n(   MicrosoftAppId=.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)

        assert block is not None
        assert set(re.findall(r"^ *(\w+)=", block[1], re.MULTILINE)) <= settings().keys()


class TestCommands:
    def test_are_all_documented_and_no_others(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit):
            app.main(["--help"])
        listed = COMMAND_LIST.search(capsys.readouterr().out)
        documented = [code(row[0])[0].split() for row in rows("docs/reference.md", "command")]

        assert listed is not None
        assert sorted(words[2] for words in documented if words[1] == "app.py") == sorted(listed[1].split(","))

    def test_have_the_options_that_are_documented(self, capsys: pytest.CaptureFixture[str]) -> None:
        for row in rows("docs/reference.md", "command"):
            words = code(row[0])[0].split()
            if words[1] != "app.py":
                continue
            with pytest.raises(SystemExit):
                app.main([words[2], "--help"])
            real = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}

            assert set(re.findall(r"--[a-z-]+", row[1])) == real, words

    def test_of_make_exist(self) -> None:
        targets = set(re.findall(r"^([a-z.]+(?:/\.made)?):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
        text = "".join(each.read_text("utf-8") for each in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/*.md")))

        assert set(re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE)) <= targets


@pytest.fixture
async def town(database_url: str) -> AsyncGenerator[Town]:
    async with towns.town(database_url) as built:
        yield built


class TestAddresses:
    async def test_are_all_documented_and_no_others(self, town: Town) -> None:
        routes = [each for each in town.house.application.router.routes() if each.method != "HEAD" and each.resource is not None]
        documented = [code(row[0])[0] for row in rows("docs/reference.md", "address")]

        assert sorted(documented) == sorted(f"{each.method} {each.resource.canonical}" for each in routes if each.resource is not None)


class TestPhrases:
    SAID = tuple(phrase for row in rows("README.md", "say") for phrase in code(row[0]))

    @pytest.mark.parametrize("phrase", SAID)
    def test_in_the_readme_are_understood(self, phrase: str) -> None:
        meant = parse(phrase.replace("NUMBER", "INV-10421"))

        assert isinstance(meant, About | Find | SnoozeNumber if "NUMBER" in phrase else Ask | List)

    def test_in_the_readme_are_all_that_help_offers(self) -> None:
        assert [each.typed for each in COMMANDS if each.typed not in self.SAID] == []

    def test_in_the_readme_say_everything_that_can_be_meant(self) -> None:
        meant = {each.place.show if isinstance(each, List) else each for each in map(parse, self.SAID)}

        assert set(MEANING.values()) <= meant

    def test_that_mean_nothing_are_not_understood(self) -> None:
        assert isinstance(parse("tomatoes and rice"), Unknown)
