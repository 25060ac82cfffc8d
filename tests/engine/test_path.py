"""Paths of corrections: reading, changing a copy, and the clear refusal of a path that leads nowhere."""

from __future__ import annotations

import pytest

from engine.path import Path, PathError, read_path, split_path, with_path

fields = {
    "overall": "PR",
    "lesions": ({"id": "L1", "organ": "bone"}, {"id": "L2.a", "organ": "lung", "status": "active"}),
    "findings": {"ascites": "none"},
    "primary.er": "positive",
}


@pytest.mark.parametrize(
    ("path", "parts", "value"),
    [
        ("overall", Path("overall"), "PR"),
        ("primary.er", Path("primary.er"), "positive"),
        ("primary.pr", Path("primary.pr"), None),
        ("findings", Path("findings"), {"ascites": "none"}),
        ("findings.ascites", Path("findings", "ascites"), "none"),
        ("findings.paresis", Path("findings", "paresis"), None),
        ("snapshot.primary.er", Path("snapshot", "primary.er"), None),
        ("lesions.L1.status", Path("lesions", "L1", "status"), None),
        ("lesions.L2.a.status", Path("lesions", "L2.a", "status"), "active"),
    ],
)
def test_reading(path: str, parts: Path, value: object) -> None:
    assert split_path(path) == parts
    assert read_path(fields, path) == value


@pytest.mark.parametrize(
    "path",
    ["overall", "lesions", "primary.pr", "findings.paresis", "snapshot.primary.er", "lesions.L2.a.status"],
)
def test_what_is_written_is_read_and_the_original_stays(path: str) -> None:
    before = repr(fields)
    assert read_path(with_path(fields, path, "new"), path) == "new"
    assert repr(fields) == before


def test_only_the_named_lesion_changes() -> None:
    changed = with_path(fields, "lesions.L2.a.status", None)
    assert changed["lesions"] == (
        {"id": "L1", "organ": "bone"},
        {"id": "L2.a", "organ": "lung", "status": None},
    )


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("", "empty"),
        ("lesions.L1", "lesions.<id>.<field>"),
        ("lesions.", "lesions.<id>.<field>"),
        ("lesions..status", "lesions.<id>.<field>"),
        ("findings.", "a name is missing"),
        ("lesions.L9.status", "no lesion 'L9' in the entry; listed: L1, L2.a"),
    ],
)
def test_a_path_that_leads_nowhere_is_refused(path: str, message: str) -> None:
    with pytest.raises(PathError, match=message.replace(".", r"\.")):
        read_path(fields, path)
    with pytest.raises(PathError):
        with_path(fields, path, "new")
