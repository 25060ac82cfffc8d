"""What docs/coordination.md tells a coordinator to type is what works, in that order."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from coordination.progress import REFUSALS, STAGES
from tests.architecture.repository import ROOT
from tests.cli.conftest import Run

PAGE = (ROOT / "docs" / "coordination.md").read_text(encoding="utf-8")
LINES = re.findall(r"^\$ carepath (.+)$", PAGE, re.MULTILINE)


def test_the_page_can_be_worked_through(run: Run, clinic: Path) -> None:
    told = {}
    for line in LINES:
        ran = run(*shlex.split(line))
        assert (ran.status, ran.err) == (0, ""), f"{line}: {ran.err}"
        told[line] = ran.out
    assert "(ward)" in told["list"]
    assert told["hand-over anna ben --dry-run"].startswith("3 patients would go from anna to ben.")
    assert "anna moves to another ward" in told["assign V12"]
    assert "Owner: anna, clinician lena" in told["--user anna show V12"]


def test_it_names_every_status_of_progress_and_every_command_that_puts_off() -> None:

    for status in {*STAGES, *REFUSALS} - {"acted_on"}:
        assert status in PAGE
