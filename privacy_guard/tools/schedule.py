"""When a job that keeps its local hour is due: pure computation.

All moments in and out are naive UTC datetimes, as Odoo stores them. Local times that a
change of the clocks skips move forward by the length of the gap; local times that it
repeats count once, the first time.
"""

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# Far enough on both sides for a weekly job and for zones that skip a whole day.
DAYS_AROUND = range(-8, 10)


def zone(name: str | None) -> ZoneInfo:
    """:return: the time zone of that name, UTC when there is none"""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def local_date(moment: datetime, tz: str | None) -> date:
    """:return: the date that people in that zone write at that moment"""
    return moment.replace(tzinfo=timezone.utc).astimezone(zone(tz)).date()


def noon_of(day: date, tz: str | None) -> datetime:
    """:return: the moment that is on that day in that zone, and in most others"""
    noon = datetime.combine(day, time(12), tzinfo=zone(tz))
    return noon.astimezone(timezone.utc).replace(tzinfo=None)


def business_days_after(day: date, count: int) -> date:
    """:return: the day after so many from Monday to Friday"""
    while count:
        day += timedelta(days=1)
        count -= day.isoweekday() <= 5
    return day


def next_due(
    after: datetime, hour: float, tz: str | None, weekday: int | None = None
) -> datetime:
    """:return: the first moment later than ``after`` at which the clocks show ``hour``

    :param hour: local hour with decimals, 10.5 being half past ten
    :param weekday: only on that day of the week, 0 being Monday
    """
    return min(due for _day, due in _around(after, hour, tz, weekday) if due > after)


def last_due(
    until: datetime, hour: float, tz: str | None, weekday: int | None = None
) -> tuple[date, datetime]:
    """:return: local date and moment of the last time due, ``until`` included"""
    return max(
        (found for found in _around(until, hour, tz, weekday) if found[1] <= until),
        key=lambda found: (found[1], found[0]),
    )


def _around(
    moment: datetime, hour: float, tz: str | None, weekday: int | None
) -> list[tuple[date, datetime]]:
    """:return: (local date, moment) of each time due around a moment"""
    today = local_date(moment, tz)
    days = (today + timedelta(days=offset) for offset in DAYS_AROUND)
    return [
        (day, _moment(day, hour, tz))
        for day in days
        if weekday is None or day.weekday() == weekday
    ]


def _moment(day: date, hour: float, tz: str | None) -> datetime:
    minutes = min(max(round(hour * 60), 0), 24 * 60 - 1)
    clock = time(minutes // 60, minutes % 60)
    # fold=0, the default: the offset before a change of the clocks, which is the
    # first of two equal times, and moves a skipped one forward.
    local = datetime.combine(day, clock, tzinfo=zone(tz))
    return local.astimezone(timezone.utc).replace(tzinfo=None)
