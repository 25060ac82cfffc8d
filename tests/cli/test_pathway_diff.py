"""`carepath pathway diff`: what became of a pathway, in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pathways.difference import HEADINGS, KINDS
from tests.cli.conftest import Run

Change = Callable[[dict[str, Any]], None]


@pytest.fixture
def other(run: Run, tmp_path: Path) -> Callable[[Change], Path]:
    """A file with bone health as it would be after a change of its canonical JSON."""

    def write(change: Change) -> Path:
        content = json.loads(run("pathway", "show", "bone-health", "--json").out)
        change(content["pathway"])
        file = tmp_path / "other.json"
        file.write_text(json.dumps(content), encoding="utf-8")
        return file

    return write


def test_equal_pathways(run: Run, other: Callable[[Change], Path]) -> None:
    for second in ("bone_health", other(lambda _: None)):
        ran = run("pathway", "diff", "bone-health", second)
        assert ran.status == 0
        assert ran.out.splitlines()[0].startswith("Bone health  1.0.0 -> 1.0.0")
        assert ran.out.splitlines()[1].strip() == "No difference."
        assert run("pathway", "diff", "bone-health", second, "--json").out == ""


def test_differences_in_words(run: Run, other: Callable[[Change], Path]) -> None:
    def change(pathway: dict[str, Any]) -> None:
        pathway["version"] = "1.1.0"
        pathway["states"][0]["title"] = "No metastasis of bone"
        pathway["guards"][0]["clauses"].pop()
        pathway["deviations"][0]["severity"] = "minor"
        del pathway["displays"][0]

    file = other(change)
    ran = run("pathway", "diff", "bone-health", file)
    assert ran.status == 1
    lines = [line.strip() for line in ran.out.splitlines()]
    assert lines[0].startswith("Bone health  1.0.0 -> 1.1.0")
    assert "No metastasis of bone  bone_none" in lines
    assert "was  No bone metastasis" in lines
    assert any(line.startswith("looser: clause “") and "gone" in line for line in lines)
    assert "milder: severity" in lines
    assert any(line.startswith("removed: ") for line in lines)
    assert lines[-1].startswith(
        f"{len(run('pathway', 'diff', 'bone-health', file, '--json').lines)} differences: "
    )
    keys = {"kind", "id", "title", "what", "effect", "was", "now", "through"}
    assert all(row.keys() == keys for row in run("pathway", "diff", "bone-health", file, "--json").lines)


def test_what_follows_from_a_name(run: Run, other: Callable[[Change], Path], tmp_path: Path) -> None:
    """Doses are asked for by name in guards and dates: there the name is told, not the words."""
    content = json.loads(run("pathway", "show", "bone-health", "--json").out)
    (drug,) = (
        one
        for one in content["nodes"]
        if one["op"] == "one_of" and dict(one["params"])["codes"] == ["zoledronate"]
    )
    drug["params"]["codes"] = ["zoledronate", "other"]
    file = tmp_path / "more.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    out = run("pathway", "diff", "bone-health", file).out
    assert "What a name stands for" in out
    assert "Worded as before, but a name in it stands for something else" in out


def test_every_kind_of_difference_has_its_heading() -> None:
    assert set(HEADINGS) == set(KINDS)


def test_two_pathways(run: Run) -> None:
    ran = run("pathway", "diff", "ascites", "pleura")
    assert ran.status == 1
    assert "ascites 1.0.0 -> pleura 1.0.0" in " ".join(ran.out.split())


def test_a_version_that_is_not_there(run: Run) -> None:
    ran = run("pathway", "diff", "bone-health", "no-such")
    assert ran.status == 2
    assert "there is no pathway 'no-such'" in ran.err
