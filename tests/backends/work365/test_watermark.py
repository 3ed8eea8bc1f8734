"""The watermark loses no change, and recognizes what it has taken."""

from datetime import UTC, datetime, timedelta
from typing import Any

from backends.work365.watermark import MOST_REMEMBERED, Watermark

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
OVERLAP = timedelta(minutes=5)


def row(name: str, changed: datetime, version: int = 1) -> dict[str, Any]:
    """Return a row that was changed at that time."""
    return {"id": name, "modifiedon": f"{changed:%Y-%m-%dT%H:%M:%SZ}", "@odata.etag": f'W/"{version}"'}


def watermark() -> Watermark:
    """Return one that has read nothing."""
    return Watermark(OVERLAP, "modifiedon", "id")


class TestStart:
    def test_begins_with_everything(self) -> None:
        assert watermark().start is None

    def test_leaves_room_for_changes_that_commit_late(self) -> None:
        mark = watermark()
        mark.taken([row("a", NOON)])

        assert mark.complete(NOON + timedelta(minutes=1)) == NOON - OVERLAP

    def test_leaves_none_once_everything_must_have_committed(self) -> None:
        mark = watermark()
        mark.taken([row("a", NOON)])

        assert mark.complete(NOON + timedelta(minutes=6)) == NOON

    def test_stays_where_it_is_when_nothing_comes(self) -> None:
        mark = watermark()
        mark.go_on(NOON)

        assert mark.complete(NOON + timedelta(days=1)) == NOON

    def test_says_where_to_resume_within_a_pass(self) -> None:
        mark = watermark()

        assert mark.after([row("a", NOON), row("b", NOON + OVERLAP)]) == NOON
        assert mark.after([{"id": "c", "modifiedon": "odd"}]) is None


class TestFresh:
    def test_recognizes_what_it_has_taken(self) -> None:
        mark = watermark()
        mark.taken([row("a", NOON)])

        assert mark.fresh([row("a", NOON), row("b", NOON)]) == [row("b", NOON)]

    def test_notices_a_second_change_in_the_same_second(self) -> None:
        mark = watermark()
        mark.taken([row("a", NOON)])

        assert mark.fresh([row("a", NOON, version=2)])

    def test_recognizes_nothing_without_an_etag(self) -> None:
        mark = watermark()
        bare = {"id": "a", "modifiedon": "2026-11-23T12:00:00Z"}
        mark.taken([bare])

        assert mark.fresh([bare]) == [bare]

    def test_forgets_when_another_process_was_at_work(self) -> None:
        mark = watermark()
        mark.taken([row("a", NOON)])
        mark.complete(NOON)

        mark.go_on(NOON + OVERLAP)

        assert mark.start == NOON + OVERLAP
        assert mark.fresh([row("a", NOON)])

    def test_forgets_when_the_mirror_was_emptied(self) -> None:
        mark = watermark()
        mark.taken([row("a", NOON)])
        mark.complete(NOON)

        mark.go_on(None)

        assert mark.fresh([row("a", NOON)])

    def test_remembers_so_many(self) -> None:
        mark = watermark()
        several = [row(str(place), NOON) for place in range(MOST_REMEMBERED + 1)]

        mark.taken(several)

        assert mark.fresh(several) == several[:1]
