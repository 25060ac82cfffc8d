"""A command loads what it needs and no more: that is most of the time a small one takes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.cli.conftest import EXAMPLES

SLOW = {
    "openpyxl",
    "pydantic",
    "rich",
    "sqlalchemy",
    "sqlmodel",
    "graphviz_pure",
    "platformdirs",
}
REPORT = "import sys; from cli.main import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"


def loaded(*words: object) -> set[str]:
    """The packages that are there after a command."""
    command = [sys.executable, "-c", REPORT, *map(str, words)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    return {module.partition(".")[0] for module in ran.stderr.split()}


@pytest.mark.parametrize("words", [("--json",), ("--check",)])
def test_replay_needs_no_database_and_no_tables(words: tuple[str, ...]) -> None:
    assert loaded("replay", *words, EXAMPLES / "regular-path.yaml") & SLOW == set()


def test_pathway_needs_no_database() -> None:
    assert loaded("pathway", "list", "--json") & SLOW == set()
