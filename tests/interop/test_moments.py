"""Between day and time stands a T, in case files, tables and on the command line alike."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from interop.case import Refusal
from interop.case_file import Case, read_cases
from interop.long_table import read_long_table

RIGHT, WRONG = "2025-02-28T10:00", "2025-02-28 10:00"
TOLD = f"must have a T between day and time: {RIGHT}, not '{WRONG}'"


@pytest.mark.parametrize(
    ("key", "content"),
    [
        ("date", {"events": [{"id": "e1", "type": "death", "date": WRONG}]}),
        ("recorded", {"events": [{"id": "e1", "type": "death", "date": "2025-02-28", "recorded": WRONG}]}),
        (
            "documented",
            {"events": [{"id": "e1", "type": "death", "date": "2025-02-28", "documented": WRONG}]},
        ),
        ("as_of", {"checkpoints": [{"as_of": WRONG}]}),
        ("known_at", {"checkpoints": [{"as_of": "2025-02-28", "known_at": WRONG}]}),
        (
            "new",
            {
                "events": [
                    {"id": "e1", "type": "death", "date": "2025-02-28"},
                    {
                        "id": "e2",
                        "type": "correction",
                        "date": "2025-03-01",
                        "target": "e1",
                        "field": "date",
                        "old": "2025-02-28",
                        "new": WRONG,
                    },
                ]
            },
        ),
    ],
)
def test_a_blank_between_day_and_time_is_refused_in_a_case(key: str, content: dict[str, object]) -> None:
    text = json.dumps({"id": "K1", **content})
    (refused,) = read_cases(text, "f")
    assert isinstance(refused, Refusal)
    assert f"{key!r} {TOLD}" in refused.error
    (read,) = read_cases(text.replace(WRONG, RIGHT), "f")
    assert isinstance(read, Case)


@pytest.mark.parametrize(
    "row", [f"e1,death,{WRONG},,,,", f"e2,correction,2025-03-01,e1,date,2025-02-28,{WRONG}"]
)
def test_a_blank_between_day_and_time_is_refused_in_a_table(tmp_path: Path, row: str) -> None:
    path = tmp_path / "t.csv"
    other = "P,e1,death,2025-02-28,,,,\n" if row.startswith("e2") else ""
    path.write_text(f"patient,id,type,date,target,field,old,new\n{other}P,{row}\n", encoding="utf-8")
    (error,) = read_long_table(path).refused
    assert TOLD in error.message
    path.write_text(path.read_text(encoding="utf-8").replace(WRONG, RIGHT), encoding="utf-8")
    assert read_long_table(path).refused == ()
