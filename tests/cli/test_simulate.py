"""`carepath simulate`: what is written is whole, the same every time, and answered as its truth says."""

import csv
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from store.errors import Busy
from store.recording import NotRecorded
from tests.cli.conftest import Clock, Run

DAY = "2026-11-02"
ROOT = Path(__file__).parents[2]


def rows(file: Path) -> Counter[tuple[str, str]]:
    """Patients and codes of a truth file, each as often as it stands there."""
    with file.open(encoding="utf-8", newline="") as opened:
        reader = csv.DictReader(opened)
        found = Counter((row["patient"], row["code"]) for row in reader)
        assert reader.fieldnames == ["patient", "code", "date"]
    return found


def written(run: Run, place: Path, *words: object) -> Path:
    assert run("simulate", "--patients", 30, "--seed", 3, "--as-of", DAY, "--out", place, *words).status == 0
    return place


def answered(run: Run, place: Path, pattern: str, *words: object) -> Counter[tuple[str, str]]:
    answers = run("replay", *sorted(place.glob(pattern)), "--as-of", DAY, "--json", *words)
    assert answers.status == 0
    return Counter((a["case"], d["code"]) for a in answers.lines for d in a["deviations"])


@pytest.mark.parametrize(("form", "pattern"), [("cases", "*.yaml"), ("jsonl", "*.jsonl")])
def test_replay_of_the_case_files_finds_the_truth(run: Run, tmp_path: Path, form: str, pattern: str) -> None:
    place = written(run, tmp_path / "made", "--format", form)
    truth = rows(place / "truth.csv")
    assert answered(run, place, pattern) == truth + rows(place / "traces.csv")
    assert {code[:2] for _, code in truth} == {"d-"}


def test_under_other_settings_replay_takes_them_too(run: Run, tmp_path: Path) -> None:
    chosen = ("--set", "response_min_months=6", "--set", "ortho_grace_days=1")
    place = written(run, tmp_path / "made", *chosen, "--set", "significant=1")
    expected = rows(place / "truth.csv") + rows(place / "traces.csv")
    assert answered(run, place, "*.yaml", *chosen) == expected
    assert answered(run, place, "*.yaml") != expected
    told = (place / "README.txt").read_text(encoding="utf-8")
    assert "--set response_min_months=6 --set ortho_grace_days=1" in told


def test_the_same_words_give_the_same_bytes(run: Run, tmp_path: Path) -> None:
    one, other = (written(run, tmp_path / name) for name in ("one", "other"))
    names = sorted(path.name for path in one.iterdir())
    assert names == ["README.txt", "patients-00001.yaml", "traces.csv", "truth.csv"]
    assert all((one / name).read_bytes() == (other / name).read_bytes() for name in names)


