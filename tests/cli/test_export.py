"""The complete record of one patient: nothing left out, checkable, readable."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from store.canonical import canonical, digest
from tests.cli.conftest import Run


def exported(run: Run, folder: Path, patient: str = "V12") -> tuple[dict[str, Any], str]:
    assert run("export", patient, "--out", folder).status == 0
    return json.loads((folder / "record.json").read_text()), (folder / "record.html").read_text()


def test_everything_about_a_patient(run: Run, clinic: Path, tmp_path: Path) -> None:
    run("identify", "V12", "--name", "Müller, Änne", "--number", "insurance=4711")
    run("--user", "ben", "--reason", "night <call>", "show", "V12")
    answer = run("show", "V12", "--json").lines[0]
    del answer["work"]  # it follows from what was said at the desk
    found, page = exported(run, tmp_path / "out")
    assert (found["format"], found["by"]) == ("carepath record 1", "anna")
    assert (found["identity"]["name"], found["identity"]["numbers"]) == (
        "Müller, Änne",
        {"insurance": "4711"},
    )
    assert found["answer"] == answer
    assert [one["what"] for one in found["access"]] == ["identify", "show", "show", "export"]
    assert found["enrolments"][0]["pathways"][0].startswith("oligometastatic-breast ")
    assert found["chain"] == {"entries": len(found["ledger"]), "head": found["ledger"][-1]["hash"]}
    for part in ("Record of V12", "Müller, Änne", "ben (account", "night &lt;call&gt;", "anna (account"):
        assert part in page
    assert "<script" not in page
    for line in found["ledger"]:
        if line["event_id"]:
            assert f"{line['event_id']}, recorded" in page or f"({line['event_id']})" in page


def test_each_line_can_be_checked_by_its_hash(run: Run, clinic: Path, tmp_path: Path) -> None:
    check_chain(exported(run, tmp_path / "out")[0])


def check_chain(found: dict[str, Any]) -> None:
    previous = "0" * 64
    for line in found["ledger"]:
        assert line["prev_hash"] == previous
        values = [value for name, value in line.items() if name != "hash"]
        assert digest(canonical(values)) == line["hash"]
        previous = line["hash"]
    assert found["chain"] == {"entries": len(found["ledger"]), "head": previous}


def test_what_was_said_at_the_desk(run: Run, clinic: Path, tmp_path: Path) -> None:
    run("desk", "person", "anna", "--new")
    assert run("assign", "V12", "--to", "anna", "--reason", "as <before>").status == 0
    assert run("comment", "V12", "Letter to follow").status == 0
    found, page = exported(run, tmp_path / "out")
    assert [(one["kind"], one["recorder"]) for one in found["desk"]] == [
        ("assigned", "anna"),
        ("comment", "anna"),
    ]
    assert found["desk"][1]["payload"] == {"text": "Letter to follow"}
    for part in ("Who works on it", "assigned", "owner anna", "reason as &lt;before&gt;", "Letter to follow"):
        assert part in page


def test_records_that_are_part_of_one_are_there_as_they_stand(run: Run, clinic: Path, tmp_path: Path) -> None:
    why = ("--reason", "wrong form")
    run("record", "N1", "follow_up_visit", "--new", "--date", "2025-01-27", "--fact", "primary_her2=positive")
    run("amend", "N1", "facts", "primary_her2=negative", *why)
    run("identify", "N1", "--name", "Müller, Änne")
    assert run("merge", "V12", "--with", "N1", "--same-person", *why).status == 0
    found, page = exported(run, tmp_path / "out")
    (part,) = found["parts"]
    for one in (found, part):
        check_chain(one)
    assert (part["identity"]["patient"], part["identity"]["name"]) == ("N1", "Müller, Änne")
    kinds = [line["type"] or line["kind"] for line in part["ledger"]]
    assert kinds == ["facts", "enrolment", "follow_up_visit", "correction", "merged_into"]
    assert part["access"][-1]["what"] == "export"
    assert "Merged into it" in page
    assert "Müller, Änne" in page
    run("unmerge", "V12", *why)
    found, _ = exported(run, tmp_path / "again")
    assert found["parts"] == []


def test_what_was_corrected_and_taken_back_is_struck_but_there(
    run: Run, clinic: Path, tmp_path: Path
) -> None:
    entries = {one["type"]: one["id"] for one in run("show", "V12", "--json").lines[0]["entries"]}
    run("record", "V12", "follow_up_visit", "--date", "2025-02-01", "--json")
    visit = run("show", "V12", "--json").lines[0]["entries"][-1]["id"]
    assert run("retract", "V12", visit, "--reason", "other patient").status == 0
    assert (
        run("amend", "V12", entries["response_assessed"], "overall=SD", "--reason", "read again").status == 0
    )
    _, page = exported(run, tmp_path / "out")
    assert '<del><span class="b">follow-up visit</span></del>' in page
    assert ": other patient" in page
    assert "</del> overall response SD" in page
    assert ": read again" in page


def test_who_was_erased(run: Run, clinic: Path, tmp_path: Path) -> None:
    run("erase", "V12", "--reason", "requested")
    number = run("list", "--search", "#", "--json").lines[0]["patient"]
    found, page = exported(run, tmp_path / "out", number)
    assert found["identity"] == {
        "patient": number,
        "number": int(number[1:]),
        "erased": True,
        "name": None,
        "numbers": {},
        "birth_date": None,
    }
    assert "V12" not in page
    assert "erasure of the identity" in page
    assert "by anna: requested" in page
    told = run("export", number, "--out", tmp_path / "again").out
    assert "who the patient is, in clear" not in told
    assert "Who the patient is was erased; both hold the story that stays" in told


def test_departures_have_their_codes_entries_and_statements(run: Run, clinic: Path, tmp_path: Path) -> None:
    _, page = exported(run, tmp_path / "out", "V14")
    assert "d-board-missing-mdt (e" in page
    assert "ombc-board-before-decisions (Level V, Grade B)" in page
    _, page = exported(run, tmp_path / "other", "V43")
    assert "bone-health 1.0.0" in page
    assert "and 1 view;" in page


def test_merges_and_changes_of_many_are_told_with_their_reasons(
    run: Run, clinic: Path, tmp_path: Path
) -> None:
    run("record", "N1", "metastasis_suspected", "--new")
    assert run("merge", "V12", "--with", "N1", "--reason", "same person").status == 0
    assert run("unmerge", "V12", "--reason", "two sisters").status == 0
    words = ("--set", "grace_days=9", "--patient", "V12", "--apply", "--reason", "agreed", "--json")
    (told,) = run("pathway", "enforce", *words).lines
    assert run("pathway", "undo", told["change"], "--reason", "withdrawn").status == 0
    run("amend", "V12", "facts", "primary.er=negative", "--reason", "as referred")
    _, page = exported(run, tmp_path / "out")
    assert "by anna: same person" in page
    assert "by anna: two sisters" in page
    assert f"change {told['change']}" in page
    assert f"takes the change {told['change']} back" in page
    assert "oestrogen receptor of the primary unknown -&gt; negative; as referred" in page
    number = run("export", "N1", "--out", tmp_path / "sister")
    assert number.status == 0
    assert "the reason is kept in the record of #" in (tmp_path / "sister" / "record.html").read_text()


def test_the_files_are_private_and_nothing_is_overwritten(run: Run, clinic: Path, tmp_path: Path) -> None:
    ran = run("export", "V12", "--out", tmp_path / "out", "--json")
    (told,) = ran.lines
    for name in told["files"]:
        assert stat.S_IMODE(Path(name).stat().st_mode) == 0o600
    views = len(run("access", "V12", "--json").lines)
    ran = run("export", "V12", "--out", tmp_path / "out")
    assert (ran.status, ran.out) == (2, "")
    assert "is there already" in ran.err
    assert len(run("access", "V12", "--json").lines) == views + 1
    (tmp_path / "file").write_text("")
    assert run("export", "V12", "--out", tmp_path / "file" / "x").status == 3


@pytest.mark.parametrize("words", [("export", "V99", "--out", "out")])
def test_nobody_of_that_reference(
    run: Run, clinic: Path, words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(*words).status == 2
