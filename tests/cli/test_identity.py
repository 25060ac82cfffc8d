"""Who a patient is: shown, completed, found and erased."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Clock, Run

NAME, NUMBER = "Müller-Lüdenscheidt, Änne", "insurance=A 4711/0815"


def completed(run: Run) -> None:
    assert run("identify", "V12", "--name", NAME, "--number", NUMBER, "--number", "case=77").status == 0


def test_identity_is_completed_and_shown(run: Run, clinic: Path) -> None:
    completed(run)
    told = run("identify", "V12").out
    for part in (NAME, "A 4711/0815", "case", "#", "Born"):
        assert part in told
    assert run("identify", "V12", "--number", "case=").status == 0
    (one,) = run("identify", "V12", "--json").lines
    assert (one["name"], one["numbers"], one["erased"]) == (NAME, {"insurance": "A 4711/0815"}, False)
    log = run("access", "--all").out
    assert "changed name, numbers" in log
    assert "ller" not in log
    assert "4711" not in log


def test_a_date_of_birth_is_learned_once(run: Run, database: Path) -> None:
    assert run("record", "P1", "follow_up_visit", "--new", "--date", "2025-02-01").status == 0
    assert "not known" in run("identify", "P1").out
    assert "1970-04-12" in run("identify", "P1", "--born", "1970-04-12").out
    assert run("identify", "P1", "--born", "1970-04-12").status == 0
    ran = run("identify", "P1", "--born", "1971-04-12")
    assert (ran.status, ran.out) == (2, "")
    assert "carepath amend PATIENT facts birth_date=DATE" in ran.err
    assert run("identify", "P1", "--born", "2030-01-01").status == 2
    assert "born 1970-04-12" in run("show", "P1").out


@pytest.mark.parametrize(
    "text", ["A47110815", "a 4711-0815", "77", "muller", "ÄNNE ludenscheidt", "v12", "V12"]
)
def test_found_by_number_name_or_part_of_the_reference(run: Run, clinic: Path, text: str) -> None:
    completed(run)
    ran = run("find", text, "--json")
    assert ran.status == 0
    assert [one["patient"] for one in ran.lines] == ["V12"]
    assert NAME in run("find", text).out
    assert [one["patient"] for one in run("list", "--search", text, "--json").lines] == ["V12"]
    on_day = run("list", "--search", text, "--as-of", "2025-02-01", "--json").lines
    assert [one["patient"] for one in on_day] == ["V12"]
    assert run("access", "--all", "--json").lines[1]["patient"] == "V12"


@pytest.mark.parametrize("text", ["4711", "uller", "muller erika", "nobody"])
def test_not_found_by_a_part_of_a_number_or_the_middle_of_a_name(run: Run, clinic: Path, text: str) -> None:
    completed(run)
    ran = run("find", text)
    assert ran.status == 1
    assert ran.out.endswith("0 patients\n")


@pytest.mark.parametrize(
    "words",
    [
        ("--number", "ca\nse=4"),
        ("--number", "c" * 3000 + "=4"),
        ("--number", "case=---"),
        ("--name", ""),
        ("--name", " "),
    ],
)
def test_an_identity_nobody_could_be_found_by_is_not_kept(
    run: Run, clinic: Path, words: tuple[str, ...]
) -> None:
    ran = run("identify", "V12", *words)
    assert (ran.status, ran.out) == (2, "")
    assert f"{words[0]}: " in ran.err
    assert run("find", "//").status == 1


def test_references_that_look_the_same_are_one_patient(run: Run, clinic: Path) -> None:
    composed, apart = "P\u00e9", "Pe\u0301"
    assert run("record", apart, "follow_up_visit", "--new", "--date", "2025-02-01").status == 0
    assert run("record", composed, "follow_up_visit", "--new").status == 2
    assert run("show", apart).status == run("show", composed).status == 0
    assert [one["patient"] for one in run("find", composed, "--json").lines] == [composed]


def test_the_same_number_twice_is_told(run: Run, clinic: Path) -> None:
    completed(run)
    ran = run("identify", "V01", "--number", "other=a47110815")
    assert ran.status == 0
    assert "1 other patient with the same number" in ran.err


def test_erased(run: Run, clinic: Path) -> None:
    completed(run)
    ran = run("erase", "V12", "--reason", "requested")
    assert (ran.status, ran.err) == (0, "")
    number = run("list", "--search", "#", "--json").lines[0]["patient"]
    assert ran.out.startswith(f"Erased. The story is kept under {number},")
    assert run("show", "V12").status == 2
    assert run("show", number).status == 0
    assert run("find", "muller").status == 1
    assert "the identity was erased" in run("identify", number).out
    assert run("identify", number, "--json").lines[0]["erased"]
    for words in (("--name", "X"), ("--born", "1970-01-01")):
        assert "this identity was erased" in run("identify", number, *words).err
    assert "was erased already" in run("erase", number, "--reason", "requested").out
    assert "erasure of the identity" in str(run("access", number, "--json").lines)
    assert "erased" in run("find", number).out
    assert run("verify").status == 0
    between = run("difference", number, "--between", "2025-02-01", "2025-02-04")
    assert between.status == 0
    assert "erasure of the identity" in between.out


def test_merged_records_are_erased_together_and_counted_once(run: Run, clinic: Path) -> None:
    def counted() -> list[int]:
        site = run("settings", "show", "--site", "--json").lines
        return [sum(one["patients"].values()) for one in site]

    before = counted()
    assert run("merge", "V12", "--with", "V02", "--reason", "registered twice").status == 0
    assert counted() == [number - 1 for number in before]
    part = run("erase", "V02", "--reason", "requested")
    assert "it is part of #" in part.err
    assert run("unmerge", "V12", "--reason", "two after all").status == 0
    assert counted() == before
    merged = run("find", "#", "--json").lines[0]["patient"]
    assert run("merge", "V12", "--with", merged, "--reason", "registered twice").status == 0
    (done,) = run("erase", "V12", "--reason", "requested", "--json").lines
    assert (done["erased"], done["merged"]) == (True, [])
    assert run("merge", "V14", "--with", "V36", "--reason", "registered twice").status == 0
    ran = run("erase", "V14", "--reason", "requested")
    assert "Erased with it, as records of the same person that were merged into this one: #" in ran.out
    assert run("find", "V36").status == 1


def test_whom_and_why_have_to_be_said(run: Run, clinic: Path) -> None:
    assert "--reason: none was given; one of requested (" in run("erase", "V12").err
    assert "did you mean 'requested'" in run("erase", "V12", "--reason", "request").err
    assert "whose identity?" in run("erase").err
    assert "there is no patient" in run("erase", "V99", "--reason", "requested").err
    assert "leave out PATIENT" in run("erase", "V12", "--due").err
    assert "there is no patient" in run("identify", "V99").err
    assert "say what to look for" in run("find", " ").err
    (done,) = run("erase", "V12", "--reason", "ordered", "--json").lines
    assert (done["erased"], done["left_in_the_file"]) == (True, False)


def test_whose_period_is_over(run: Run, clinic: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "set CAREPATH_RETENTION_YEARS" in run("erase", "--due").err
    for wrong in ("ten", "0", "201"):
        monkeypatch.setenv("CAREPATH_RETENTION_YEARS", wrong)
        assert "must be a number of years from 1 to 200" in run("erase", "--due").err
    monkeypatch.setenv("CAREPATH_RETENTION_YEARS", "10")
    assert run("record", "V12", "death", "--date", "2025-02-03").status == 0
    assert run("erase", "--due", "--json").lines == []
    clock.set("2036-02-29")
    (one,) = run("erase", "--due", "--json").lines
    assert one == {"patient": "V12", "state": "deceased", "last_entry": "2025-02-10"}
    told = run("erase", "--due").out
    assert "V12" in told
    assert "1 patient left the pathway, with no entry in the last 10 years." in told
    assert run("show", "V12").status == 0


def test_doctor_remembers_an_erasure_that_left_a_trace(
    run: Run, clinic: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def to_do() -> dict[str, str]:
        return {one["check"]: one["to_do"] for one in run("doctor", "--json").lines if one["to_do"]}

    run("erase", "V02", "--reason", "requested")
    assert to_do() == {}
    number = f"#{run('identify', 'V12', '--json').lines[0]['number']}"
    clock.set("2025-02-04")
    with monkeypatch.context() as patched:
        patched.setattr("store.sqlite.settle", lambda _: False)
        assert run("erase", "V12", "--reason", "requested").status == 1
    again = f'carepath erase "{number}" --reason requested'
    assert again in to_do()["erasure"]
    assert run(*again.replace('"', "").split()[1:]).status == 0
    assert to_do() == {}
    assert "files cleaned" in run("access", number).out


def test_a_trace_that_is_left_is_told(run: Run, clinic: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.sqlite.settle", lambda _: False)
    ran = run("erase", "V12", "--reason", "requested")
    assert ran.status == 1
    assert "a copy may still be in its files" in ran.err
