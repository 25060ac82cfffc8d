"""`carepath demo`: a fresh database, the cohort by the way of any file, and what a coordinator sees."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from cli.data import DEMO_COHORT, PATIENTS, REFERENCE_DAY
from cli.demo import fill
from cli.demo_dates import moved_cohort
from cli.workplace import workplace
from interop.long_table import read_long_table
from tests.cli.conftest import Clock, Run
from tests.web.told_alike import assert_told_alike

HEADER = "patient,id,type,date,field,old,new,note\n"


@pytest.fixture
def small_cohort(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The first patients of the cohort that ships."""
    lines = DEMO_COHORT.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines[1:] if line.split(",")[0] <= "P025"]
    file = tmp_path / "small" / DEMO_COHORT.name
    file.parent.mkdir()
    file.write_text("".join([lines[0], *kept]), encoding="utf-8")
    monkeypatch.setattr("cli.demo.DEMO_COHORT", file)
    return file


@pytest.fixture
def no_database(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CAREPATH_DATABASE_URL")


@pytest.mark.usefixtures("small_cohort", "no_database")
def test_everything_is_shown(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    place = tmp_path / "kept here"
    ran = run("demo", "--dir", place)
    assert ran.status == 0
    assert ran.err == ""
    for told in (
        "25 made-up patients",
        "Tracking list, overdue first",
        "Due within a week",
        "They are shared by anna and ben; lena leads.",
        "What anna is told today",
        "Overdue, told before or not: ",
        "Departures from the guideline",
        "What to try next",
        "CAREPATH_DATABASE_URL=",
    ):
        assert told in ran.out
    monkeypatch.setenv("CAREPATH_DATABASE_URL", f"sqlite:///{place / 'carepath.db'}")
    assert len(run("list", "--json").lines) == 25
    for words in re.findall(r"^(?:python3 dev.py )?carepath (.+)$", ran.out, re.MULTILINE):
        assert run(*words.split()).status == (2 if words.startswith("record") else 0), words
    assert assert_told_alike(run, f"sqlite:///{place / 'carepath.db'}", clock.now) == 25


@pytest.mark.soak
@pytest.mark.usefixtures("no_database")
def test_the_whole_cohort_is_told_alike(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    url = f"sqlite:///{tmp_path / 'a' / 'carepath.db'}"
    assert run("demo", "--dir", tmp_path / "a").status == 0
    monkeypatch.setenv("CAREPATH_DATABASE_URL", url)
    assert assert_told_alike(run, url, clock.now) == PATIENTS


@pytest.mark.usefixtures("small_cohort", "no_database")
def test_a_database_is_not_written_over(run: Run, tmp_path: Path) -> None:
    assert run("demo", "--dir", tmp_path / "a").status == 0
    ran = run("demo", "--dir", tmp_path / "a")
    assert (ran.status, ran.out) == (2, "")
    assert "holds a database already" in ran.err


@pytest.mark.usefixtures("small_cohort", "no_database")
def test_a_temporary_place_and_another_day(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ran = run("demo", "--as-of", "2026-11-02")
    assert ran.status == 0
    (place,) = tmp_path.glob("carepath-demo-*")
    assert (place / "carepath.db").exists()
    assert (place / DEMO_COHORT.name).read_text(encoding="utf-8").startswith("patient,")


@pytest.mark.usefixtures("small_cohort")
def test_the_database_of_the_environment_is_used(run: Run, database: Path) -> None:
    assert run("demo").status == 0
    assert len(run("list", "--json").lines) == 25
    again = run("demo")
    assert again.status == 0
    assert "holds the demonstration already" in again.err
    assert "CAREPATH_DATABASE_URL" not in again.out


@pytest.mark.usefixtures("small_cohort")
def test_a_database_with_other_patients_is_left_alone(run: Run, clinic: Path) -> None:
    ran = run("demo")
    assert ran.status == 2
    assert "holds 8 patients already" in ran.err
    assert len(run("list", "--json").lines) == 8


@pytest.mark.usefixtures("small_cohort", "clinic")
def test_its_own_database_is_shown_with_whomever_somebody_registered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with workplace() as here:
        fill(here, tmp_path, own=True)
    assert "it is shown as it stands" in capsys.readouterr().err


@pytest.mark.usefixtures("no_database")
def test_a_place_that_cannot_be_made(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ran = run("demo", "--dir", tmp_path / "file" / "x")
    assert ran.status == 3
    assert "cannot be made" in ran.err


def test_dates_move_by_whole_weeks_and_nothing_else_does(tmp_path: Path) -> None:
    given, made = tmp_path / "given.csv", tmp_path / "made.csv"
    row = 'P1,e1,correction,2026-10-01T10:00+01:00,date,2026-09-30,2026-10-02,"on 2026-10-01, late"\n'
    given.write_text(HEADER + row, encoding="utf-8")
    for today in (REFERENCE_DAY, REFERENCE_DAY + timedelta(days=6)):
        assert moved_cohort(given, made, today) == {"P1"}
        assert made.read_text(encoding="utf-8") == HEADER + row
    moved_cohort(given, made, date(2026, 11, 16))
    moved = made.read_text(encoding="utf-8")
    assert moved == HEADER + row.replace("10-01T", "10-15T").replace("09-30,", "10-14,").replace(
        "10-02,", "10-16,"
    )


def test_the_cohort_that_ships_is_read_without_a_fault() -> None:
    reading = read_long_table(DEMO_COHORT)
    assert reading.refused == ()
    assert len(reading.patients) >= 200


@pytest.mark.soak
@pytest.mark.usefixtures("no_database")
def test_the_whole_demonstration(run: Run, tmp_path: Path) -> None:
    ran = run("demo", "--dir", tmp_path / "demo")
    assert (ran.status, ran.err) == (0, "")
    assert f"{PATIENTS} made-up patients" in ran.out


def test_the_example_of_the_readme_is_held_before_treatment(
    run: Run, database: Path, tmp_path: Path, clock: Clock
) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    (patient,) = re.findall(r"carepath why (\w+) mdt_start", readme)
    assert f"carepath show {patient}" in readme
    lines = DEMO_COHORT.read_text(encoding="utf-8").splitlines(keepends=True)
    story = tmp_path / "one.csv"
    kept = [line for line in lines[1:] if line.startswith(f"{patient},")]
    story.write_text("".join([lines[0], *kept]), encoding="utf-8")
    for day in range(7):  # the demonstration stands on any day of the week after the cohort's last
        clock.set((REFERENCE_DAY + timedelta(days=day)).isoformat())
        assert run("import", story).status == 0
        (found,) = run("why", patient, "mdt_start", "--json").lines
        assert found["verdict"] == "blocked"
        hard = [one for one in found["guards"] if one["force"] == "hard"]
        assert "unknown" not in {one["result"] for one in hard}
