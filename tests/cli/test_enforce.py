"""`carepath pathway enforce` and `undo`, as a coordinator sees them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cli import enforcing
from cli.main import main
from pathways.canonical import to_json
from pathways.library import all_pathways
from store.errors import Overtaken
from store.recording import NotRecorded
from tests.cli.conftest import Clock, Run

MAIN = all_pathways()[0]
SIX = ("pathway", "enforce", "--set", "response_min_months=6")
AGREED = ("--apply", "--reason", "Agreed by the board")


@pytest.fixture
def milder(tmp_path: Path) -> Path:
    """A version in which nobody asks for a board before the treatment, as its author wrote it."""
    rules = tuple(rule for rule in MAIN.deviations if rule.code != "d-board-missing-mdt")
    file = tmp_path / "milder.json"
    file.write_text(to_json(replace(MAIN, version="9.9.0", deviations=rules)), encoding="utf-8")
    return file


def change_of(out: str) -> str:
    return next(word for word in out.split() if word.startswith("C-2025-")).rstrip(";")


@pytest.mark.each_database
def test_a_dry_run_tells_of_each_patient(run: Run, clinic: Path) -> None:
    ran = run(*SIX, "--set", "grace_days=7", "--all")
    assert ran.status == 0
    parts = [part.splitlines()[0] for part in ran.out.split("\n\n")[1:]]
    assert parts[0] == "Needs a person: a step that may be taken now could not be any more  2 patients"
    assert parts[-1].startswith("Nothing was written. To put it in force for ")
    assert "  V02\n    Six months of response: upper end of the range: " in ran.out
    assert "Next zoledronate, every 12 weeks: overdue and escalated 7 days later, due" in ran.out
    assert "though the new rule was not kept: Metastasis-directed therapy" in ran.out
    assert run("settings", "show", "V14", "--json").lines[0]["history"][1:] == []


@pytest.mark.each_database
def test_a_dry_run_for_a_program(run: Run, clinic: Path) -> None:
    whole, *each = run(*SIX, "--all", "--json").lines
    assert (whole["patients"], whole["applied"], len(each)) == (8, False, 8)
    assert whole["counts"]["needs a person"] == 2
    found = {one["patient"]: one for one in each}
    assert found["V12"]["kinds"][:2] == ["needs a person", "other state"]
    (earlier,) = found["V14"]["earlier_decisions"]
    assert (earlier["before"], earlier["after"]["code"]) == (None, "d-mdt-before-window")
    assert found["V43"]["kinds"] == ["unchanged"]
    assert found["V43"]["changes"]["due"] == []


def test_it_is_put_in_force_and_taken_back(run: Run, clinic: Path, clock: Clock, milder: Path) -> None:
    before = run("show", "V14", "--as-of", "2025-02-03", "--known-at", "2025-02-03", "--json").out
    clock.set("2025-02-10")
    ran = run("pathway", "enforce", milder, "--patient", "V14", "--patient", "V12", *AGREED)
    assert ran.status == 0
    assert ran.out.startswith("Put in force for 2 patients. The change is C-2025-02-10-")
    (now,) = run("show", "V14", "--json").lines
    assert now["pathways"][0]["version"] == "9.9.0"
    found = {one["code"]: one["judged_under"] for one in now["deviations"]}
    assert found["d-board-missing-mdt"] == f"version {MAIN.version} as in force until 2025-02-10"
    assert "judged under version" in run("show", "V14").out
    (row,) = run("deviations", "--code", "d-board-missing-mdt", "--search", "V14", "--json").lines
    assert row["judged_under"] == found["d-board-missing-mdt"]
    assert "judged under" not in row["why"]
    assert "judged under" in run("deviations", "--code", "d-board-missing-mdt").out
    assert "judged under" not in run("deviations", "--code", "d-counselling-missing").out
    clock.set("2025-02-11")
    undone = run("pathway", "undo", change_of(ran.out), "--reason", "not agreed")
    assert undone.status == 0
    assert undone.out.startswith(f"{change_of(ran.out)} is taken back for 2 patients.\n")
    assert "\n  V12, V14\n" in undone.out
    again = run("pathway", "undo", change_of(ran.out), "--reason", "not agreed")
    assert again.out.splitlines()[1] == "Left as they are, taken back already: V12, V14"
    (told,) = run("pathway", "undo", change_of(ran.out), "--reason", "not agreed", "--json").lines
    assert (told["patients"], told["others"]["V12"]) == ([], "taken back already")
    assert run("show", "V14", "--json").lines[0]["pathways"][0]["version"] == MAIN.version
    assert run("show", "V14", "--as-of", "2025-02-03", "--known-at", "2025-02-03", "--json").out == before


def test_gone_on_with_the_next_day_it_is_taken_back_at_once(
    run: Run, clinic: Path, clock: Clock, milder: Path
) -> None:
    clock.set("2025-02-10")
    name = change_of(run("pathway", "enforce", milder, "--patient", "V14", *AGREED).out)
    clock.set("2025-02-11")
    ran = run("pathway", "enforce", milder, "--patient", "V14", "--patient", "V12", *AGREED)
    assert change_of(ran.out) == name
    (undone,) = run("pathway", "undo", name, "--reason", "not agreed", "--json").lines
    assert sorted(undone["patients"]) == ["V12", "V14"]


def test_the_history_of_a_patient_tells_it(run: Run, clinic: Path, clock: Clock, milder: Path) -> None:
    clock.set("2025-02-10")
    change = change_of(run("pathway", "enforce", milder, "--patient", "V12", *AGREED).out)
    clock.set("2025-02-11")
    run("pathway", "undo", change, "--reason", "not agreed")
    _, put, back = run("settings", "show", "V12", "--json").lines[0]["history"]
    assert (put["pathways"], put["change"]) == ([f"{MAIN.id} 9.9.0"], change)
    assert (back["pathways"], back["undoes"]) == ([f"{MAIN.id} {MAIN.version}"], change)
    told = run("settings", "show", "V12").out.splitlines()[-2:]
    assert told[0].endswith(f"by anna, {MAIN.id} 9.9.0 ({change}): Agreed by the board")
    assert told[1].endswith(f"{MAIN.id} {MAIN.version}, taking {change} back: not agreed")


def test_whom_it_shows_is_logged(run: Run, clinic: Path) -> None:
    run(*SIX, "--all")
    run(*SIX, "--patient", "V12")
    found = run("access", "--all", "--json").lines
    assert [(one["what"], one["patient"]) for one in found] == [("pathway", None), ("pathway", "V12")]
    assert found[0]["details"] == {"set": "response_min_months=6", "shown": "8"}


def test_for_whom_a_step_would_be_blocked_only_if_asked(run: Run, clinic: Path, tmp_path: Path) -> None:
    some = tmp_path / "some.txt"
    some.write_text("V12\n\n V01 \n", encoding="utf-8")
    ran = run(*SIX, "--patients", some, *AGREED)
    assert ran.out.startswith("Put in force for 1 patient.")
    assert "Left out, 1 patient. Needs a person" in ran.out
    again = run(*SIX, "--patients", some, *AGREED)
    assert again.out.splitlines()[0] == "Nothing was recorded."
    assert "Left out, 1 patient. In force already" in again.out
    (told,) = run(*SIX, "--patient", "V12", *AGREED, "--blocked-too", "--json").lines
    assert (told["recorded"], told["left_out"]) == (["V12"], {})


def test_whoever_is_in_a_state(run: Run, clinic: Path) -> None:
    (whole, *each) = run(*SIX, "--state", "post_mdt_follow_up", "--json").lines
    assert [one["patient"] for one in each] == ["V01", "V14"]
    assert whole["patients"] == len(each)


def test_there_may_be_nothing_to_put_in_force(run: Run, clinic: Path) -> None:
    ran = run("pathway", "enforce", MAIN.id, "--all")
    assert "In force already  8 patients" in ran.out
    assert ran.out.endswith("There is nothing to put in force.\n")


def test_a_pathway_beside_the_others(run: Run, clinic: Path, tmp_path: Path) -> None:
    file = tmp_path / "beside.json"
    file.write_text(to_json(replace(MAIN, id="beside", key="beside", title="Beside")), encoding="utf-8")
    assert "Not on this pathway" in run("pathway", "enforce", file, "--patient", "V12").out
    run("pathway", "enforce", file, "--add", "--patient", "V12", *AGREED)
    (shown,) = run("show", "V12", "--json").lines
    assert shown["companion_states"]["beside"] == shown["state"]
    assert run("show", "V12").status == 0
    assert run("why", "V12", "beside").status == 0
    assert run("brief", "V12").status == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "what is to be put in force?"),
        (("--set", "grace_days=x", "--all"), "--set: setting"),
        ((MAIN.id,), "for whom?"),
        ((MAIN.id, "--all", "--patient", "V12"), "for whom?"),
        ((MAIN.id, "--patient", "V99"), "there is no patient 'V99'"),
        ((MAIN.id, *(word for n in range(7) for word in ("--patient", f"N{n}"))), "'N4' and 2 more"),
        (
            (MAIN.id, "--state", "post_mdt"),
            "there is no state 'post_mdt'; did you mean 'post_mdt_follow_up'?",
        ),
        ((MAIN.id, "--patients", "absent.txt"), "absent.txt cannot be read"),
        ((MAIN.id, "--all", "--apply"), "--reason TEXT is needed"),
    ],
)
def test_what_cannot_be_meant_is_refused(run: Run, clinic: Path, words: tuple[str, ...], told: str) -> None:
    ran = run("pathway", "enforce", *words)
    assert (ran.status, told in ran.err) == (2, True), ran.err


def test_files_that_are_refused(run: Run, clinic: Path, tmp_path: Path) -> None:
    latin = tmp_path / "some.txt"
    latin.write_bytes("Müller".encode("latin-1"))
    assert "is not UTF-8" in run("pathway", "enforce", MAIN.id, "--patients", latin).err
    own = tmp_path / "own.json"
    rules = tuple(replace(rule, statements=("mine",)) for rule in MAIN.deviations)
    own.write_text(to_json(replace(MAIN, version="9.9.0", deviations=rules)), encoding="utf-8")
    told = run("pathway", "enforce", own, "--all").err
    assert "must be of the catalogue" in told
    assert " more\n" in told
    assert "there is no change 'C-1'" in run("pathway", "undo", "C-1", "--reason", "x").err


def test_whoever_was_not_recorded_is_told(run: Run, clinic: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def overtaken(*_: object, **__: object) -> list[NotRecorded]:
        return [NotRecorded("V01", Overtaken(["e14 by bert"]))]

    with monkeypatch.context() as patched:
        patched.setattr(enforcing, "put_in_force", overtaken)
        ran = run(*SIX, "--patient", "V01", *AGREED)
        assert (ran.status, ran.out) == (1, "Nothing was recorded.\n")
        assert "V01: somebody recorded about this patient meanwhile" in ran.err
    change = change_of(run(*SIX, "--patient", "V01", *AGREED).out)
    with monkeypatch.context() as patched:
        patched.setattr(enforcing, "record_many", overtaken)
        ran = run("pathway", "undo", change, "--reason", "x")
        assert (ran.status, "run the same again" in ran.err) == (1, True)


def test_an_interrupted_change_tells_how_to_go_on(
    run: Run, clinic: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object, **__: object) -> list[NotRecorded]:
        raise KeyboardInterrupt

    monkeypatch.setattr(enforcing, "counted", lambda things, *_, **__: things)
    monkeypatch.setattr(enforcing, "put_in_force", lambda *_, **__: (interrupted() for _ in "1"))
    assert main([*SIX, "--patient", "V12", *AGREED]) == 130
    assert "run the same again for the others" in capsys.readouterr().err


@pytest.mark.each_database
def test_who_was_changed_is_told_with_what_changed(run: Run, clinic: Path) -> None:
    chosen = ("--patient", "V02", "--patient", "V12", "--patient", "V43")
    ran = run(*SIX, *chosen, *AGREED, "--blocked-too")
    assert (
        "  V12\n    Oligometastatic breast cancer: Response documented, window still open, before" in ran.out
    )
    assert "    Response assessment at the boundary: on another day, due 2025-02-28 -> 2025-05-30" in ran.out
    assert ran.out.endswith("Unchanged  1 patient\n  V43\n")
    undone = run("pathway", "undo", change_of(ran.out), "--reason", "not agreed").out
    assert "  V12\n    Oligometastatic breast cancer: Ready for metastasis-directed therapy, before" in undone
    assert "on another day, due 2025-05-30 -> 2025-02-28" in undone
    (told,) = run(*SIX, *chosen, "--apply", "--reason", "Agreed anew", "--json").lines
    assert told["changes"]["V02"]["due"]
    (told,) = run("pathway", "undo", told["change"], "--reason", "not agreed", "--json").lines
    assert told["changes"].keys() == {"V02", "V43"}


def test_many_are_counted_after_a_change_and_alike_ones_stand_together(
    run: Run, clinic: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("record", "N1", "metastasis_suspected", "--new")
    run("record", "N2", "metastasis_suspected", "--new")
    monkeypatch.setattr("cli.enforce_page.NAMED", 1)
    ran = run(*SIX, "--patient", "N1", "--patient", "N2")
    assert "Unchanged  2 patients\n\nNothing was written" in ran.out
    ran = run(*SIX, "--patient", "N1", "--patient", "N2", *AGREED)
    assert "\n  2 patients: unchanged\nToo many to list here: --json tells all by name" in ran.out
    monkeypatch.setattr("cli.enforce_page.NAMED", 2)
    assert (
        "Unchanged  2 patients\n  N1, N2\n" in run(*SIX, "--set", "grace_days=9", "--state", "suspected").out
    )


def test_patients_with_days_of_their_own_are_told_together(run: Run, clinic: Path, clock: Clock) -> None:
    clock.set("2025-04-15")
    ran = run("pathway", "enforce", "--set", "grace_days=7", "--all")
    assert (
        "\n  V01, V12, V14, V36\n    First PET-CT after metastasis-directed therapy: overdue and escalated"
        " 7 days later, due\n      V01 2025-04-29; V12 2025-05-10; V14 2025-04-30; V36 2025-05-07\n"
    ) in ran.out


def test_a_reason_must_not_name_whom_it_is_put_in_force_for(run: Run, clinic: Path) -> None:
    assert run("identify", "V12", "--name", "Müller, Änne").status == 0
    named = ("--apply", "--reason", "as Mrs Mueller-Müller asked for")
    ran = run(*SIX, "--set", "grace_days=7", "--patient", "V12", *named)
    assert (ran.status, ran.out) == (2, "")
    assert "it names a patient (name)" in ran.err
    assert run("settings", "show", "V12", "--json").lines[0]["history"][1:] == []
