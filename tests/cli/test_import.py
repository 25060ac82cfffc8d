"""`carepath import`: everything or nothing per patient, the same file twice, and what is turned away."""

from __future__ import annotations

import csv
import json
import stat
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from interop.case_file import Case, read_cases
from interop.long_table import write_long_table
from tests.cli.conftest import EXAMPLES, Clock, Run

FACTS = {"sex": "female", "birth_date": "1970-04-12"}
SUSPECTED = {"id": "e01", "date": "2025-01-07", "type": "metastasis_suspected"}


def cases(path: Path, *listed: Mapping[str, object]) -> Path:
    path.write_text(json.dumps({"vignettes": list(listed)}), encoding="utf-8")
    return path


def one(id: str, *events: Mapping[str, object]) -> Mapping[str, object]:
    return {"id": id, "facts": FACTS, "events": list(events or (SUSPECTED,))}


@pytest.fixture
def examples_table(tmp_path: Path) -> Path:
    """The examples as a long table."""
    stories = [case for file in sorted(EXAMPLES.glob("*.yaml")) for case in read_cases(file)]
    path = tmp_path / "examples.csv"
    write_long_table([case for case in stories if isinstance(case, Case)], path)
    return path


@pytest.mark.each_database
def test_a_case_file_is_imported_once(run: Run, database: Path) -> None:
    first = run("import", "--json", EXAMPLES / "regular-path.yaml")
    again = run("import", "--json", EXAMPLES / "regular-path.yaml")
    assert (first.status, again.status) == (0, 0)
    assert first.lines[-1] == {
        "file": str(EXAMPLES / "regular-path.yaml"),
        "dry_run": False,
        "new": 1,
        "extended": 0,
        "unchanged": 0,
        "refused": 0,
        "entries": 17,
        "known_entries": 0,
        "words": [],
        "errors": None,
    }
    assert (again.lines[-1]["unchanged"], again.lines[-1]["entries"]) == (1, 0)


@pytest.mark.each_database
def test_a_longer_story_adds_what_is_new(run: Run, database: Path, tmp_path: Path) -> None:
    later = {"id": "e02", "date": "2025-01-20", "type": "imaging_history_reviewed"}
    run("import", cases(tmp_path / "a.json", one("K1")))
    ran = run("import", "--json", cases(tmp_path / "b.json", one("K1", SUSPECTED, later)))
    assert ran.status == 0
    assert (ran.lines[-1]["extended"], ran.lines[-1]["entries"], ran.lines[-1]["known_entries"]) == (1, 1, 1)


@pytest.mark.each_database
@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_import_and_show_answer_as_replay_does(run: Run, database: Path, clock: Clock, example: Path) -> None:
    clock.set("2025-12-01")
    assert run("import", example).status == 0
    for day in ("2024-10-21", "2025-02-03", "2025-12-01"):
        replayed = run("replay", "--json", example, "--as-of", day, "--known-at", "2025-12-01").lines[0]
        shown = run("show", "--json", replayed["case"], "--as-of", day).lines[0]
        pairs = zip(shown["due"], replayed["due"], strict=True)  # `show` also tells how far each has come
        shown["due"] = [{key: item[key] for key in told} for item, told in pairs]
        same = (
            "state",
            "entered_on",
            "companion_states",
            "derived_facts",
            "due",
            "guards",
            "profiles",
            "trail",
        )
        assert {key: shown[key] for key in same} == {key: replayed[key] for key in same}
        found = [
            [(one["code"], one["status"]) for one in answer["deviations"]] for answer in (shown, replayed)
        ]
        assert found[0] == found[1]


@pytest.mark.each_database
def test_a_long_table_gives_the_same_patients(run: Run, database: Path, examples_table: Path) -> None:
    ran = run("import", "--json", examples_table)
    assert (ran.status, ran.lines[-1]["new"]) == (0, 8)
    assert [run("import", "--json", file).lines[-1]["unchanged"] for file in EXAMPLES.glob("*.yaml")] == [
        1
    ] * 8


