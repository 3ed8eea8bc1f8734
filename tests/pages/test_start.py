"""The page that an address alone leads to."""

from tests.pages.room import Room, Visitors, get


class TestStart:
    async def test_says_to_anybody_what_this_is_and_where_to_go(self) -> None:
        answer = await get(Room.of(visitors=Visitors(None), root="/bills"), "/")

        assert answer.status == 200
        assert "the invoices of your company" in answer.text
        assert "Northwind Cloud" in answer.text
        assert all(f'href="/bills/{path}"' in answer.text for path in ("invoices", "privacy", "terms"))

    async def test_says_it_in_the_readers_language(self) -> None:
        answer = await get(Room.of(visitors=Visitors(None)), "/", **{"Accept-Language": "de"})

        assert '<html lang="de" dir="ltr">' in answer.text
        assert "melden sich mit Ihrem Geschäftskonto an" in answer.text