def test_files_of_a_sensible_size(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interop.cohort_files.patients_a_file", 10)
    files = sorted(written(run, tmp_path / "made").glob("patients-*"))
    assert len(files) == 3
    assert files[-1].read_text(encoding="utf-8").count("\n- id: P00") == 10


@pytest.mark.parametrize(
    ("form", "name"), [("tables", "patients-00001.csv"), ("xlsx", "patients-00001.xlsx")]
)
def test_tables_are_imported(
    run: Run, tmp_path: Path, database: Path, clock: Clock, form: str, name: str
) -> None:
    clock.set(DAY)
    place, again = (written(run, tmp_path / where, "--format", form) for where in ("made", "again"))
    assert (place / name).read_bytes() == (again / name).read_bytes()
    assert run("import", place / name).out.startswith(f"{name}: 30 new patients")
    found = Counter((r["patient"], r["code"]) for r in run("deviations", "--json").lines)
    assert found == rows(place / "truth.csv") + rows(place / "traces.csv")


@pytest.mark.each_database
def test_into_the_database(run: Run, tmp_path: Path, database: Path, clock: Clock) -> None:
    """As known on the day asked for, followed by the settings asked for."""
    clock.set("2026-12-24")
    chosen = ("--set", "response_min_months=6")
    same = ("--patients", 30, "--seed", 3, "--as-of", DAY, *chosen)
    ran = run("simulate", *same)
    assert (ran.status, ran.out) == (
        0, f"30 made-up patients recorded as known on {DAY}; `carepath list` shows them.\n"
    )  # fmt: skip
    truth = written(run, tmp_path / "made", *chosen) / "truth.csv"
    found = Counter(
        (r["patient"], r["code"])
        for r in run("deviations", "--as-of", DAY, "--json").lines
        if r["code"].startswith("d-")
    )
    assert found == rows(truth)


def test_today_is_the_day_if_none_is_named(run: Run, tmp_path: Path, database: Path, clock: Clock) -> None:
    clock.set(DAY)
    assert run("simulate", "--patients", 3).out.startswith(f"3 made-up patients recorded as known on {DAY}")
    run("simulate", "--patients", 30, "--seed", 3, "--out", tmp_path / "today")
    one, other = tmp_path / "today", written(run, tmp_path / "made")
    assert (one / "truth.csv").read_bytes() == (other / "truth.csv").read_bytes()


def test_made_up_patients_do_not_join_others(run: Run, clinic: Path) -> None:
    ran = run("simulate", "--patients", 3)
    assert (ran.status, ran.out) == (2, "")
    assert "made-up ones belong elsewhere" in ran.err


def test_nothing_is_recorded_about_the_future(run: Run, database: Path) -> None:
    ran = run("simulate", "--patients", 3, "--as-of", "2031-01-01")
    assert ran.status == 2
    assert "lies in the future" in ran.err


def test_a_patient_who_cannot_be_recorded_is_told(
    run: Run, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = NotRecorded("P0001", Busy("the database is busy"))
    monkeypatch.setattr("store.record.record_many", lambda *_, **__: iter([refused]))
    ran = run("simulate", "--patients", 1)
    assert ran.status == 3
    assert "busy" in ran.err


def test_a_folder_that_holds_something_is_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    ran = run("simulate", "--patients", 3, "--as-of", DAY, "--out", tmp_path)
    assert ran.status == 2
    assert "not an empty folder" in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_place_that_is_no_folder(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    ran = run("simulate", "--patients", 3, "--as-of", DAY, "--out", tmp_path / "file")
    assert ran.status == 3
    assert "cannot be written" in ran.err


def test_settings_from_a_file_and_from_the_command_line(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text("no_pet = 0.9\ndays_to_board = [5, 9]\nbiopsied = 0.5\nresponse_min_months = 6\n")
    shown = run("simulate", "--settings", file, "--set", "no_pet=0.25", "--show-settings").out
    assert "no_pet" in shown
    assert [line.split()[1] for line in shown.splitlines() if line.startswith("no_pet ")] == ["0.25"]
    assert [line.split()[1] for line in shown.splitlines() if line.startswith("days_to_board ")] == ["5-9"]
    assert "set here; default 0.723" in shown


def test_every_number_is_listed_with_its_source(run: Run) -> None:
    shown = run("simulate", "--show-settings").out
    assert [line.split()[1] for line in shown.splitlines() if line.startswith("her2_gain")] == ["0.118"]
    assert "imet-receptor-her2-gain: 12 of 102" in shown
    assert "setting" in shown


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("no_pett=0.1",), "did you mean 'no_pet'?"),
        (("no_pet=2",), "share from 0 to 1"),
        (("no_pet=much",), "share from 0 to 1"),
        (("days_to_board=9-3",), "days from-to"),
        (("days_to_board=soon",), "days from-to"),
        (("response_min_months=4",), "response_min_months"),
        (("hr_positive=0.9",), "come to 1.18 together"),
        (("definition_profile=esmo",), "is no share, delay or setting of the simulation"),
    ],
)
def test_numbers_that_cannot_be_meant(run: Run, words: tuple[str, ...], told: str) -> None:
    ran = run("simulate", "--show-settings", "--set", *words)
    assert (ran.status, ran.out) == (2, "")
    assert told in ran.err


@pytest.mark.parametrize(
    ("text", "status", "told"),
    [("no_pet = ", 2, "a line is NAME = VALUE"), ("no_pet = true", 2, "share"), (None, 3, "cannot be read")],
)
def test_files_of_settings_that_cannot_be_read(
    run: Run, tmp_path: Path, text: str | None, status: int, told: str
) -> None:
    file = tmp_path / "site.toml"
    if text is not None:
        file.write_text(text)
    ran = run("simulate", "--show-settings", "--settings", file)
    assert ran.status == status
    assert told in ran.err


def test_an_interrupted_folder_is_not_taken_for_whole(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> object:
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr("cli.simulate.simulate", interrupted)
    ran = run("simulate", "--patients", 3, "--as-of", DAY, "--out", tmp_path / "made")
    assert ran.status == 130
    names = {path.name for path in (tmp_path / "made").iterdir()}
    assert names == {"unfinished-truth.csv", "unfinished-traces.csv"}


def test_a_day_before_which_nobody_could_be_born_is_refused(run: Run, tmp_path: Path) -> None:
    words = ("simulate", "--patients", 30, "--seed", 1, "--out", tmp_path / "made", "--as-of")
    refused = run(*words, "1919-12-31")
    assert refused.status == 2
    assert "from 1920 on" in refused.err
    assert run(*words, "1920-01-01").status == 0


def test_a_run_that_is_killed_leaves_no_truth(run: Run, tmp_path: Path) -> None:
    """SIGKILL leaves nobody to tidy up: what is there then must not look like a whole cohort."""
    place, again = (
        tmp_path / "made",
        ("simulate", "--as-of", DAY, "--patients", 3, "--out", tmp_path / "made"),
    )
    words = ["simulate", "--patients", "100000", "--as-of", DAY, "--out", str(place)]
    with subprocess.Popen(
        [sys.executable, "-m", "cli.main", *words], cwd=ROOT, stderr=subprocess.DEVNULL
    ) as it:
        try:
            while it.poll() is None and not list(place.glob("patients-*.yaml")):
                time.sleep(0.05)
        finally:
            it.kill()
    assert it.returncode == -signal.SIGKILL
    names = {path.name for path in place.iterdir()}
    assert {"truth.csv", "traces.csv", "README.txt"}.isdisjoint(names)
    assert {"unfinished-truth.csv", "unfinished-traces.csv"} <= names
    for whole in place.glob("patients-*.yaml"):
        assert whole.read_text(encoding="utf-8").count("\n- id: P") + 1 >= 200
    told = run(*again)
    assert (told.status, "holds a cohort that was not finished" in told.err) == (2, True)
    shutil.rmtree(place)
    assert run(*again).status == 0
    assert {path.name for path in place.iterdir()} == {
        "README.txt",
        "patients-00001.yaml",
        "traces.csv",
        "truth.csv",
    }


def test_what_cannot_be_finished_is_no_truth_either(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("interop.cohort_files._text", full)
    ran = run("simulate", "--as-of", DAY, "--patients", 3, "--out", tmp_path / "made")
    assert (ran.status, "No space left" in ran.err) == (3, True)
    names = {path.name for path in (tmp_path / "made").iterdir()}
    assert names == {"unfinished-truth.csv", "unfinished-traces.csv"}