WORDS = """\
patient,id,type,date,modality,fact.sex
K1,e1,metastasis_suspected,2025-01-06,,F
K1,e2,mdt_planned,2025-01-07,SABR,
K1,e3,mdt_planned,2025-01-08,SABR,
K2,e1,mdt_planned,2025-01-07,RT,
"""


def test_words_read_as_codes_are_told(run: Run, database: Path, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text(WORDS, encoding="utf-8")
    ran = run("import", table)
    told = (
        "3 values written in other words, read as the code:",
        "  modality: 'SABR' is read as stereotactic_rt, and kept in the note (2 times)",
        "  sex: 'F' is read as female",
    )
    assert "\n".join(told) in ran.out
    assert "'RT' may mean stereotactic_rt or other_rt; write the code" in ran.err
    assert run("import", "--json", table).lines[-1]["words"] == [
        {"field": "modality", "said": "SABR", "code": "stereotactic_rt", "times": 2},
        {"field": "sex", "said": "F", "code": "female", "times": 1},
    ]
    shown = run("show", "K1", "--json").lines[0]
    assert shown["facts"] == {"sex": "female"}
    assert [entry.get("note") for entry in shown["entries"]] == [None, *["modality as entered: SABR"] * 2]


def test_words_of_a_patient_whom_the_store_refuses_are_not_told(
    run: Run, database: Path, tmp_path: Path
) -> None:
    table = tmp_path / "t.csv"
    run("import", cases(tmp_path / "c.json", one("K1", {**SUSPECTED, "id": "e1"})))
    table.write_text(WORDS, encoding="utf-8")
    ran = run("import", "--json", table)
    assert (ran.status, ran.lines[-1]["refused"], ran.lines[-1]["words"]) == (2, 2, [])


@pytest.mark.each_database
def test_a_dry_run_keeps_nothing(run: Run, database: Path, examples_table: Path) -> None:
    dry = run("import", "--dry-run", examples_table)
    assert dry.status == 0
    assert "8 new patients" in dry.out
    assert "nothing was kept" in dry.out
    assert "No patient" in run("list").out


def test_what_is_turned_away_does_not_stop_the_others(run: Run, database: Path, tmp_path: Path) -> None:
    wrong = one("K2", {**SUSPECTED, "date": "2025-02-30"})
    ran = run("import", cases(tmp_path / "c.json", one("K1"), wrong, one("K3")))
    assert ran.status == 2
    assert "K2" not in run("list").out
    assert "2 new patients, 0 with new entries, 0 unchanged, 1 turned away" in ran.out
    assert "e01" in ran.err
    assert "--errors PATH" in ran.out


def test_a_case_file_can_be_mended_and_imported_again(run: Run, database: Path, tmp_path: Path) -> None:
    wrong = one("K2", {**SUSPECTED, "type": "metastasis_suspect"})
    repair = tmp_path / "repair.yaml"
    ran = run("import", cases(tmp_path / "c.json", one("K1"), wrong), "--errors", repair)
    assert ran.status == 2
    assert f"Mend {repair}" in ran.out
    text = repair.read_text(encoding="utf-8")
    assert "# " in text
    assert "did you mean 'metastasis_suspected'" in text
    assert stat.S_IMODE(repair.stat().st_mode) == 0o600
    repair.write_text(
        text.replace("type: metastasis_suspect\n", "type: metastasis_suspected\n"), encoding="utf-8"
    )
    mended = run("import", "--json", repair)
    assert (mended.status, mended.lines[-1]["new"]) == (0, 1)


def test_a_table_can_be_mended_and_imported_again(run: Run, database: Path, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    rows = (
        "patient,id,type,date",
        "K1,e01,metastasis_suspected,2025-01-07",
        "K2,e01,metastasis_suspected,07.01.2025",
    )
    table.write_text("\n".join(rows), encoding="utf-8")
    repair = tmp_path / "repair.csv"
    ran = run("import", table, "--errors", repair, "--json")
    assert (ran.status, ran.lines[-1]["new"], ran.lines[-1]["refused"]) == (2, 1, 1)
    assert ran.lines[0]["patient"] == "K2"
    assert ran.lines[-1]["errors"] == str(repair)
    with repair.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["patient"] == "K2"
    assert row["error"]
    repair.write_text(
        repair.read_text(encoding="utf-8").replace("07.01.2025", "2025-01-07"), encoding="utf-8"
    )
    assert run("import", repair).status == 0


def test_a_row_without_a_patient_can_be_mended_too(run: Run, database: Path, tmp_path: Path) -> None:
    table, repair = tmp_path / "t.csv", tmp_path / "repair.csv"
    table.write_text("patient,id,type,date\n,e02,metastasis_suspected,2025-01-07\n", encoding="utf-8")
    ran = run("import", table, "--errors", repair)
    assert (ran.status, f"Mend {repair}" in ran.out) == (2, True)
    assert "every row must name its patient" in repair.read_text(encoding="utf-8-sig")


@pytest.mark.each_database
def test_what_the_store_refuses_is_in_the_repair_file_too(run: Run, database: Path, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    header = "patient,id,type,date"
    table.write_text(f"{header}\nK1,e01,metastasis_suspected,2025-01-07\n", encoding="utf-8")
    run("import", table)
    table.write_text(f"{header}\nK1,e01,metastasis_suspected,2025-01-08\n", encoding="utf-8")
    repair = tmp_path / "repair.csv"
    ran = run("import", table, "--errors", repair)
    assert ran.status == 2
    assert "recorded already with other content" in ran.err
    assert "recorded already with other content" in repair.read_text(encoding="utf-8-sig")


def test_no_repair_file_stays_behind_when_nothing_was_turned_away(
    run: Run, database: Path, tmp_path: Path
) -> None:
    repair = tmp_path / "repair.yaml"
    assert run("import", EXAMPLES / "regular-path.yaml", "--errors", repair).status == 0
    assert not repair.exists()


def test_a_patient_stands_once_in_a_file(run: Run, database: Path, tmp_path: Path) -> None:
    ran = run("import", cases(tmp_path / "c.json", one("K1"), one("K1")))
    assert ran.status == 2
    assert "stands twice" in ran.err


def test_a_file_of_others_is_not_replaced(run: Run, database: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("my own notes", encoding="utf-8")
    ran = run("import", EXAMPLES / "regular-path.yaml", "--errors", mine)
    assert ran.status == 2
    assert "is no repair file" in ran.err
    assert mine.read_text(encoding="utf-8") == "my own notes"


def test_many_errors_are_told_in_part(run: Run, database: Path, tmp_path: Path) -> None:
    wrong = [one(f"K{number}", {**SUSPECTED, "date": "never"}) for number in range(25)]
    ran = run("import", cases(tmp_path / "c.json", *wrong))
    assert "... and 5 more" in ran.err
    assert len(run("import", "--json", tmp_path / "c.json").lines) == 26


@pytest.mark.parametrize(
    ("file", "errors", "told"),
    [
        ("none.yaml", None, "No such file"),
        ("none.csv", None, "No such file"),
        ("c.json", "c.json", "place of its own"),
        ("c.json", "repair.csv", "must end in .yaml"),
        ("t.csv", "repair.txt", "must end in .csv or .xlsx"),
        ("c.json", "nowhere/repair.yaml", "cannot be written"),
    ],
)
def test_places_that_do_not_fit_are_named(
    run: Run, database: Path, tmp_path: Path, file: str, errors: str | None, told: str
) -> None:
    cases(tmp_path / "c.json", one("K1"))
    words = [tmp_path / file, *(["--errors", tmp_path / errors] if errors else [])]
    ran = run("import", *words)
    assert ran.status in (2, 3)
    assert told in ran.err + ran.out
    assert "Traceback" not in ran.err


def test_a_file_that_breaks_off_leaves_nothing_to_mend(run: Run, database: Path, tmp_path: Path) -> None:
    file, repair = tmp_path / "c.yaml", tmp_path / "repair.yaml"
    file.write_text("vignettes:\n- id: K1\n  events: [}\n", encoding="utf-8")
    ran = run("import", file, "--errors", repair)
    assert ran.status == 2
    assert not repair.exists()
    assert "Mend" not in ran.out


def test_a_line_that_breaks_off_is_a_comment_in_the_repair_file(
    run: Run, database: Path, tmp_path: Path
) -> None:
    file, repair = tmp_path / "c.jsonl", tmp_path / "repair.yaml"
    wrong = one("K2", {**SUSPECTED, "date": "never"})
    file.write_text("\n".join(['{"id": ', json.dumps(wrong), json.dumps(one("K3"))]), encoding="utf-8")
    ran = run("import", file, "--errors", repair, "--json")
    assert (ran.status, ran.lines[-1]["new"], ran.lines[-1]["refused"]) == (2, 1, 2)
    text = repair.read_text(encoding="utf-8")
    assert text.startswith("vignettes:\n# ")
    assert [row["id"] for row in yaml.safe_load(text)["vignettes"]] == ["K2"]


@pytest.mark.parametrize("suffix", ["json", "csv"])
def test_a_day_of_birth_is_not_repeated(run: Run, database: Path, tmp_path: Path, suffix: str) -> None:
    """What is said about an event before birth names the event, whether the file or the store finds it."""
    facts = {**FACTS, "primary": {"diagnosis_date": "1960-01-01"}}
    early = {**SUSPECTED, "date": "1969-05-01"}
    file = cases(tmp_path / "c.json", {**one("K1", early), "facts": facts})
    if suffix == "csv":
        file = tmp_path / "t.csv"
        rows = (
            "patient,id,type,date,birth_date,primary.diagnosis_date",
            "K1,,patient_facts,,1970-04-12,1960-01-01",
            "K1,e01,metastasis_suspected,1969-05-01,,",
        )
        file.write_text("\n".join(rows), encoding="utf-8")
    ran = run("import", file)
    assert (ran.status, "1970" in ran.err) == (2, False)
    assert "dated 1969-05-01, before the birth_date" in ran.err
    assert "'primary.diagnosis_date' is 1960-01-01, before the birth_date" in ran.err


def test_a_day_of_birth_in_the_database_is_not_repeated(run: Run, database: Path, tmp_path: Path) -> None:
    run("import", cases(tmp_path / "a.json", one("K1")))
    early = {**SUSPECTED, "id": "e02", "date": "1969-05-01"}
    ran = run("import", cases(tmp_path / "b.json", {**one("K1", early), "facts": {"sex": "female"}}))
    assert (ran.status, "1970" in ran.err) == (2, False)
    assert "before the birth_date" in ran.err
    ran = run("record", "K1", "metastasis_suspected", "--date", "1969-05-01")
    assert (ran.status, "1970" in ran.err) == (2, False)


@pytest.mark.parametrize(
    ("name", "content"), [("e.jsonl", ""), ("e.yaml", ""), ("e.json", ""), ("e.csv", "patient,type\n")]
)
def test_an_empty_file_is_refused_whatever_its_form(
    run: Run, database: Path, tmp_path: Path, name: str, content: str
) -> None:
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    ran = run("import", file)
    assert ran.status == 2
    assert str(file) in ran.err
    if not content:
        assert run("replay", file).status == 2


@pytest.mark.parametrize(
    ("name", "content"), [("c.yaml", "vignettes:\n- id: K1\n  events: [}\n"), ("t.csv", "nothing\n")]
)
def test_a_broken_file_leaves_the_repair_file_of_an_earlier_import(
    run: Run, database: Path, tmp_path: Path, name: str, content: str
) -> None:
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    repair = tmp_path / ("r.yaml" if name == "c.yaml" else "r.csv")
    earlier = "vignettes:\n# K7 is being mended\n" if name == "c.yaml" else "error,patient\nwhy,K7\n"
    repair.write_text(earlier, encoding="utf-8")
    assert run("import", file, "--errors", repair).status == 2
    assert repair.read_text(encoding="utf-8") == earlier
    assert run("import", tmp_path / f"none{file.suffix}", "--errors", repair).status == 2
    assert repair.read_text(encoding="utf-8") == earlier


def test_once_nobody_is_turned_away_the_repair_file_goes(run: Run, database: Path, tmp_path: Path) -> None:
    repair = tmp_path / "r.yaml"
    repair.write_text("vignettes:\n# K7 is being mended\n", encoding="utf-8")
    assert run("import", cases(tmp_path / "c.json", one("K1")), "--errors", repair).status == 0
    assert not repair.exists()
