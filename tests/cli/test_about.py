"""What carepath is for and what it is not for: one wording everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from pathways.guidelines.catalogue import load_catalogue
from pathways.intended_use import FOR, IN_SHORT, NOT_FOR
from tests.architecture.repository import ROOT
from tests.cli.conftest import Run

README = (ROOT / "README.md").read_text(encoding="utf-8")


def flat(text: str) -> str:
    return " ".join(text.replace("│", " ").split())


@pytest.mark.parametrize("sentence", [IN_SHORT, *FOR, *NOT_FOR])
def test_the_same_words_in_the_readme_and_on_the_command_line(
    run: Run, database: Path, sentence: str
) -> None:
    assert sentence in flat(README)
    assert sentence in flat(run("about").out)


def test_help_ends_with_it(run: Run) -> None:
    assert flat(run("--help").out).endswith(f"{IN_SHORT} `carepath about` tells more.")


@pytest.mark.parametrize(
    "words",
    [
        ("show", "V12"),
        ("why", "V12", "mdt_start"),
        ("why", "V12", "g-tissue"),
        ("brief", "V12"),
        ("brief", "V12", "--format", "html"),
        ("pathway", "text", "bone-health"),
    ],
)
def test_every_page_about_a_patient_or_a_pathway_says_it(
    run: Run, clinic: Path, words: tuple[str, ...]
) -> None:
    out = flat(run(*words).out)
    assert IN_SHORT in out
    assert "not clinically reviewed at this site" in out


def test_sources_with_their_age_and_what_is_signed_off(run: Run, database: Path) -> None:
    run("pathway", "signoff", "add", "utd-2017-currency", "--verdict", "differs", "--note", "2018")
    (found,) = run("about", "--json").lines
    assert sum(one["statements"] for one in found["sources"]) == len(load_catalogue().statements)
    (old,) = [one for one in found["sources"] if one["currency"] == "2017, truncated"]
    assert (old["not_reviewed"], old["differing"]) == (old["statements"] - 1, 1)
    assert (found["intended_use"], found["for"], found["not_for"]) == (IN_SHORT, [*FOR], [*NOT_FOR])
    assert "2017, truncated" in run("about").out
