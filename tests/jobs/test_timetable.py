"""The timetable and the jobs of the modules fit each other."""

from __future__ import annotations

import pytest
from croniter import croniter

from flow.app import all_jobs
from flow.jobs.timetable import TIMETABLE
from flow.jobs.types import Entry


@pytest.mark.parametrize("entry", TIMETABLE, ids=lambda entry: entry.job)
def test_an_entry_names_a_job_and_a_time(entry: Entry) -> None:
    assert entry.job in {job.name for job in all_jobs()}
    assert croniter.is_valid(entry.cron)


def test_a_job_has_one_name() -> None:
    names = [job.name for job in all_jobs()]

    assert len(names) == len(set(names))
