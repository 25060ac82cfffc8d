"""`carepath pathway signoff`: a site's reviews of statements."""

from __future__ import annotations

from pathlib import Path

import pytest

from pathways.guidelines.catalogue import load_catalogue
from tests.cli.conftest import Run
from tests.server import ONLY_SQLITE

BOARD, DESIGN = "mdtbc-board-mandatory", "imet-design"
ALL = len(load_catalogue().statements)
FOLDER = "pathway", "signoff"


@ONLY_SQLITE
def test_nothing_is_reviewed_as_shipped_and_asking_makes_no_database(run: Run, database: Path) -> None:
    ran = run(*FOLDER, "list")
    assert ran.out == f"{ALL} of {ALL} statements not clinically reviewed at this site\n"
    assert not database.exists()


def test_the_database_of_this_user_is_asked(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CAREPATH_DATABASE_URL", raising=False)
    for module in ("cli.workplace", "cli.site_reviews"):
        monkeypatch.setattr(f"{module}.data_folder", lambda: tmp_path / "carepath")
    assert run(*FOLDER, "list").out.startswith(f"{ALL} of {ALL}")
    assert not (tmp_path / "carepath").exists()
    run(*FOLDER, "add", BOARD, "--verdict", "agrees")
    assert run(*FOLDER, "list").out.splitlines()[-1].startswith(f"{ALL - 1} of {ALL}")


@ONLY_SQLITE
def test_a_database_that_cannot_be_read_is_told_and_nothing_counts_as_reviewed(
    run: Run, database: Path
) -> None:
    database.write_text("no database at all " * 100)
    ran = run(*FOLDER, "list")
    assert (ran.status, ran.out.split()[0]) == (0, str(ALL))
    assert "reviews of statements cannot be read: the file is not a carepath database" in ran.err


@pytest.mark.each_database
def test_add_list_and_withdraw(run: Run, database: Path) -> None:
    ran = run(
        *FOLDER,
        "add",
        BOARD,
        DESIGN,
        BOARD,
        "--verdict",
        "agrees",
        "--reader",
        "Dr Roth",
        "--date",
        "2025-01-31",
    )
    assert (ran.status, ran.out) == (0, "Dr Roth, 2025-01-31, 2 statements: agrees with its source\n")
    ran = run(*FOLDER, "add", DESIGN, "--verdict", "differs", "--note", "two arms")
    assert ran.out == "anna, 2025-02-03, 1 statement: differs from its source\n"
    told = run(*FOLDER, "list").out
    for part in (BOARD, "Dr Roth", "2025-01-31", "anna", "two arms", f"{ALL - 2} of {ALL} statements"):
        assert part in told
    assert run(*FOLDER, "withdraw", DESIGN, "--note", "other page").out.endswith("1 statement: taken back\n")
    rows = {row["statement"]: row for row in run(*FOLDER, "list", "--json").lines}
    assert (len(rows), rows[BOARD]["status"], rows[DESIGN]["status"]) == (ALL, "agrees", "agrees")
    assert rows[DESIGN]["reviews"] == [
        {"verdict": "agrees", "reader": "Dr Roth", "read_on": "2025-01-31", "note": ""}
    ]
    assert rows["imet-limitations"]["status"] == "not_reviewed"


def test_what_is_still_to_be_read(run: Run, database: Path) -> None:
    run(*FOLDER, "add", "mdtbc-bone-bma-mandatory", "--verdict", "agrees")
    told = run(*FOLDER, "list", "--open", "--pathway", "bone-health").out
    assert "mdtbc-bone-bma-mandatory" not in told
    assert "ombc-bone-bma (" in told
    assert BOARD not in told
    assert "Recommended management of oligometastatic breast cancer, " in told
    rows = run(*FOLDER, "list", "--open", "--json").lines
    assert len(rows) == ALL - 1


def test_a_statement_that_was_changed_is_to_be_read_again(
    run: Run, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as other:
        other.setattr("cli.pathway_signoff.content_fingerprint", lambda _: "sha256:of another wording")
        run(*FOLDER, "add", BOARD, "--verdict", "agrees")
    told = run(*FOLDER, "list").out
    assert "changed since" in told
    assert f"{ALL} of {ALL} statements" in told
    (row,) = [row for row in run(*FOLDER, "list", "--json").lines if row["statement"] == BOARD]
    assert (row["status"], row["reviews"], len(row["outdated"])) == ("not_reviewed", [], 1)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", "imet-desing", "--verdict", "agrees"), "did you mean 'imet-design'?"),
        (("add", BOARD, "--verdict", "agree"), "did you mean 'agrees'?"),
        (("add", BOARD, "--verdict", "differs"), "say what differs"),
        (("add", BOARD, "--verdict", "agrees", "--date", "2025-02-04"), "2025-02-04 is still to come"),
        (("withdraw", BOARD, "--note", " "), "say why"),
        (
            ("withdraw", BOARD, "--note", "x"),
            "anna has no review of mdtbc-board-mandatory to take back; no review",
        ),
        (("withdraw", DESIGN, "--note", "x"), "reviews by Dr Roth stand"),
        (("list", "--pathway", "bone-helth"), "did you mean 'bone-health'?"),
    ],
)
def test_what_does_not_fit_is_refused(run: Run, database: Path, words: tuple[str, ...], told: str) -> None:
    run(*FOLDER, "add", DESIGN, "--verdict", "agrees", "--reader", "Dr Roth")
    ran = run(*FOLDER, *words)
    assert ran.status == 2
    assert told in ran.err
    assert len(run(*FOLDER, "list", "--open", "--json").lines) == ALL - 1
