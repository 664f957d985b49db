"""Every day, or every week, at the same local hour (JOB-1, JOB-2, MAIL-1)."""

import importlib.util
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

# The module needs no Odoo, but its package does: load the file itself.
_FILE = Path(__file__).parents[2] / "privacy_guard" / "tools" / "schedule.py"
_SPEC = importlib.util.spec_from_file_location("privacy_guard_schedule", _FILE)
schedule = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(schedule)

ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour of daylight saving
    "America/Nuuk",  # changes in the evening before
    "Asia/Beirut",  # changes at midnight
    "Asia/Kathmandu",
    "Pacific/Apia",  # skipped a whole day in 2011
]
zones = st.sampled_from(ZONES)
moments = st.datetimes(datetime(2011, 1, 1), datetime(2035, 1, 1))
hours = st.integers(0, 24 * 60 - 1).map(lambda minute: minute / 60)
weekdays = st.none() | st.integers(0, 6)


def local(moment, tz):
    return moment.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(tz))


@pytest.mark.parametrize(
    ("after", "due"),
    [
        (datetime(2026, 3, 28, 8, 59), datetime(2026, 3, 28, 9, 0)),
        (datetime(2026, 3, 28, 9, 0), datetime(2026, 3, 29, 8, 0)),  # summer begins
        (datetime(2026, 10, 24, 8, 0), datetime(2026, 10, 25, 9, 0)),  # and ends
    ],
)
def test_ten_o_clock_stays_ten_o_clock_when_the_clocks_change(after, due):
    assert schedule.next_due(after, 10, "Europe/Berlin") == due


def test_skipped_local_time_moves_forward_by_the_gap():
    due = schedule.next_due(datetime(2026, 3, 28, 12), 2.5, "Europe/Berlin")
    assert local(due, "Europe/Berlin").strftime("%d %H:%M") == "29 03:30"


def test_repeated_local_time_is_due_once():
    first = schedule.next_due(datetime(2026, 10, 24, 12), 2.5, "Europe/Berlin")
    assert first == datetime(2026, 10, 25, 0, 30)
    second = schedule.next_due(first, 2.5, "Europe/Berlin")
    assert second == datetime(2026, 10, 26, 1, 30)


def test_friday_at_three():
    due = schedule.next_due(datetime(2026, 3, 27, 14), 15, "Europe/Berlin", 4)
    assert due == datetime(2026, 4, 3, 13)


def test_last_due_includes_the_very_moment():
    ten = datetime(2026, 7, 1, 8)
    assert schedule.last_due(ten, 10, "Europe/Berlin") == (date(2026, 7, 1), ten)
    day, _due = schedule.last_due(ten - timedelta(seconds=1), 10, "Europe/Berlin")
    assert day == date(2026, 6, 30)


@pytest.mark.parametrize("name", [None, "", "Mars/Olympus", "../etc/passwd"])
def test_unknown_zone_is_utc(name):
    due = schedule.next_due(datetime(2026, 7, 1, 12), 10, name)
    assert due == datetime(2026, 7, 2, 10)


@given(moments, hours, zones, weekdays)
def test_next_is_later_soon_and_follows_without_a_hole(after, hour, tz, weekday):
    due = schedule.next_due(after, hour, tz, weekday)
    period = timedelta(days=1 if weekday is None else 7)
    assert after < due <= after + period + timedelta(hours=25)
    _day, last = schedule.last_due(due, hour, tz, weekday)
    assert last == due
    _day, before = schedule.last_due(due - timedelta(microseconds=1), hour, tz, weekday)
    assert before <= after < due


@given(moments, hours, zones, weekdays)
def test_clocks_show_the_hour_unless_it_does_not_exist(after, hour, tz, weekday):
    shown = local(schedule.next_due(after, hour, tz, weekday), tz)
    wanted = divmod(round(hour * 60), 60)
    if (shown.hour, shown.minute) != wanted:
        day, _due = schedule.last_due(
            schedule.next_due(after, hour, tz, weekday), hour, tz, weekday
        )
        wall = datetime(day.year, day.month, day.day, *wanted, tzinfo=ZoneInfo(tz))
        back = wall.astimezone(timezone.utc).astimezone(ZoneInfo(tz))
        assert back.replace(tzinfo=None) != wall.replace(tzinfo=None), "a skipped time"
    elif weekday is not None:
        assert shown.weekday() == weekday


@given(moments, hours, zones, weekdays)
def test_computing_again_from_any_moment_before_gives_the_same(
    after, hour, tz, weekday
):
    due = schedule.next_due(after, hour, tz, weekday)
    middle = after + (due - after) / 2
    assert schedule.next_due(middle, hour, tz, weekday) == due
