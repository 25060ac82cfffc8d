"""What is typed and cannot be meant is refused before anything is recorded or answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import EXAMPLES, Run
from tests.server import ONLY_SQLITE

REGULAR = EXAMPLES / "regular-path.yaml"


@ONLY_SQLITE
@pytest.mark.parametrize(
    "words",
    [
        ("record", "V12", "response_assessed", "--field", "overall=PR", "--field", "overall=PD"),
        ("record", "N1", "metastasis_suspected", "--new", "--fact", "sex=female", "--fact", " sex =male"),
        ("settings", "set", "V12", "response_min_months=6", "response_min_months=3", "--reason", "so"),
        ("replay", "--set", "response_min_months=6", "--set", "response_min_months=3", REGULAR),
        ("compare", "V12", "--set", "response_min_months=6", "--set", "response_min_months=3"),
    ],
)
def test_a_name_that_stands_twice(run: Run, clinic: Path, words: tuple[object, ...]) -> None:
    before = clinic.read_bytes()
    ran = run(*words)
    assert (ran.status, ran.out) == (2, "")
    assert "stands twice" in ran.err
    assert clinic.read_bytes() == before


@pytest.mark.parametrize(
    "words",
    [
        ("record", "V12", "response_assessed", "--field", "overall=PR", "--date", ""),
        ("pathway", "signoff", "add", "imet-design", "--verdict", "agrees", "--date", ""),
        ("show", "V12", "--as-of", ""),
        ("show", "V12", "--known-at", ""),
        ("why", "V12", "mdt_start", "--as-of", ""),
        ("why", "V12", "mdt_start", "--known-at", ""),
        ("brief", "V12", "--as-of", ""),
        ("brief", "V12", "--known-at", ""),
        ("compare", "V12", "--as-of", ""),
        ("compare", "V12", "--known-at", ""),
        ("demo", "--as-of", ""),
        ("list", "--as-of", ""),
        ("replay", REGULAR, "--as-of", ""),
    ],
)
def test_an_empty_day_is_not_today(run: Run, clinic: Path, words: tuple[object, ...]) -> None:
    ran = run(*words)
    assert (ran.status, ran.out) == (2, "")
    assert "must be a day" in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ("list", "--search", "\udcff"),
        ("record", "\udcff", "metastasis_suspected", "--new"),
        ("show", "V\udce412"),
    ],
)
def test_a_word_in_another_encoding(run: Run, clinic: Path, words: tuple[str, ...]) -> None:
    ran = run(*words)
    assert (ran.status, ran.out) == (2, "")
    assert "is not UTF-8" in ran.err


@pytest.mark.parametrize("option", ["--page", "--limit", "--due-within"])
def test_a_number_beyond_all_counting(run: Run, clinic: Path, option: str) -> None:
    assert run("list", option, "100000").status == 0
    ran = run("list", option, "99999999999999999999")
    assert (ran.status, ran.out) == (2, "")
    assert "should be less than or equal to" in ran.err


@pytest.mark.parametrize("reference", ["V12 ", " V12", "V12\n", "V" * 201])
def test_a_reference_that_is_another_s_on_the_screen(run: Run, clinic: Path, reference: str) -> None:
    ran = run("record", reference, "metastasis_suspected", "--new")
    assert (ran.status, ran.out) == (2, "")
    assert "a patient's reference" in ran.err


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_that_would_be_forgotten(run: Run, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("CAREPATH_DATABASE_URL", url)
    ran = run("import", REGULAR)
    assert (ran.status, ran.out) == (3, "")
    assert "would forget everything; name a file" in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ("pathway", "signoff", "add", "imet-design", "--verdict", "agrees", "--reader", "\x1b[31mRoth"),
        ("pathway", "signoff", "add", "imet-design", "--verdict", "agrees", "--reader", "R" * 201),
        ("pathway", "signoff", "add", "imet-design", "--verdict", "agrees", "--note", "a\x9b2J"),
        ("settings", "set", "V12", "response_min_months=6", "--reason", "\u202eyas"),
        ("settings", "set", "V12", "response_min_months=6", "--reason", "r" * 20_001),
        ("record", "V12", "response_assessed", "--field", "overall=PR", "--field", "note=\x1b]0;x"),
    ],
)
def test_a_text_that_would_steer_the_terminal_or_fill_it(
    run: Run, clinic: Path, words: tuple[str, ...]
) -> None:
    ran = run(*words)
    assert (ran.status, ran.out) == (2, "")
    assert "may not stand in a text" in ran.err or "at most" in ran.err


def test_who_records_has_a_readable_name(run: Run, clinic: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAREPATH_RECORDER", "\x1b[31manna")
    ran = run("record", "V12", "follow_up_visit")
    assert (ran.status, ran.out) == (2, "")
    assert "CAREPATH_RECORDER must be readable text" in ran.err
    monkeypatch.setenv("CAREPATH_USER", "a" * 201)
    ran = run("list")
    assert (ran.status, "CAREPATH_USER must be readable text of at most 200 characters" in ran.err) == (
        2,
        True,
    )


def test_standard_input_that_does_not_end(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interop.sources.largest_file", 10)
    (line,) = run("replay", "--json", "-", typed="id: A # and much more").lines
    assert line["error"].startswith("standard input: the file has more than 0 MB")
