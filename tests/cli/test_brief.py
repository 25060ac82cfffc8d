"""`carepath brief`: one page for a board."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.cli.conftest import Run

ASKED = ("V12", "--as-of", "2025-01-28")


def test_markdown_on_standard_output(run: Run, clinic: Path) -> None:
    ran = run("brief", *ASKED)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("# Brief for the board: V12\n")
    assert "**Start metastasis-directed therapy**: cannot be done yet, held back by: " in ran.out
    assert ran.out.endswith("MDT is metastasis-directed therapy.\n")
    assert run("brief", *ASKED, "--out", "-").out == ran.out


def test_a_file(run: Run, clinic: Path, tmp_path: Path) -> None:
    file = tmp_path / "brief.html"
    ran = run("brief", *ASKED, "--format", "html", "--out", file)
    assert (ran.status, ran.out) == (0, "")
    assert f"written to {file}" in ran.err
    assert file.read_text(encoding="utf-8").startswith("<!doctype html>\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert run("brief", *ASKED, "--format", "html").out == file.read_text(encoding="utf-8")


def test_another_step_and_what_was_known_then(run: Run, clinic: Path) -> None:
    out = run("brief", *ASKED, "--step", "board_mdt", "--known-at", "2025-02-03").out
    assert "**Board on metastasis-directed therapy**: can be done now" in out
    assert "known at 3 Feb 2025" in out


def test_the_site_s_reviews_are_told(run: Run, clinic: Path) -> None:
    assert "115 of 115 statements behind this" in run("brief", *ASKED).out
    run("pathway", "signoff", "add", "mdtbc-board-mandatory", "--verdict", "agrees")
    assert "114 of 115 statements behind this" in run("brief", *ASKED).out


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("V12", "--format", "pdf"), 2, "--format: one of md, html, not 'pdf'"),
        (("V12", "--step", "mdt_stat"), 2, "did you mean 'mdt_start'?"),
        (("V99",), 2, "no patient 'V99'"),
        (("V12", "--out", "/nowhere/brief.md"), 3, "/nowhere/brief.md cannot be written"),
    ],
)
def test_what_does_not_fit_is_told(
    run: Run, clinic: Path, words: tuple[str, ...], status: int, told: str
) -> None:
    ran = run("brief", *words)
    assert (ran.status, ran.out) == (status, "")
    assert told in ran.err
