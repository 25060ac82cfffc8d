"""A chart keeps what had happened and was recorded by its day, of entries as of what is planted."""

from datetime import date, timedelta

import pytest

from simulation.chart import Chart

DAY = date(2026, 11, 2)
BEFORE, AFTER = DAY - timedelta(10), DAY + timedelta(1)


@pytest.fixture
def chart() -> Chart:
    return Chart.empty("some_kind", DAY)


def codes(chart: Chart) -> list[str]:
    return [planted.code for planted in chart.planted]


def test_an_entry_of_the_future_is_not_there(chart: Chart) -> None:
    chart.add("follow_up_visit", DAY, {})
    chart.add("follow_up_visit", AFTER, {})
    chart.add("follow_up_visit", BEFORE, {}, recorded=AFTER)
    assert [entry.day for entry in chart.story().entries] == [DAY]


def test_a_story_that_ends_earlier() -> None:
    chart = Chart.empty("some_kind", DAY, BEFORE)
    chart.add("follow_up_visit", BEFORE + timedelta(1), {})
    chart.plant("d-bma-missing", BEFORE + timedelta(1))
    chart.append("death", BEFORE + timedelta(1))
    chart.append("death", AFTER)
    assert [entry.type for entry in chart.story().entries] == ["death"]
    assert codes(chart) == []


def test_no_story_ends_after_its_day() -> None:
    assert Chart.empty("some_kind", DAY, AFTER).until == DAY


@pytest.mark.parametrize(
    ("due", "done", "missed"),
    [
        (BEFORE, BEFORE, False),
        (BEFORE, BEFORE + timedelta(1), True),
        (BEFORE, None, True),
        (DAY, None, False),
        (DAY - timedelta(1), None, True),
    ],
)
def test_a_duty_is_missed_from_the_day_after(
    chart: Chart, due: date, done: date | None, missed: bool
) -> None:
    chart.duty("d-bma-missing", due, done)
    assert [planted.on for planted in chart.planted] == [due + timedelta(1)] * missed


def test_what_is_planted_notes_the_kind(chart: Chart) -> None:
    chart.plant("d-bma-missing", DAY)
    assert chart.planted[0].note == "some kind"


def test_ids_follow_the_order_of_recording_and_corrections_find_their_entry(chart: Chart) -> None:
    late = chart.add("metastasis_suspected", BEFORE, {"source": "symptoms"}, recorded=DAY)
    chart.add("follow_up_visit", BEFORE, {})
    chart.add("retraction", DAY, {"target": late, "reason": "not this patient"})
    entries = chart.story().entries
    assert [(entry.id, entry.type) for entry in entries] == [
        ("e01", "follow_up_visit"), ("e02", "metastasis_suspected"), ("e03", "retraction"),
    ]  # fmt: skip
    assert entries[2].fields["target"] == "e02"
