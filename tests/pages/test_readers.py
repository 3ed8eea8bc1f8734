"""How somebody at a browser reads."""

import pytest

from pages.readers import language


class TestLanguage:
    @pytest.mark.parametrize(
        ("header", "tag"),
        [
            ("", "en-US"),
            ("*", "en-US"),
            ("de-DE,de;q=0.9,en;q=0.8", "de-DE"),
            ("en;q=0.5, fr-CH", "fr-CH"),
            ("ja;q=nonsense, es;q=0.1", "es"),
            (",,;", "en-US"),
        ],
    )
    def test_is_the_one_that_the_browser_prefers(self, header: str, tag: str) -> None:
        assert language(header) == tag
