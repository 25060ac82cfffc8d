"""`carepath replay`: the contract of docs/case-files.md."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.conftest import EXAMPLES, Run

CASE: Mapping[str, object] = {
    "id": "K1",
    "facts": {"sex": "female", "birth_date": "1970-04-12", "menopausal_status": "post"},
    "events": [
        {"id": "e01", "date": "2025-01-07", "type": "metastasis_suspected"},
        {"id": "e02", "date": "2025-02-07", "recorded": "2025-03-01", "type": "systemic_started", "line": 1},
    ],
    "checkpoints": [{"as_of": "2025-01-10"}, {"as_of": "2025-02-10", "settings": {"lead_days": 7}}],
}


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return write(tmp_path / "case.json", CASE)


def write(path: Path, *cases: Mapping[str, object]) -> Path:
    path.write_text(json.dumps({"vignettes": list(cases)}), encoding="utf-8")
    return path


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_examples_are_answered_as_they_expect(run: Run, example: Path) -> None:
    ran = run("replay", "--check", example)
    assert (ran.status, ran.err) == (0, ""), ran.out


def test_every_checkpoint_is_answered_in_order(run: Run, case: Path) -> None:
    ran = run("replay", "--json", case, case)
    assert ran.status == 0
    assert [one["as_of"] for one in ran.lines] == ["2025-01-10", "2025-02-10"] * 2
    assert [one["settings"]["lead_days"] for one in ran.lines][:2] == [14, 7]


def test_as_of_replaces_the_checkpoints_and_is_what_is_known_by(run: Run, case: Path) -> None:
    (one,) = run("replay", "--json", case, "--as-of", "2025-02-20").lines
    assert (one["as_of"], one["known_at"], one["settings"]["lead_days"]) == ("2025-02-20", "2025-02-20", 14)
    assert one["state"] == "suspected"


def test_what_was_recorded_later_is_seen_when_asked_for(run: Run, case: Path) -> None:
    words = ("replay", "--json", case, "--as-of", "2025-02-20", "--known-at", "2025-03-01T18:00")
    (one,) = run(*words).lines
    assert one["known_at"] == "2025-03-01T18:00:00"
    assert one["state"] != "suspected"


def test_known_at_alone_is_asked_at_every_checkpoint(run: Run, case: Path) -> None:
    known = [one["known_at"] for one in run("replay", "--json", case, "--known-at", "2025-03-02").lines]
    assert known == ["2025-03-02"] * 2


def test_settings_of_the_command_line_outrank_those_of_a_checkpoint(run: Run, case: Path) -> None:
    ran = run("replay", "--json", case, "--set", "lead_days=3", "--set", "response_min_months=6")
    settings = [(one["settings"]["lead_days"], one["settings"]["response_min_months"]) for one in ran.lines]
    assert settings == [(3, 6), (3, 6)]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--set", "lead_day=3"), "did you mean 'lead_days'"),
        (("--set", "lead_days"), "NAME=VALUE"),
        (("--set", "lead_days=soon"), "lead_days"),
        (("--as-of", "31 February"), "--as-of"),
        (("--known-at", "2025-02-30"), "--known-at"),
        (("--check", "--as-of", "2025-01-01"), "--as-of replaces"),
    ],
)
def test_words_that_do_not_fit_are_refused_with_nothing_printed(
    run: Run, case: Path, words: tuple[str, ...], told: str
) -> None:
    ran = run("replay", "--json", case, *words)
    assert (ran.status, ran.out) == (2, "")
    assert told in ran.err


def test_a_refused_case_is_one_line_and_the_others_run(run: Run, tmp_path: Path) -> None:
    wrong = {**CASE, "id": "K2", "events": [{"id": "e01", "date": "2025-02-31", "type": "suspected"}]}
    file = write(tmp_path / "two.json", wrong, CASE)
    ran = run("replay", "--json", file)
    assert ran.status == 2
    assert [one["case"] for one in ran.lines] == ["K2", "K1", "K1"]
    assert ran.lines[0].keys() == {"case", "error"}
    assert ran.lines[0]["error"] == ran.err.rstrip("\n")
    assert "e01" in ran.err
    assert str(file) in ran.err


def test_a_case_without_a_question_is_refused(run: Run, tmp_path: Path) -> None:
    file = write(tmp_path / "case.json", {**CASE, "checkpoints": []})
    ran = run("replay", "--json", file)
    assert ran.status == 2
    assert "--as-of" in ran.lines[0]["error"]
    assert run("replay", "--json", file, "--as-of", "2025-01-10").status == 0


def test_differences_are_told_and_make_the_status_one(run: Run, tmp_path: Path) -> None:
    asked = [{"as_of": "2025-01-10", "expected": {"state": "mdt_ready", "deviations": []}}]
    file = write(tmp_path / "case.json", {**CASE, "checkpoints": asked})
    ran = run("replay", "--check", file)
    assert ran.status == 1
    assert ran.out.splitlines() == [
        f"{file}: K1 at 2025-01-10: state: expected mdt_ready / got suspected",
        "1 checkpoint compared, 1 with differences",
    ]
    (one,) = run("replay", "--check", "--json", file).lines
    assert one["differences"] == ["state: expected mdt_ready / got suspected"]


def test_a_refused_case_outranks_differences(run: Run, tmp_path: Path) -> None:
    asked = [{"as_of": "2025-01-10", "expected": {"state": "mdt_ready"}}]
    file = write(
        tmp_path / "case.json", {**CASE, "checkpoints": asked}, {**CASE, "id": "K3", "colour": "blue"}
    )
    ran = run("replay", "--check", file)
    assert ran.status == 2
    assert "1 case refused" in ran.out


def test_a_file_that_is_not_there_does_not_stop_the_others(run: Run, case: Path, tmp_path: Path) -> None:
    ran = run("replay", "--json", tmp_path / "none.yaml", case)
    assert ran.status == 2
    assert ran.lines[0]["case"] is None
    assert "none.yaml" in ran.err
    assert len(ran.lines) == 3


def test_standard_input_is_a_file_too(run: Run) -> None:
    ran = run("replay", "--json", "-", typed=json.dumps(CASE))
    assert (ran.status, len(ran.lines)) == (0, 2)


def test_a_person_reads_a_summary(run: Run) -> None:
    ran = run("replay", EXAMPLES / "pet-unknown-then-corrected.yaml")
    assert ran.status == 0
    for told in ("May happen next", "Not yet", "fail", "g-board-mdt", "Due", "Deviations", "Left open"):
        assert told in ran.out
