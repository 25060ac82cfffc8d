"""`carepath pathway`: list, show, check, text, diagram."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pathways.intended_use import IN_SHORT
from pathways.library import all_pathways
from tests.cli.conftest import Run


def test_list(run: Run) -> None:
    rows = run("pathway", "list", "--json").lines
    assert [row["id"] for row in rows] == [one.id for one in all_pathways()]
    assert rows[0]["states"] == len(all_pathways()[0].states)
    assert "oligometastatic-breast" in run("pathway", "list").out


def test_show(run: Run) -> None:
    out = run("pathway", "show", "bone-health").out
    for told in (
        "Who is on it\n · A bone lesion on an imaging\n",
        "States",
        "Steps",
        "Guards",
        "Timers",
        "Deviations",
        "t-zol-monthly",
        "d-bma-missing",
        "sha256:",
    ):
        assert told in out
    assert run("pathway", "show", "bone_health").out == out
    assert "Who is on it\n · every patient\n" in run("pathway", "show", "symptom-local").out


def test_the_canonical_json_is_a_pathway_again(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "bone.json"
    file.write_text(run("pathway", "show", "bone-health", "--json").out, encoding="utf-8")
    assert run("pathway", "show", file).out == run("pathway", "show", "bone-health").out


def test_check_all(run: Run) -> None:
    ran = run("pathway", "check")
    assert f"{len(all_pathways())} pathways checked" in ran.out
    assert ran.status == (0 if "checked, 0 problems" in ran.out else 1)


def test_check_finds_problems(run: Run, tmp_path: Path) -> None:
    content = json.loads(run("pathway", "show", "bone-health", "--json").out)
    content["pathway"]["guards"][0]["statements"] = ["no-such-statement"]
    file = tmp_path / "broken.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    ran = run("pathway", "check", file)
    assert ran.status == 1
    assert "no-such-statement" in ran.out
    problems = run("pathway", "check", file, "--json").lines
    assert {"pathway", "file", "line", "where", "message"} == problems[0].keys()


def test_text(run: Run, database: Path) -> None:
    whole = run("pathway", "text", "bone-health").out
    unsigned = "12 of 12 statements behind this are not clinically reviewed at this site."
    assert whole.startswith(f"# Bone health\n\n{unsigned}\n\n{IN_SHORT}\n\n`bone-health`")
    assert unsigned in run("pathway", "show", "bone-health").out
    guard = run("pathway", "text", "bone-health", "--guard", "g-zol-extend").out
    assert "g-zol-extend" in guard
    assert len(guard) < len(whole)
    (told,) = run("pathway", "text", "bone-health", "--guard", "g-zol-extend", "--json").lines
    unsigned = "1 of 1 statement behind this is not clinically reviewed at this site."
    title, _, rest = told["text"].partition("\n")
    assert guard == f"{title}\n\n{unsigned}\n\n{IN_SHORT}\n{rest}"
    assert (told["review"], told["intended_use"]) == (unsigned, IN_SHORT)


def test_a_pathway_that_is_signed_off_says_nothing_of_it(run: Run, database: Path) -> None:
    run("pathway", "signoff", "add", "mdtbc-bone-zoledronate-12w", "--verdict", "agrees")
    guard = run("pathway", "text", "bone-health", "--guard", "g-zol-extend").out
    assert "clinically reviewed" not in guard
    assert IN_SHORT in guard
    assert "11 of 12 statements" in run("pathway", "show", "bone-health").out
    for one in run("pathway", "signoff", "list", "--open", "--pathway", "bone-health", "--json").lines:
        run("pathway", "signoff", "add", one["statement"], "--verdict", "agrees")
    assert "clinically reviewed" not in run("pathway", "show", "bone-health").out


def test_text_under_a_setting(run: Run) -> None:
    words = ("pathway", "text", "oligometastatic-breast", "--guard", "g-response-window")
    assert run(*words, "--set", "response_min_months=6").status == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("show", "bone-helth"), "did you mean 'bone-health'"),
        (("show", "none.json"), "cannot be read"),
        (("text", "bone-health", "--guard", "g-zol"), "has no guard 'g-zol'"),
        (("text", "bone-health", "--set", "x=1"), "--set: "),
        (("nothing",), "No such command"),
    ],
)
def test_what_does_not_fit(run: Run, words: tuple[str, ...], told: str) -> None:
    ran = run("pathway", *words)
    assert (ran.status, ran.out) == (2, "")
    assert told in ran.err


@pytest.mark.parametrize("content", [b"{}", b"no json", b"\xff\xfe"])
def test_a_file_that_holds_no_pathway(run: Run, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "p.json"
    file.write_bytes(content)
    assert run("pathway", "check", file).status == 2


def test_diagram(run: Run, tmp_path: Path) -> None:
    plain = run("pathway", "diagram", "bone-health")
    assert "flowchart TB" in plain.out
    assert run("pathway", "diagram", "bone-health", "--mermaid").out == plain.out
    assert run("pathway", "diagram", "bone-health", "--dot").out.startswith("digraph")
    (told,) = run("pathway", "diagram", "bone-health", "--json").lines
    assert told == {"pathway": "bone-health", "text": plain.out}


def test_diagram_as_a_picture(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "bone.svg"
    ran = run("pathway", "diagram", "bone-health", "--svg", file)
    assert (ran.status, ran.out) == (0, f"{file}: Bone health, 6 states\n")
    assert "<svg" in file.read_text(encoding="utf-8")
    assert "<svg" in run("pathway", "diagram", "bone-health", "--svg", "-").out


def test_the_way_of_a_patient(run: Run, clinic: Path) -> None:
    plain = run("pathway", "diagram", "oligometastatic-breast").out
    marked = run("pathway", "diagram", "oligometastatic-breast", "--patient", "V12").out
    assert "class state_mdt_ready current" in marked
    assert "class state_counselling walked" in marked
    assert marked != plain
    assert run("pathway", "diagram", "bone-health", "--patient", "V99").status == 2


def test_a_diagram_that_cannot_be_made(run: Run, clinic: Path, tmp_path: Path) -> None:
    ran = run("pathway", "diagram", "bone-health", "--svg", tmp_path / "none" / "x.svg")
    assert ran.status == 3
    assert "cannot be written" in ran.err
    assert run("pathway", "diagram", "bone-health", "--svg", "-", "--dot").status == 2
    other = json.loads(run("pathway", "show", "bone-health", "--json").out)
    other["pathway"]["id"] = "other"
    file = tmp_path / "other.json"
    file.write_text(json.dumps(other), encoding="utf-8")
    ran = run("pathway", "diagram", file, "--patient", "V12")
    assert ran.status == 2
    assert "V12 is not on the pathway other" in ran.err


def test_a_diagram_of_a_state_that_is_none(run: Run, clinic: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.pathway_diagram._way", lambda *_: {"current": "nowhere"})
    ran = run("pathway", "diagram", "bone-health", "--patient", "V12")
    assert ran.status == 3
    assert "nowhere" in ran.err


def test_settings(run: Run) -> None:
    rows = {row["setting"]: row for row in run("settings", "--json").lines}
    assert rows["response_min_months"]["choices"] == [3, 6]
    assert rows["lead_days"]["unit"] == "days"
    out = run("settings").out
    assert all(name in out for name in rows)
    assert "days, from 0" in out


def test_the_version(run: Run) -> None:
    ran = run("--version")
    assert (ran.status, ran.out.split()[0]) == (0, "carepath")


def test_every_statement_is_used(run: Run) -> None:
    ran = run("pathway", "coverage", "--unused")
    assert (ran.status, ran.out) == (0, "235 of 235 statements used\n")
    told = run("pathway", "coverage").out
    assert "ago-2024-trial-tata (grade not in source)\n  primary: display trials\n" in told


def test_a_statement_that_nothing_uses_fails(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    left = tuple(replace(one, displays=()) for one in all_pathways())
    monkeypatch.setattr("cli.pathway_coverage.all_pathways", lambda: left)
    ran = run("pathway", "coverage", "--unused")
    assert ran.status == 1
    assert "ago-2024-trial-tata (grade not in source)\n  used by nothing\n" in ran.out
