"""The press: limits, memory, and nothing left running."""

from collections.abc import Mapping

import pytest

from billing.errors import NoPdf
from pages.press import Press
from pages.sheet import sheet
from tests import make
from tests.pages.room import RESELLER, reader

SHOWN: Mapping[str, object] = sheet(make.details(), RESELLER, reader())


class TestPress:
    async def test_stops_what_takes_too_long(self) -> None:
        press = Press(limit_s=0.001)

        with pytest.raises(NoPdf) as refusal:
            await press.pdf(SHOWN)

        assert refusal.value.facts == {"limit_s": 0.001}

    async def test_remembers_what_it_has_set(self) -> None:
        press = Press()

        first = await press.pdf(SHOWN)
        again = await press.pdf(dict(SHOWN))

        assert again is first

    async def test_sets_anew_what_has_changed(self) -> None:
        press = Press()

        first = await press.pdf(SHOWN)
        changed = await press.pdf({**SHOWN, "number": "INV-2"})

        assert changed != first

    async def test_refuses_more_pages_than_anybody_reads(self) -> None:
        many = [make.line(description="word " * 400) for _ in range(1_500)]
        shown = sheet(make.details(make.invoice(), *many), RESELLER, reader())

        with pytest.raises(NoPdf) as refusal:
            await Press().pdf(shown)

        assert "too many pages" in str(refusal.value.facts["said"])
