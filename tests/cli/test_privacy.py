"""Who a patient is stays with whoever asked: nothing of it in errors, logs, messages and the access log.

The name, number, date of birth and reference below are in the database. Every command is run, and made to
fail in every way there is; each text that is not the answer that was asked for is searched for them.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import yaml
from sqlalchemy import update

from cli.commands import COMMANDS
from store import identities
from store.database import open_database
from store.errors import Busy, CannotDerive, CannotWrite
from store.tables import vault
from tests.cli.conftest import EXAMPLES, Ran, Run
from tests.keys import KEYS
from tests.server import ONLY_SQLITE

REFERENCE, NAME, NUMBER, BORN = "ZZREF-5150", "Zwetschgenbaum, Adelgunde", "XQ-99887766", "1941-07-23"
IDENTITY = (
    "zwetschgenbaum",
    "adelgunde",
    "xq-99887766",
    "xq99887766",
    "1941-07-23",
    "19410723",
    "23.07.1941",
)
WHO = (REFERENCE.casefold(), *IDENTITY)


def holds(text: str, *markers: str) -> list[str]:
    """Which of these are in a text."""
    return [marker for marker in markers if marker in text.casefold()]


@pytest.fixture
def planted(run: Run, database: Path, tmp_path: Path) -> Path:
    """A case file about one patient, imported, with a full identity."""
    case = yaml.safe_load((EXAMPLES / "regular-path.yaml").read_text())["vignettes"][0]
    case["facts"]["birth_date"] = BORN
    case["id"] = REFERENCE
    file = tmp_path / "story.yaml"
    file.write_text(yaml.safe_dump({"vignettes": [case]}))
    assert run("import", file).status == 0
    assert run("identify", REFERENCE, "--name", NAME, "--number", f"insurance={NUMBER}").status == 0
    assert run("desk", "person", "anna", "--new").status == 0
    return file


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Everything that any part of the program logs, which must name nobody."""
    caplog.set_level(logging.DEBUG)
    yield caplog
    assert holds(caplog.text, *WHO) == []


def check_quiet(ran: Ran, *typed: str) -> None:
    """What is told beside the answer names nobody, but for what was typed; a failure gives no answer."""
    secret = [marker for marker in WHO if not any(marker in text.casefold() for text in typed)]
    assert holds(ran.err, *secret) == [], ran.err
    if ran.status > 1:
        assert holds(ran.out, *secret) == [], ran.out


VIEWS = (
    ("list",),
    ("due",),
    ("deviations",),
    ("deviations", "--known-at", "2025-02-01"),
    ("review",),
    ("review", REFERENCE),
    ("show", REFERENCE),
    ("why", REFERENCE, "mdt_start"),
    ("brief", REFERENCE),
    ("compare", REFERENCE),
    ("asof", REFERENCE, "--as-of", "2025-02-01", "--known-at", "2025-03-01"),
    ("difference", REFERENCE, "--between", "2025-01-01", "2025-02-04"),
    ("access", REFERENCE),
    ("access", "--all"),
    ("progress", REFERENCE),
    ("comments", REFERENCE),
    ("assign", REFERENCE),
    ("reminders", REFERENCE),
    ("inbox", "anna"),
    ("settings", "show", REFERENCE),
    ("identify", REFERENCE),
    ("board", "ready", REFERENCE),
    ("board", "candidates"),
    ("find", NAME),
    ("find", NUMBER),
    ("pathway", "diagram", "oligometastatic-breast", "--patient", REFERENCE),
)
CHANGES = (
    ("record", REFERENCE, "follow_up_visit", "--date", "2025-02-01"),
    ("amend", REFERENCE, "e07", "overall=SD", "--reason", "read again"),
    ("amend", REFERENCE, "facts", "birth_date=1950-01-01", "--reason", "read again"),
    ("retract", REFERENCE, "e10", "--reason", "other patient"),
    ("settings", "set", REFERENCE, "definition_profile=esmo", "--reason", "team"),
    ("identify", REFERENCE, "--number", "case=77"),
    ("assign", REFERENCE, "--to", "nobody"),
    ("comment", REFERENCE, "called the practice"),
    ("acknowledge", REFERENCE, "t-response-6m", "--until", "2025-02-20", "--reason", "letter is awaited"),
    ("snooze", REFERENCE, "t-response-6m", "--until", "2025-02-10", "--reason", "letter is awaited"),
    ("working-date", REFERENCE, "board_other", "2025-03-03"),
    ("progress", REFERENCE, "t-response-6m", "ordered"),
    ("pause", REFERENCE, "--reason-code", "patient-away"),
    ("resume", REFERENCE),
    ("erase", REFERENCE, "--reason", "requested"),
)
SITE = (
    ("rebuild",),
    ("verify",),
    ("seal",),
    ("doctor",),
    ("keys", "check"),
    ("settings", "show", "--site"),
    ("compare", "--all", "--set", "definition_profile=esmo"),
    ("erase", "--due"),
    ("about",),
    ("messages",),
    ("channel", "list"),
    ("desk", "person"),
    ("worker", "--once"),
    ("account", "list"),
    ("token", "list"),
)


