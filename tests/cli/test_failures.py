"""Whatever goes wrong is told without a traceback, with an exit status of its own."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from typer.exceptions import Abort

from cli.commands import COMMANDS
from cli.status import defect
from engine.replay import replay_patient
from store.errors import CannotDerive
from tests.cli.conftest import EXAMPLES, Run
from tests.server import ONLY_SQLITE

COMMAND = (sys.executable, "-m", "cli.main")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("sqlite:////no/such/folder/carepath.db", "there is no folder"),
        ("postgresql://127.0.0.1:1/carepath", "PostgreSQL server cannot be reached"),
        ("mysql://localhost/carepath", "not supported"),
        ("what is this", "cannot be read"),
        ("sqlite+foo:///carepath.db", "the driver 'foo' is not supported"),
        ("sqlite+aiosqlite:///carepath.db", "the driver 'aiosqlite' is not supported"),
        ("sqlite:////tmp/carepath.db?mode=ro", "takes no options (mode)"),
        ("sqlite:///file:x?mode=ro&uri=true", "takes no options (mode, uri)"),
        ("sqlite://home/carepath.db", "names no server"),
        ("sqlite://:memory:", "cannot be read"),
        ("sqlite:////tmp/a%00b.db", "no text"),
    ],
)
@pytest.mark.parametrize(
    "words", [("list",), ("due",), ("deviations",), ("show", "V1"), ("why", "V1", "mdt_start")]
)
def test_a_database_that_cannot_be_opened(
    run: Run, monkeypatch: pytest.MonkeyPatch, url: str, told: str, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("CAREPATH_DATABASE_URL", url)
    ran = run(*words)
    assert (ran.status, ran.out) == (3, "")
    assert told in ran.err


@ONLY_SQLITE
def test_a_file_that_is_no_database(run: Run, database: Path) -> None:
    database.write_text("this is a letter, not a database, and long enough to be told from one\n" * 20)
    ran = run("list")
    assert ran.status == 3
    assert ran.err.startswith("carepath: ")


@ONLY_SQLITE
def test_a_database_of_another_program(run: Run, database: Path) -> None:
    connection = sqlite3.connect(database)
    connection.execute("CREATE TABLE other (x)")
    connection.close()
    ran = run("import", EXAMPLES / "regular-path.yaml")
    assert ran.status == 3
    assert "some other program" in ran.err


def test_the_embedded_database_needs_a_place(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("CAREPATH_DATABASE_URL", raising=False)
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setattr("cli.workplace.data_folder", lambda: blocked / "carepath")
    ran = run("list")
    assert ran.status == 3
    assert "set CAREPATH_DATABASE_URL" in ran.err
    monkeypatch.setattr("cli.workplace.data_folder", lambda: tmp_path / "new" / "carepath")
    ran = run("list")
    assert (ran.status, ran.err.splitlines()[0][:36]) == (3, "carepath: nothing is recorded here y")
    assert "`carepath record PATIENT TYPE --new` begins" in ran.err
    assert not (tmp_path / "new" / "carepath" / "carepath.db").exists()
    assert run("record", "N1", "metastasis_suspected", "--new").status == 0
    assert (tmp_path / "new" / "carepath" / "carepath.db").exists()


@ONLY_SQLITE
@pytest.mark.parametrize(
    "command",
    [
        *("list", "due", "verify", "rebuild", "find x", "identify A", "erase A --reason requested", "show A"),
        *("access A", "export A --out d", "seal --out s", "record A metastasis_suspected"),
        "retract A e1 --reason x",
    ],
)
def test_no_command_takes_a_new_database_for_that_of_the_site(
    run: Run, database: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.delenv("CAREPATH_KEYS")
    folder = database.parent
    there = list(folder.iterdir())
    for told in ("there is no database", "is empty"):
        ran = run(*command.split())
        assert (ran.status, ran.out) == (3, "")
        assert told in ran.err
        assert "CAREPATH_DATABASE_URL names it" in ran.err
        assert sorted(folder.iterdir()) == sorted(there)
        if not database.exists():
            database.touch()
            there.append(database)


def test_a_failure_of_the_engine_is_a_defect(run: Run, clinic: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise CannotDerive("ZeroDivisionError")

    monkeypatch.setattr("cli.workplace.look_up", fails)
    ran = run("show", "V12")
    assert ran.status == 70
    assert "the engine failed" in ran.err


def test_a_defect_is_told_and_can_be_traced(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError("Erika, 1970-04-12")

    monkeypatch.setattr("cli.pathway.all_pathways", fails)
    monkeypatch.delenv("CAREPATH_TRACEBACK", raising=False)
    ran = run("pathway", "list")
    assert ran.status == 70
    assert "(ZeroDivisionError in cli/test_failures.py, line " in ran.err
    assert "Erika" not in ran.err
    monkeypatch.setenv("CAREPATH_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        run("pathway", "list")


def test_one_case_on_which_the_engine_fails_does_not_stop_the_others(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails_once(*_: object, **__: object) -> object:
        monkeypatch.setattr("cli.answers.replay_patient", replay_patient)
        raise ZeroDivisionError("Erika, 1970-04-12")

    monkeypatch.setattr("cli.answers.replay_patient", fails_once)
    ran = run("replay", "--json", EXAMPLES / "regular-path.yaml", EXAMPLES / "board-skipped.yaml")
    assert ran.status == 2
    assert "carepath failed on this case (ZeroDivisionError in " in ran.lines[0]["error"]
    assert "Erika" not in ran.out + ran.err
    assert len(ran.lines) == 3


def test_interrupted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cli.pathway.all_pathways", interrupted)
    ran = run("pathway", "list")
    assert (ran.status, ran.err) == (130, "carepath: interrupted; nothing was recorded, run it again\n")
    monkeypatch.setattr("cli.answers.replay_patient", interrupted)
    ran = run("replay", EXAMPLES / "regular-path.yaml")
    assert ran.status == 130
    assert "the answers told so far are whole" in ran.err


def test_an_interrupted_question_records_nothing(
    run: Run, clinic: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> str:
        raise Abort

    monkeypatch.setattr("cli.record.is_terminal", lambda: True)
    monkeypatch.setattr("typer.prompt", interrupted)
    ran = run("record", "V12", "response_assessed")
    assert (ran.status, ran.err) == (130, "carepath: interrupted; nothing was recorded, run it again\n")


def test_commands_explain_themselves(run: Run) -> None:
    listed = run("--help").out
    assert [name for name in COMMANDS if f" {name} " not in listed] == []
    assert all(run(name, "--help").status == 0 for name in COMMANDS)
    assert run().status == 2
    assert run("lst").status == 2


def processes(*words: object, **environment: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*COMMAND, *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **environment},
    )


def test_a_reader_who_goes_away_is_no_error() -> None:
    process = processes("replay", "--json", *[EXAMPLES / "regular-path.yaml"] * 40)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    errors = process.stderr.read()
    assert process.wait() == 141
    assert errors == b""
    process.stderr.close()


@pytest.mark.parametrize("words", [("list",), ("show", "V12"), ("list", "--json"), ("pathway", "list")])
def test_nobody_reads_at_all(clinic: Path, words: tuple[str, ...]) -> None:
    process = processes(*words)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == 141
    process.stderr.close()


@ONLY_SQLITE
def test_a_damaged_database(run: Run, clinic: Path) -> None:
    content = bytearray(clinic.read_bytes())
    content[8192:] = b"x" * (len(content) - 8192)
    clinic.write_bytes(content)
    ran = run("list")
    assert ran.status == 3
    assert "database" in ran.err


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            ModuleNotFoundError("No module named 'jinja2'", name="jinja2"),
            "the installation is not whole (jinja2)",
        ),
        (MemoryError(), "there is not enough memory for this"),
    ],
)
def test_what_the_machine_lacks(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr("cli.pathway.all_pathways", fails)
    ran = run("pathway", "list")
    assert ran.status == 3
    assert told in ran.err


def test_the_kind_of_an_error_that_was_never_raised() -> None:
    assert defect(ValueError("Erika")) == "ValueError"


def test_what_a_message_quotes_does_not_steer_the_terminal(run: Run, tmp_path: Path, database: Path) -> None:
    odd = tmp_path / "a\x1b[2J\x9b\u202eb.json"
    for words in (("replay", odd), ("import", odd)):
        ran = run(*words)
        assert ran.status == 2
        assert "a\\x1b[2J\\x9b\\u202eb.json" in ran.err
    odd.write_text((EXAMPLES / "regular-path.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    odd = odd.rename(odd.with_suffix(".yaml"))
    assert run("import", odd).out.startswith("a\\x1b[2J\\x9b\\u202eb.yaml: 1 new patient")


def test_a_full_disk(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "/mnt/x")

    monkeypatch.setattr("cli.pathway.all_pathways", full)
    ran = run("pathway", "list")
    assert (ran.status, ran.err) == (3, "carepath: /mnt/x: No space left on device\n")


@pytest.mark.parametrize(("closed", "file", "status"), [("<&-", "-", 2), (">&-", "", 0), ("2>&-", "none", 2)])
def test_a_stream_closed_from_the_beginning(closed: str, file: str, status: int) -> None:
    line = f'"$@" {closed}'
    file = file or str(EXAMPLES / "regular-path.yaml")
    words = ("sh", "-c", line, "sh", *COMMAND, "replay", "--json", file)
    ran = subprocess.run(words, capture_output=True, check=False)
    assert ran.returncode == status
    assert b"Traceback" not in ran.stderr
    assert b"should not have happened" not in ran.stderr


def test_answers_come_line_by_line_in_utf_8(tmp_path: Path) -> None:
    file = tmp_path / "Füße.yaml"
    file.write_text(
        (EXAMPLES / "regular-path.yaml").read_text(encoding="utf-8").replace("V01", "Ä1"), encoding="utf-8"
    )
    out, err = processes(
        "replay", "--json", file, LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="latin-1"
    ).communicate()
    assert err == b""
    assert '"case": "Ä1"'.encode() in out


def test_exit_statuses_reach_the_shell(tmp_path: Path) -> None:
    none = tmp_path / "none.yaml"
    out, err = (process := processes("replay", "--json", none)).communicate()
    assert process.returncode == 2
    assert b'"error": ' in out
    assert b"No such file" in err
    process = processes("list", CAREPATH_DATABASE_URL="sqlite:////no/such/folder/x.db")
    out, err = process.communicate()
    assert (process.returncode, out) == (3, b"")
    assert b"Traceback" not in err
