"""`carepath verify`, `carepath seal` and the auditor's own program."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from store import standalone_verifier
from store.database import open_database
from store.standalone_parts import signed
from tests.cli.conftest import EXAMPLES, Run
from tests.keys import KEYS
from tests.server import ONLY_SQLITE
from tests.store.intruder import intrude


@pytest.fixture
def site(run: Run, database: Path) -> Path:
    """Two patients, imported by two commands, so under two seals."""
    for name in sorted(EXAMPLES.glob("*.yaml"))[:2]:
        assert run("import", name).status == 0
    return database


def altered(file: Path, *statements: str) -> None:
    raw = sqlite3.connect(file)
    for statement in statements:
        raw.execute(statement)
    raw.commit()
    raw.close()


def audited(place: Path, *words: object) -> tuple[int, str]:
    """What the auditor's program says, by a Python that sees nothing of carepath."""
    command = [sys.executable, "-I", place, *words]
    ran = subprocess.run([str(word) for word in command], capture_output=True, text=True, cwd="/")
    return ran.returncode, ran.stdout + ran.stderr


@ONLY_SQLITE
def test_what_nobody_touched(run: Run, site: Path, tmp_path: Path) -> None:
    ran = run("verify")
    assert ran.status == 0
    assert ran.out.startswith(
        "Every entry is as it was recorded.\n2 seals, all signed by this site; 0 patients"
    )
    assert run("seal").out == "Everything is sealed already.\n"
    assert "keep it where nobody can reach both" in run("seal", "--out", tmp_path / "kept").out
    ran = run("verify", "--against", tmp_path / "kept", "--json")
    sealed = {"seals": 2, "unsealed": 0, "unsealed_views": 0}
    assert ran.lines == [{"problems": [], **sealed, "compared": 2, "kept_up_to": "2025-02-03"}]
    assert (
        "2 seals, all as kept elsewhere, up to 2025-02-03;"
        in run("verify", "--against", tmp_path / "kept").out
    )


@ONLY_SQLITE
def test_a_file_of_seals_that_was_cut(run: Run, site: Path, tmp_path: Path) -> None:
    kept, cut = tmp_path / "kept", tmp_path / "cut"
    run("seal", "--out", kept)
    first, *rest = kept.read_text().splitlines()
    cut.write_text("\n".join([first, rest[0]]))
    ran = run("verify", "--against", cut)
    assert ran.status == 2
    assert "it was cut, or added to: it says that it holds 2 seals, and holds 1" in ran.err
    status, told = audited(program(run, tmp_path), site, "--seals", cut)
    assert (status, "was cut or added to: of 2 seals it holds 1" in told) == (2, True)


@ONLY_SQLITE
def test_how_far_the_kept_seals_reach(run: Run, site: Path, tmp_path: Path) -> None:
    """Files of earlier carepaths do not say how many they held."""
    kept = tmp_path / "kept"
    run("seal", "--out", kept)
    first, *rest = kept.read_text().splitlines()
    uncounted = json.dumps({name: said for name, said in json.loads(first).items() if name != "seals"})
    kept.write_text("\n".join([uncounted, rest[0]]))
    told = run("verify", "--against", kept).out
    assert "2 seals, 1 of them compared and as kept elsewhere, up to 2025-02-03;" in told
    assert "does not say how many seals it held: it may have been cut" in told
    status, told = audited(program(run, tmp_path), site, "--seals", kept)
    assert (status, "compared with 1 of 2 seals, kept up to 2025-02-03; the export does not say" in told) == (
        0,
        True,
    )
    kept.write_text(uncounted)
    assert "none of them compared, as the file holds none" in run("verify", "--against", kept).out
    assert "compared with 0 of 2 seals;" in audited(program(run, tmp_path), site, "--seals", kept)[1]


@ONLY_SQLITE
def test_views_wait_for_a_seal(run: Run, site: Path) -> None:
    assert run("list").status == run("due").status == 0
    assert "0 patients with entries and 2 views are not sealed yet." in run("verify").out
    assert run("seal").out == "1 seal made, 3 in all.\n"
    assert run("seal").out == "Everything is sealed already.\n"
    assert run("verify", "--json").lines[0]["unsealed_views"] == 0


@ONLY_SQLITE
def test_what_somebody_touched(run: Run, site: Path, tmp_path: Path) -> None:
    run("seal", "--out", tmp_path / "kept")
    altered(site, "UPDATE ledger SET recorder = 'ben' WHERE patient_id = 2 AND seq = 2")
    ran = run("verify")
    assert ran.status == 1
    assert "patient 2, entry 2: was altered or moved after it was recorded" in ran.err
    assert "1 problem. Stop recording, keep this database as it is" in ran.err
    altered(site, "DELETE FROM sealed_head WHERE seal = 2", "DELETE FROM seal WHERE number = 2")
    assert (
        "seal 2: was kept elsewhere and is missing here" in run("verify", "--against", tmp_path / "kept").err
    )


@ONLY_SQLITE
@pytest.mark.parametrize("table", ["access", "seal", "ledger"])
def test_a_table_that_is_gone(run: Run, site: Path, table: str) -> None:
    altered(site, f"DROP TABLE {table}")
    ran = run("verify")
    assert ran.status == 1
    assert ran.err.startswith(f"table {table}: is missing\n")
    assert (run("verify", "--json").lines[0]["seals"] is None) == (table == "seal")


