"""No answer about a known story changes unless the changelog says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.golden import log, renew


def test_the_answers_are_those_that_were_kept(tmp_path: Path) -> None:
    kept, now = log.answers_kept(), list(log.answers_now(tmp_path))
    parted = [log.difference(*pair) for pair in zip(kept, now, strict=False) if pair[0] != pair[1]]
    assert not parted, f"{len(parted)} answers changed; the first: {parted[0]}"
    assert len(now) == len(kept)


def test_the_kept_answers_are_those_of_the_manifest() -> None:
    """And every change of answers that is announced is kept there, so that none serves a second time."""
    told = log.manifest(log.answers_kept())
    assert log.MANIFEST.read_text(encoding="utf-8") == told, "run python3 dev.py golden"


def test_five_hundred_patients_are_kept() -> None:
    stories = [json.loads(line) for line in log.unpack(log.STORIES).splitlines()]
    assert len({story["id"] for story in stories}) == 500


def _line(**content: object) -> str:
    return json.dumps({"case": "P1", "as_of": "2026-01-01", "due": [{"item": "t-x", "due": None}], **content})


def test_a_difference_is_told_by_its_place() -> None:
    now = _line(due=[{"item": "t-x", "due": "2026-02-01"}])
    assert log.difference(_line(), now) == 'P1 at 2026-01-01.due[0].due: kept null, now "2026-02-01"'
    assert log.difference(_line(), _line(due=[])).endswith(
        '.due: kept [{"item": "t-x", "due": null}], now []'
    )
    assert log.difference(_line(), _line(case="P2")).endswith("now P2 at 2026-01-01 stands")


@pytest.fixture
def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The log as it is, beside answers that were others; returns the changelog."""
    for name in ("ANSWERS", "MANIFEST"):
        copy = tmp_path / getattr(log, name).name
        copy.write_bytes(getattr(log, name).read_bytes())
        monkeypatch.setattr(log, name, copy)
        monkeypatch.setattr(renew, name, copy)
    monkeypatch.setattr(renew, "answers_now", lambda folder: ["another answer"])
    changelog = tmp_path / "CHANGELOG.md"
    changelog.write_text((log.PROJECT / "CHANGELOG.md").read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(log, "PROJECT", tmp_path)
    return changelog


def test_other_answers_are_not_kept_in_silence(changed: Path) -> None:
    kept = log.ANSWERS.read_bytes()
    assert renew.renew() == 1
    assert log.ANSWERS.read_bytes() == kept


def test_an_entry_of_the_changelog_lets_them_be_kept(changed: Path) -> None:
    text = changed.read_text(encoding="utf-8")
    changed.write_text(text + "\n### Replay changed\n\n- Something else.\n", encoding="utf-8")
    assert renew.renew() == 0
    assert log.answers_kept() == ["another answer"]
    assert renew.renew() == 0  # nothing left to do
    changed.write_text(text, encoding="utf-8")
    assert "- Something else." not in log.announced()
