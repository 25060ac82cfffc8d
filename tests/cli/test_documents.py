"""The pages on the command line and on case files say what is so."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from cli.commands import COMMANDS
from cli.main import application
from cli.status import Status
from tests.architecture.repository import ROOT
from tests.cli.conftest import Run

COMMAND_LINE = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
CASE_FILES = (ROOT / "docs" / "case-files.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^\$ carepath (?!COMMAND)(.+)$", COMMAND_LINE, re.MULTILINE)
OF_THE_READER = (
    *("serve", "demo", "template", "database", "backup", "restore", "keys", "export"),
    *("unmerge", "find", "erase", "assign", "hand-over", "resume"),
)
"""Commands that write files, that are about what another one did before, and `clinic`, which stands for files
of the reader, are tried elsewhere.
"""
ASKS_THE_SERVER_S_CLOCK = "doctor"
"""It finds, rightly, that the server is not at noon on 3 February 2025."""
ASK_FOR_PEOPLE = ("inbox", "calendar", "channel preview")
"""Their examples are about Anna and Lena, who work here."""
QUICK = [words for words in EXAMPLES if words.split()[0] not in OF_THE_READER and "clinic" not in words]


def section(command: str) -> str:
    """What the page says about one command."""
    _, _, rest = COMMAND_LINE.partition(f"\n## {command}\n")
    return rest.partition("\n## ")[0]


def leaves(command: Any) -> Iterator[Any]:
    """The commands that do something: not the groups they stand in, but for those that do so themselves."""
    for inner in getattr(command, "commands", {}).values():
        yield from leaves(inner)
    if not hasattr(command, "commands") or command.invoke_without_command:
        yield command


@cache
def program() -> Any:
    """With all commands."""
    return get_command(application())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_on_the_page(name: str) -> None:
    command = program().commands[name]
    told = section(name)
    assert f"| [`{name}`](#{name}) |" in COMMAND_LINE
    assert "```console" in told
    for one in leaves(command):
        assert one.name in told
        options = [option for parameter in one.params for option in parameter.opts if option.startswith("--")]
        assert [option for option in options if f"`{option}" not in told and option != "--help"] == []


def test_no_option_is_on_the_page_that_is_none() -> None:
    known = {"--help", "--version", "--user"}
    for one in leaves(program()):
        known |= {word for parameter in one.params for word in (*parameter.opts, *parameter.secondary_opts)}
    assert set(re.findall(r"--[a-z][a-z-]+", COMMAND_LINE)) - known == set()


@pytest.mark.parametrize("words", QUICK)
def test_the_examples_run(
    run: Run,
    clinic: Path,
    any_url: str,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    if words.startswith(ASK_FOR_PEOPLE):
        request.getfixturevalue("office")
    if words.startswith(ASKS_THE_SERVER_S_CLOCK) and not any_url.startswith("sqlite"):
        pytest.skip("the clock of a server does not stand still")
    monkeypatch.chdir(ROOT)
    written = {
        name: str(tmp_path / name) for name in ("made-up", "anna.ics")
    }  # nothing is left behind in the checkout
    ran = run(*(written.get(word, word) for word in shlex.split(words)))
    assert ran.status == 0, ran.err
    assert all(ran.lines) if "--json" in words else ran.out


def test_every_status_is_on_the_page() -> None:
    listed = re.findall(r"^\| (\d+) \|", COMMAND_LINE, re.MULTILINE)
    assert [int(number) for number in listed] == [status.value for status in Status]


def test_the_case_on_the_page_is_answered_as_it_says(run: Run, tmp_path: Path) -> None:
    (case,) = re.findall(r"```yaml\n(.+?)```", CASE_FILES, re.DOTALL)
    file = tmp_path / "case.yaml"
    file.write_text(case, encoding="utf-8")
    ran = run("replay", "--check", file)
    assert (ran.status, ran.err) == (0, ""), ran.out
    assert yaml.safe_load(case)["vignettes"]


def test_the_parts_of_an_answer_are_on_the_page(run: Run) -> None:
    answer = run("replay", "--json", ROOT / "tests" / "examples" / "board-skipped.yaml").lines[1]
    (shown,) = re.findall(r"```json\n(.+?)```", CASE_FILES, re.DOTALL)
    told = json.loads(shown)
    assert list(told) == list(answer)
    for part in ("allowed_next", "blocked_next", "due", "deviations", "trail"):
        for row in answer[part][:1]:
            assert list(told[part][0]) == list(row)
    assert [part for part in answer if f"`{part}`" not in CASE_FILES.partition("| Part |")[2]] == [
        "case",
        "as_of",
        "known_at",
    ]
