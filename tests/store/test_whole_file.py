"""Files are written beside their place; what is left there by whoever was killed is found again."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from store.whole_file import beside, left_over, settle


@pytest.mark.parametrize("name", ["keys", "n" * 250, "[a-z]*.keys"])
def test_what_is_unfinished_is_found_until_it_is_gone(tmp_path: Path, name: str) -> None:
    place = tmp_path / name
    for other in (
        "keys.20250203",
        ".keys.20250203",
        ".keys.before.0123abcd.unfinished",
        ".a.0123abcd.unfinished",
    ):
        (tmp_path / other).touch()
    with beside(place, b"all of it", 0o600) as whole:  # here it would be left by who is killed
        assert whole.read_bytes() == b"all of it"
        assert left_over(place) == [whole]
    assert left_over(place) == []
    with pytest.raises(ZeroDivisionError), beside(place, b"", 0o600):
        raise ZeroDivisionError
    assert left_over(place) == []


def test_a_folder_that_cannot_be_settled_is_left_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []

    def fails(descriptor: int) -> None:
        tried.append(descriptor)
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(os, "fsync", fails)
    settle(tmp_path)
    assert len(tried) == 1
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(tried[0])
    monkeypatch.setattr("store.whole_file.os.name", "nt")
    settle(tmp_path)
    assert len(tried) == 1
