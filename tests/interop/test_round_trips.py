"""Whatever story there is, it comes back the same from a case file and from a long table."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given
from hypothesis import strategies as st

from engine.event import Story
from interop.case import Case
from interop.case_file import read_cases, write_cases
from interop.case_writer import case_content
from interop.long_table import PatientStory, read_long_table, write_long_table
from tests.interop.stories import cases

several = st.lists(cases, min_size=1, max_size=2, unique_by=lambda case: case.id)


@given(several)
def test_yaml(written: list[Case]) -> None:
    assert list(read_cases(write_cases(written))) == written


@given(cases)
def test_json(case: Case) -> None:
    assert list(read_cases(json.dumps(case_content(case)))) == [case]
    assert list(read_cases(json.dumps(case_content(case), ensure_ascii=False))) == [case]


@given(several)
@example([Case("long-number", None, Story({"remnant_liver_function_percent": 1.6026414950140778e-226}, ()))])
def test_long_table(written: list[Case]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "table.csv")
        write_long_table(written, path)
        reading = read_long_table(path)
    assert reading.refused == ()
    assert list(reading.patients) == [PatientStory(case.id, case.story) for case in written]
