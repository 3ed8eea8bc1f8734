"""When a person is reminded: hours, days, stages, news."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.due import NEWS, Custom, Hours, Notice, Until, Wishes, news, stage
from billing.invoice import Charge, Invoice, State
from tests import make
from tests.make import NOW, TODAY

DUE = date(2026, 11, 30)
DAYS = (-7, -1, 0, 3, 7, 14)
BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")

zones = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
instants = st.datetimes(datetime(1995, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds the zone

steps_ = st.lists(st.integers(-120, 1500), min_size=30, max_size=60)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


class TestHours:
    @pytest.mark.parametrize(
        ("now", "is_open"),
        [
            ("2026-11-23T08:59+01:00", False),
            ("2026-11-23T09:00+01:00", True),
            ("2026-11-23T19:59+01:00", True),
            ("2026-11-23T20:00+01:00", False),
        ],
    )
    def test_last_from_the_chosen_hour_to_the_evening(self, now: str, is_open: bool) -> None:  # noqa: FBT001
        assert Hours(BERLIN, 9).are_open(at(now)) is is_open

    def test_last_three_hours_for_a_night_owl(self) -> None:
        late = Hours(BERLIN, 21)

        assert late.are_open(at("2026-11-23T23:59+01:00"))
        assert not late.are_open(at("2026-11-24T00:00+01:00"))

    def test_are_closed_on_weekends_where_the_person_says_so(self) -> None:
        saturday = at("2026-11-28T12:00+01:00")

        assert Hours(BERLIN, 9).are_open(saturday)
        assert not Hours(BERLIN, 9, business_days=True).are_open(saturday)
        assert Hours(BERLIN, 9, business_days=True).next(saturday) == at("2026-11-30T09:00+01:00")

    def test_begin_after_the_gap_when_the_clock_skips_the_hour(self) -> None:
        night = at("2026-03-08T00:30-05:00")

        assert Hours(NEW_YORK, 2).next(night) == at("2026-03-08T03:00-04:00")

    def test_begin_once_when_the_hour_comes_twice(self) -> None:
        hours = Hours(NEW_YORK, 1)
        begins = hours.next(at("2026-11-01T00:30-04:00"))

        assert begins == at("2026-11-01T01:00-04:00")
        assert hours.next(at("2026-11-01T01:30-05:00"), after=hours.today(begins)) == at("2026-11-02T01:00-05:00")

    @given(zone=zones, now=instants, hour=st.integers(0, 23), business_days=st.booleans(), after=st.none() | st.integers(-3, 3))
    def test_next_is_open_and_not_past_and_on_a_later_day(
        self, zone: ZoneInfo, now: datetime, hour: int, *, business_days: bool, after: int | None
    ) -> None:
        hours = Hours(zone, hour, business_days=business_days)
        last = None if after is None else hours.today(now) + timedelta(days=after)

        found = hours.next(now, after=last)

        assert found >= now
        assert hours.are_open(found)
        assert last is None or hours.today(found) > last
        assert found - now < timedelta(days=10)

    @given(
        zone=zones,
        start=instants,
        hour=st.integers(0, 23),
        steps=st.lists(st.integers(-120, 1500), min_size=30, max_size=60),
        data=st.data(),
    )
    def test_no_clock_and_no_journey_gives_a_day_twice(
        self, zone: ZoneInfo, start: datetime, hour: int, steps: list[int], data: st.DataObject
    ) -> None:
        now, last, given_days = start, None, list[date]()

        for minutes in steps:
            now += timedelta(minutes=minutes)
            hours = Hours(zone, hour)
            if hours.are_open(now) and (last is None or hours.today(now) > last):
                last = hours.today(now)
                given_days.append(last)
            zone = data.draw(zones) if data.draw(st.booleans()) else zone

        assert given_days == sorted(set(given_days))

    @given(zone=zones, start=instants, hour=st.integers(0, 23))
    def test_no_day_of_a_life_without_journeys_is_left_out(self, zone: ZoneInfo, start: datetime, hour: int) -> None:
        hours, now, days = Hours(zone, hour), start, list[date]()

        for _ in range(5):
            now = hours.next(now, after=days[-1] if days else None)
            days.append(hours.today(now))

        skipped = [later - earlier for earlier, later in pairwise(days) if later - earlier != timedelta(days=1)]
        assert len(skipped) <= 1, "a zone may leave out one calendar day when it crosses the date line"


class TestStage:
    @pytest.mark.parametrize(
        ("today", "reached"),
        [
            (date(2026, 11, 22), None),
            (date(2026, 11, 23), "due:2026-11-30:-7"),
            (date(2026, 11, 28), "due:2026-11-30:-7"),
            (date(2026, 11, 29), "due:2026-11-30:-1"),
            (date(2026, 11, 30), "due:2026-11-30:+0"),
            (date(2026, 12, 2), "due:2026-11-30:+0"),
            (date(2026, 12, 3), "due:2026-11-30:+3"),
            (date(2026, 12, 14), "due:2026-11-30:+14"),
            (date(2026, 12, 21), "due:2026-11-30:+14"),
            (date(2026, 12, 22), None),
        ],
    )
    def test_is_the_newest_that_has_begun_and_no_older_than_a_week(self, today: date, reached: str | None) -> None:
        assert stage(DUE, DAYS, today) == reached

    def test_is_none_without_a_due_date(self) -> None:
        assert stage(None, DAYS, TODAY) is None

    def test_begins_anew_when_the_due_date_moves(self) -> None:
        assert stage(DUE + timedelta(days=30), DAYS, date(2026, 12, 23)) == "due:2026-12-30:-7"

    def test_comes_early_before_a_weekend_and_late_after_it(self) -> None:
        sunday = date(2026, 11, 29)

        assert stage(sunday, (-1, 0), date(2026, 11, 27), business_days=True) == "due:2026-11-29:+0"
        assert stage(date(2026, 11, 26), (3,), date(2026, 11, 29), business_days=True) is None
        assert stage(date(2026, 11, 26), (3,), date(2026, 11, 30), business_days=True) == "due:2026-11-26:+3"

    def test_is_silent_until_a_snooze_ends_and_then_speaks_once(self) -> None:
        until = date(2026, 12, 5)

        assert stage(DUE, DAYS, date(2026, 12, 4), snoozed_until=until) is None
        assert stage(DUE, DAYS, until, snoozed_until=until) == "again:2026-12-05"
        assert stage(DUE, DAYS, date(2026, 12, 7), snoozed_until=until) == "due:2026-11-30:+7"

    @given(due=st.dates(date(2020, 1, 1), date(2030, 1, 1)), days=st.sets(st.integers(-30, 30), min_size=1), business_days=st.booleans())
    def test_says_each_once_and_each_is_said_to_who_looks_daily(self, due: date, days: set[int], *, business_days: bool) -> None:
        looks = [due + timedelta(days=n) for n in range(-40, 60)]
        looks = [day for day in looks if day.weekday() < 5] if business_days else looks

        said = [found for day in looks if (found := stage(due, days, day, business_days=business_days))]
        changes = [found for before, found in zip(["", *said], said, strict=False) if before != found]

        assert len(changes) == len(set(changes))
        if not business_days:
            assert changes == [f"due:{due}:{n:+d}" for n in sorted(days)]

    @pytest.mark.parametrize("business_days", [False, True])
    @pytest.mark.parametrize("due", [date.min, date.max, date(9999, 12, 30)])
    def test_is_none_for_a_due_date_at_the_end_of_all_calendars(self, due: date, *, business_days: bool) -> None:
        assert stage(due, (-365, *DAYS, 365), TODAY, business_days=business_days) is None

    def test_does_not_come_at_the_end_of_a_snooze_where_no_stage_is_wanted(self) -> None:
        ended = TODAY - timedelta(days=1)

        assert stage(TODAY, DAYS, TODAY, snoozed_until=ended) == f"due:{TODAY}:+0"
        assert stage(None, DAYS, TODAY, snoozed_until=ended) == f"again:{ended}"
        assert stage(None, (), TODAY, snoozed_until=ended) is None

    @pytest.mark.parametrize("today", [date.min, date.max])
    def test_is_told_on_the_last_day_of_the_calendar_as_on_any(self, today: date) -> None:
        assert stage(today, DAYS, today) == f"due:{today}:+0"


class TestNews:
    def test_tells_what_has_happened(self) -> None:
        issued = make.invoice(billed=TODAY)
        paid = make.invoice(state=State.COMPLETE, paid=TODAY)
        failed = make.invoice(billed=None, charge=Charge.FAILED)

        told = [news(each, NOW - timedelta(days=1), NOW, frozenset()) for each in (issued, paid, failed)]

        assert told == [{Notice.ISSUED}, {Notice.PAID}, {Notice.FAILED}]

    @pytest.mark.parametrize(
        "invoice",
        [
            pytest.param(make.invoice(billed=TODAY - NEWS - timedelta(days=1)), id="billed long ago"),
            pytest.param(make.invoice(billed=TODAY, changed=NOW - NEWS - timedelta(hours=1)), id="unchanged for long"),
            pytest.param(make.invoice(state=State.COMPLETE, billed=TODAY, paid=None), id="paid, nobody knows when"),
            pytest.param(make.invoice(total="-134.20", state=State.COMPLETE, billed=TODAY, paid=TODAY), id="a credit, settled"),
            pytest.param(make.invoice(total="0", state=State.COMPLETE, billed=TODAY, paid=TODAY), id="a bill of nothing"),
            pytest.param(make.invoice(billed=None, charge=Charge.FAILED, state=State.COMPLETE), id="failed, then paid"),
        ],
    )
    def test_tells_nothing_old(self, invoice: Invoice) -> None:
        assert news(invoice, NOW - timedelta(days=365), NOW, frozenset()) == frozenset()

    def test_tells_nothing_from_before_the_bot_met_the_person(self) -> None:
        assert news(make.invoice(billed=TODAY), NOW + timedelta(seconds=1), NOW, frozenset()) == frozenset()

    def test_keeps_silent_about_what_was_switched_off(self) -> None:
        failed = make.invoice(billed=TODAY, charge=Charge.FAILED)

        assert news(failed, NOW, NOW, frozenset({Notice.ISSUED})) == {Notice.FAILED}


class TestCustom:
    CUSTOM = Custom(DAYS, 9)

    def test_prefers_the_persons_stages_to_the_companys_to_the_operators(self) -> None:
        asked = Wishes(days=(1,)), Wishes(days=()), Wishes()

        assert [self.CUSTOM.stages(each, (2,)) for each in asked] == [(1,), (), (2,)]
        assert self.CUSTOM.stages(Wishes(), None) == DAYS

    def test_gives_midnight_to_who_wants_midnight(self) -> None:
        assert self.CUSTOM.hours(Wishes(hour=0), BERLIN) == Hours(BERLIN, 0)
        assert self.CUSTOM.hours(Wishes(), BERLIN) == Hours(BERLIN, 9)


class TestUntil:
    def test_ends_on_the_persons_calendar(self) -> None:
        monday = date(2026, 11, 23)

        assert [each.ends(monday, DUE) for each in Until] == [date(2026, 11, 24), date(2026, 11, 26), date(2026, 11, 30), DUE]

    def test_offers_no_due_date_that_is_not_ahead(self) -> None:
        assert Until.DUE.ends(DUE, DUE) is None
        assert Until.DUE.ends(DUE, None) is None
