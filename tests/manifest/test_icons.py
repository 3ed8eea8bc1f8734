"""The committed icons are the ones that the script draws."""

from manifest import icons, png


class TestIcons:
    def test_are_what_the_script_draws(self) -> None:
        assert png.read((icons.HERE / "color.png").read_bytes()) == png.read(icons.color())
        assert png.read((icons.HERE / "outline.png").read_bytes()) == png.read(icons.outline())

    def test_reach_the_outlines_edges(self) -> None:
        rows = png.read(icons.outline())

        assert any(pixel[3] for pixel in rows[0])
        assert any(pixel[3] for pixel in rows[-1])