def test_every_command_with_a_patient_is_here() -> None:
    """A new command is added to one of the lists, or named here with the reason."""
    tried = {words[0] for words in (*VIEWS, *CHANGES, *SITE)} | {
        "import",
        "export",
        "calendar",
        "backup",
        "database",
        "restore",
    }
    answers_browsers = {"serve"}  # tests/web and tests/browser plant theirs
    without_patients = {"demo", "replay", "mapping", "template", "simulate", "vocabulary"}
    of_two_patients = {"move", "merge", "unmerge"}
    of_somebody_s_patients = {"hand-over"}
    others = without_patients | of_two_patients | of_somebody_s_patients | answers_browsers
    assert set(COMMANDS) == tried | others


def test_the_answer_is_for_who_asked_and_nothing_else_is_said(
    run: Run, planted: Path, logged: pytest.LogCaptureFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAREPATH_RETENTION_YEARS", "10")
    written = (
        ("backup", tmp_path / "b.db"),
        ("export", REFERENCE, "--out", tmp_path / "out"),
        ("calendar", "anna", "--out", tmp_path / "anna.ics"),
    )
    site = (*SITE, *written)
    for words in (*VIEWS, *site, *CHANGES):
        ran = run(*words)
        assert ran.status < 2, (words, ran.err)
        assert holds(ran.err, *WHO) == [], words
    for words in SITE:
        assert holds(run(*words).out, *IDENTITY) == [], words


REFUSED = (
    ("show", "nobody"),
    ("show", REFERENCE, "--as-of", "soon"),
    ("show", REFERENCE, "--known-at", "1999-01-01"),
    ("why", REFERENCE, "mdt_begin"),
    ("brief", REFERENCE, "--step", "mdt_begin"),
    ("due", "--search", NAME, "--to", "x"),
    ("record", REFERENCE, "follow_up", "--date", "2025-02-01"),
    ("record", REFERENCE, "response_assessed", "--field", "overall=great"),
    ("record", REFERENCE, "follow_up_visit", "--date", "1930-01-01"),
    ("amend", REFERENCE, "e99", "overall=SD", "--reason", "x"),
    ("amend", REFERENCE, "e07", "overal=SD", "--reason", "x"),
    ("amend", REFERENCE, "facts", f"birth_date={BORN}", "--reason", "x"),
    ("amend", REFERENCE, "facts", "birth_date=1950-01-01", "--reason", f"not {BORN}"),
    ("amend", REFERENCE, "facts", "birth_date=2030-01-01", "--reason", "x"),
    ("retract", REFERENCE, "e99", "--reason", "x"),
    ("identify", REFERENCE, "--born", "1950-01-01"),
    ("identify", REFERENCE, "--number", "insurance"),
    ("identify", REFERENCE, "--name", "\x1b[2J"),
    ("identify", "nobody", "--name", "X"),
    ("erase", REFERENCE),
    ("erase", "nobody", "--reason", "requested"),
    ("access", "nobody"),
    ("settings", "set", REFERENCE, "x=1", "--reason", "y"),
    ("difference", REFERENCE, "--between", "2026-01-01", "2025-01-01"),
    ("comment", REFERENCE, f"{NAME} called"),
    ("comment", REFERENCE, NUMBER),
    ("assign", REFERENCE, "--to", "nobody", "--reason", NAME),
    ("acknowledge", REFERENCE, "t-response-6m", "--until", "2025-02-20", "--reason", NAME),
    ("acknowledge", REFERENCE, NAME, "--until", "2025-02-20", "--reason", "x"),
    ("working-date", REFERENCE, "board_other", "2025-03-03", "--reason", NUMBER),
    ("progress", REFERENCE, "t-response-6m", "declined", "--reason", NAME),
    ("pause", REFERENCE, "--reason-code", "other", "--reason", NAME),
    ("resume", REFERENCE),
    ("export", "nobody", "--out", "out"),
    ("record", REFERENCE, "follow_up_visit", "--new", "--fact", f"birth_date={BORN[:-1]}4"),
)


@pytest.mark.usefixtures("planted", "logged")
def test_what_is_refused_tells_nothing_but_what_was_typed(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for words in REFUSED:
        ran = run(*words)
        assert ran.status == 2, ran
        check_quiet(ran, *words)


def test_an_import_that_clashes(run: Run, planted: Path, logged: pytest.LogCaptureFixture) -> None:
    story = planted.read_text()
    for old, new in (
        (BORN, "1942-07-23"),
        ("overall: PR", "overall: great"),
        ("postmeno", "post"),
        ("pet_ct", "ct"),
    ):
        planted.write_text(story.replace(old, new))
        ran = run("import", planted)
        assert holds(ran.err, *IDENTITY) == [], ran.err


@pytest.mark.usefixtures("planted", "logged")
@pytest.mark.parametrize("trouble", ["engine", "defect", "full", "locked"])
def test_what_fails_names_nobody(run: Run, monkeypatch: pytest.MonkeyPatch, trouble: str) -> None:
    said = {
        "engine": CannotDerive("ZeroDivisionError"),
        "defect": ZeroDivisionError(f"{REFERENCE} {NAME} {NUMBER} {BORN}"),
        "full": CannotWrite(),
        "locked": Busy(),
    }[trouble]

    def fails(*_: object, **__: object) -> None:
        raise said

    for place in (
        "cli.workplace.look_up",
        "cli.workplace.access.append",
        "store.ledger.append",
        "store.desk.say",
    ):
        monkeypatch.setattr(place, fails)
    monkeypatch.setattr(identities, "keep", fails)
    for words in (*VIEWS, *CHANGES):
        ran = run(*words)
        assert ran.status in (2, 3, 70), (words, ran)
        assert ran.out == ""
        check_quiet(ran, *words)


def test_a_failing_engine_in_the_middle(
    run: Run, planted: Path, logged: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError(f"{REFERENCE} {NAME} {BORN}")

    monkeypatch.setattr("store.library.replay_periods", fails)
    for words in (*VIEWS[3:8], CHANGES[0]):
        ran = run(*words)
        check_quiet(ran, *words)


def test_a_damaged_identity_is_told_by_number(
    run: Run, planted: Path, logged: pytest.LogCaptureFixture, any_url: str
) -> None:
    database = open_database(any_url, KEYS)
    with database.writing() as connection:
        connection.execute(update(vault).values(sealed=b"0" * 60))
    database.close()
    ran = run("show", REFERENCE)
    assert (ran.status, ran.out) == (3, "")
    assert ran.err == "carepath: the identity of patient 1 is not as it was written\n"


def test_the_access_log_holds_nobody(run: Run, planted: Path, any_url: str) -> None:
    for words in VIEWS:
        run(*words)
    run("list", "--search", NAME)
    run("find", NUMBER)
    database = open_database(any_url, KEYS)
    with database.reading() as connection:
        kept = repr(connection.exec_driver_sql("SELECT * FROM access").all())
        story = repr(connection.exec_driver_sql("SELECT * FROM ledger").all())
        lists = "".join(
            repr(connection.exec_driver_sql(f"SELECT * FROM {name}").all())
            for name in ("tracking", "due_item", "deviation", "snapshot", "seal", "lookup", "vault", "desk")
        )
    database.close()
    assert holds(kept + story + lists, *WHO) == []


@ONLY_SQLITE
def test_a_text_that_cannot_be_read_is_not_quoted(run: Run, planted: Path, database: Path) -> None:
    with closing(sqlite3.connect(database)) as raw, raw:
        raw.execute("UPDATE ledger SET payload = CAST(x'FF' || CAST(? AS BLOB) AS TEXT)", (NAME,))
    ran = run("show", REFERENCE)
    assert (ran.status, ran.out) == (3, "")
    assert "the database is damaged: a text in it cannot be read; use a copy of it" in ran.err
    check_quiet(ran, REFERENCE)
