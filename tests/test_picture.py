"""The picture of the architecture is drawn from the code, and the committed one is today's: ``make picture`` draws it again."""

from pathlib import Path

from docs.picture import PICTURE, ROOMS, drawn, imports, reduced


class TestPicture:
    def test_shows_the_imports_of_today(self) -> None:
        assert PICTURE.read_text("utf-8") == drawn(reduced(imports()))

    def test_has_a_place_for_every_package(self) -> None:
        packages = {file.parent.name for file in Path().glob("*/__init__.py")} - {"tests", "docs", "bench", "deploy"}

        assert ROOMS.keys() == packages


class TestReduced:
    def test_leaves_out_what_follows_from_other_arrows(self) -> None:
        assert reduced(frozenset({("bot", "cards"), ("cards", "words"), ("bot", "words")})) == [("bot", "cards"), ("cards", "words")]

    def test_keeps_what_leads_nowhere_else(self) -> None:
        arrows = frozenset({("bot", "cards"), ("bot", "auth"), ("auth", "billing")})

        assert set(reduced(arrows)) == arrows