@ONLY_SQLITE
def test_a_mistake_of_ours_is_no_problem_of_the_database(
    run: Run, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("cli.verify.unsealed", broken)
    assert run("verify").status == 70


def test_a_second_row_about_the_site(run: Run, site: Path, any_url: str) -> None:
    with contextlib.closing(open_database(any_url, KEYS)) as opened:
        intrude(opened, "INSERT INTO carepath SELECT 7, created, 0, access_head FROM carepath")
    assert "table carepath: holds 2 rows, and must hold one" in run("verify").err
    ran = run("list")
    assert (ran.status, "nothing is shown" in ran.err) == (3, True)


@ONLY_SQLITE
def test_a_file_of_seals_that_is_none(run: Run, site: Path, tmp_path: Path) -> None:
    (tmp_path / "other").write_text("once upon a time")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    assert "no file of seals that carepath has exported" in run("verify", "--against", tmp_path / "other").err
    assert run("verify", "--against", tmp_path / "bytes").status == 3
    assert "No such file" in run("verify", "--against", tmp_path / "missing").err


@ONLY_SQLITE
def test_the_auditor_needs_no_carepath(run: Run, site: Path, tmp_path: Path) -> None:
    program, kept = tmp_path / "verify_carepath.py", tmp_path / "kept"
    assert f"python3 {program} DATABASE" in run("verify", "--write-verifier", program).out
    run("seal", "--out", kept)
    status, told = audited(program, site)
    assert (status, told.endswith("in the database itself (give --seals for more): no problems\n")) == (
        0,
        True,
    )
    status, told = audited(program, site, "--seals", kept)
    assert (status, "2 seals, by the keys kept elsewhere: no problems" in told) == (0, True)
    assert audited(program, kept)[0] == audited(program, site, "--seals", program)[0] == 2
    assert audited(program, tmp_path / "nowhere")[0] == 2


def program(run: Run, folder: Path) -> Path:
    """The auditor's program, as it is written."""
    file = folder / "verify_carepath.py"
    if not file.exists():
        run("verify", "--write-verifier", file)
    return file


TAMPERED = {
    "UPDATE ledger SET payload = '{}' WHERE patient_id = 1 AND seq = 2": "patient 1, entry 2: was altered",
    "DELETE FROM ledger WHERE patient_id = 1 AND seq = 3": "patient 1, entry 3: is missing",
    "UPDATE ledger SET seq = 999 WHERE patient_id = 1 AND seq = 3": "patient 1, entry 999: was altered",
    "UPDATE patient SET head = 'x' WHERE id = 2": "patient 2, entry 14: is not the entry at which",
    "UPDATE seal SET signature = 'zz' WHERE number = 2": "seal 2: is not signed with a known key",
    "UPDATE seal SET signature = hash || hash WHERE number = 2": "seal 2: is not signed with a known key",
    "UPDATE seal SET content = '{}' WHERE number = 1": "seal 1: was altered after it was made",
    "DELETE FROM seal WHERE number = 1": "seal 1: is missing",
    "UPDATE sealed_head SET head = 'x' WHERE seal = 1": "seal 1: the heads under it are not",
}


@ONLY_SQLITE
@pytest.mark.parametrize("statement", TAMPERED)
def test_the_auditor_finds_what_carepath_finds(
    run: Run, site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], statement: str
) -> None:
    run("seal", "--out", tmp_path / "kept")
    altered(site, statement)
    assert run("verify").status == 1
    assert standalone_verifier.main([str(site), "--seals", str(tmp_path / "kept")]) == 1
    assert TAMPERED[statement] in capsys.readouterr().out


@ONLY_SQLITE
def test_the_auditor_misses_what_was_kept(
    run: Run, site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("seal", "--out", tmp_path / "kept")
    altered(site, "DELETE FROM sealed_head WHERE seal = 2", "DELETE FROM seal WHERE number = 2")
    assert standalone_verifier.main([str(site)]) == 1
    assert "is marked as sealed, and is under no seal" in capsys.readouterr().out
    altered(site, "UPDATE patient SET sealed_sequence = 0 WHERE id = 2")
    assert standalone_verifier.main([str(site)]) == 0
    assert standalone_verifier.main([str(site), "--seals", str(tmp_path / "kept")]) == 1
    assert "seal 2: is not the one kept elsewhere" in capsys.readouterr().out


@given(seed=st.binary(min_size=32, max_size=32), text=st.text(max_size=40), spoiled=st.integers(0, 63))
def test_its_signatures_are_those_of_the_library(seed: bytes, text: str, spoiled: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw().hex(), key.sign(text.encode())
    assert signed(public, {"content": text, "signature": signature.hex()})
    assert not signed(public, {"content": f"{text}.", "signature": signature.hex()})
    wrong = bytearray(signature)
    wrong[spoiled] ^= 1
    assert not signed(public, {"content": text, "signature": wrong.hex()})
    assert not signed(public[:-2], {"content": text, "signature": signature.hex()})
