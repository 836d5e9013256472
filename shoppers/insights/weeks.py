"""Weeks as the insights count them, from Monday in the shop's time zone; for all of them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

WEEK = timedelta(days=7)


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def weeks_up_to(day: date, *, count: int) -> list[date]:
    """Return the Mondays of so many weeks, that of the day the last."""
    last = monday_of(day)
    return [last - back * WEEK for back in reversed(range(count))]


def start_of(day: date) -> datetime:
    """Return the moment at which a day begins."""
    return datetime.combine(day, time.min, timezone.get_current_timezone())
