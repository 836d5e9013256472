from __future__ import annotations

import json
from datetime import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from shoppers.insights.weeks import monday_of
from styles.models import ModelVersion
from tests.shoppers.insights.busy_shop import calibrate, noon, photograph_gaps, sell

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(version: ModelVersion) -> datetime:
    """Return noon of a day on which people photographed two things that are missing."""
    sell("coat", "casual", version=version)
    calibrate(version)
    now = noon(timezone.localdate())
    photograph_gaps(version, people=5, at=now)
    return now


def test_the_command_counts_at_once_what_beat_would_count(
    now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("count_insights")
    told = capsys.readouterr().out
    assert "Weeks counted: 1," in told
    assert "Days folded: 1, new gaps: 2" in told
    call_command("count_insights", "--json")
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert result == {
        "weeks": [monday_of(now.date()).isoformat()],
        "days": 1,
        "new_gaps": 0,
        "forgotten_gaps": 0,
    }
