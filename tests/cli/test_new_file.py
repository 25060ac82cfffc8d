"""Files are written whole or not at all, those about patients for their owner only."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from cli.new_file import write_folder, write_new, write_over, write_private
from cli.status import BadInput, Unavailable
from tests.cli.conftest import Run
from tests.server import ONLY_SQLITE


def full(_: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_what_is_there_is_not_overwritten(tmp_path: Path) -> None:
    write_new(tmp_path / "a", b"1")
    with pytest.raises(BadInput, match="name another file with --out"):
        write_new(tmp_path / "a", b"2")
    with pytest.raises(BadInput, match="name another folder with --out"):
        write_private({tmp_path / "b": b"2", tmp_path / "a": b"2"})
    assert [one.name for one in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_bytes() == b"1"


def test_whoever_comes_in_between_is_not_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.new_file.os.fsync", lambda _: (tmp_path / "a").write_bytes(b"theirs"))
    with pytest.raises(BadInput, match="is there already"):
        write_new(tmp_path / "a", b"ours")
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [b"theirs"]


def test_what_is_about_a_patient_is_for_the_owner(tmp_path: Path) -> None:
    os.chmod(tmp_path, 0o755)
    write_private({tmp_path / "a": b"1"})
    (tmp_path / "b").touch(0o644)
    (tmp_path / "link").symlink_to(tmp_path / "b")
    write_over(tmp_path / "link", b"2")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "b").read_bytes() == b"2"
    assert [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in "ab"] == [0o600, 0o600]


def test_folders_are_made_once_nothing_is_in_the_way(tmp_path: Path) -> None:
    files = {tmp_path / "a" / "1": b"1", tmp_path / "a" / "b" / "2": b"2"}
    write_folder(files)
    assert {path: path.read_bytes() for path in files} == files
    with pytest.raises(BadInput, match="name another folder with --out"):
        write_folder({tmp_path / "c" / "3": b"3", **files})
    assert not (tmp_path / "c").exists()


def test_a_device_is_written_to(tmp_path: Path) -> None:
    write_over(Path(os.devnull), b"1")
    assert not Path(os.devnull).is_file()
    with pytest.raises(Unavailable, match="cannot be written"):
        write_over(tmp_path, b"1")


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.new_file.os.fsync", full)
    (tmp_path / "old").write_bytes(b"old")
    with pytest.raises(Unavailable, match="cannot be written: No space left on device"):
        write_new(tmp_path / "a", b"1")
    with pytest.raises(Unavailable, match="cannot be written: No space left on device"):
        write_over(tmp_path / "old", b"1")
    assert [one.name for one in tmp_path.iterdir()] == ["old"]
    assert (tmp_path / "old").read_bytes() == b"old"


@ONLY_SQLITE
@pytest.mark.parametrize("words", [(), ("--patient", "V12")])
def test_a_picture_is_private_where_it_shows_a_patient(
    run: Run, clinic: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    command = ("pathway", "diagram", "oligometastatic-breast", "--svg", tmp_path / "x.svg", *words)
    assert run(*command).status == 0
    there = tmp_path / "x.svg"
    assert bool(stat.S_IMODE(there.stat().st_mode) & 0o044) == (not words)
    before = there.read_bytes()
    monkeypatch.setattr("cli.new_file.os.fsync", full)
    assert run(*command).status == 3
    assert there.read_bytes() == before


def test_of_a_new_pathway_all_is_there_or_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("pathway", "new", "wound-care", "--out", tmp_path / "new")
    with monkeypatch.context() as patched:
        patched.setattr("cli.new_file.os.fsync", full)
        assert run(*words).status == 3
    assert [one for one in (tmp_path / "new").rglob("*") if one.is_file()] == []
    assert run(*words).status == 0


@ONLY_SQLITE
def test_what_an_earlier_import_refused_stays_where_the_disk_is_full(
    run: Run, clinic: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mend, again = (
        tmp_path / "mend.csv",
        "import again for the refused rows, what is recorded is not recorded twice",
    )
    (tmp_path / "t.csv").write_text("patient,id,type,date\nK1,e01,metastasis_suspected,7.1.25\n")
    words = ("import", tmp_path / "t.csv", "--errors", mend)
    assert run(*words).status == 2
    before = mend.read_bytes()
    monkeypatch.setattr("cli.new_file.os.fsync", full)
    ran = run(*words)
    assert (ran.status, f"{mend} cannot be written: No space left on device; {again}" in ran.err) == (3, True)
    assert mend.read_bytes() == before
    mend.unlink()
    mend.mkdir()
    assert "is no repair file" in run(*words).err


@ONLY_SQLITE
def test_after_a_full_disk_a_command_can_be_repeated(
    run: Run, clinic: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("seal", "--out", tmp_path / "seals")
    with monkeypatch.context() as patched:
        patched.setattr("cli.new_file.os.fsync", full)
        assert run(*words).status == 3
    assert run(*words).status == 0
