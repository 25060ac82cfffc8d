"""`carepath pathway`: list, show, check, text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

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


def test_text(run: Run) -> None:
    whole = run("pathway", "text", "bone-health").out
    assert whole.startswith("# Bone health\n")
    guard = run("pathway", "text", "bone-health", "--guard", "g-zol-extend").out
    assert "g-zol-extend" in guard
    assert len(guard) < len(whole)
    (told,) = run("pathway", "text", "bone-health", "--guard", "g-zol-extend", "--json").lines
    assert told == {"pathway": "bone-health", "guard": "g-zol-extend", "text": guard}


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
