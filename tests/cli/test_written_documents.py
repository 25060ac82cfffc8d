"""What is written by program in docs/ is what it would write now; `python3 dev.py docs` renews it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from cli.documents.__main__ import SPREADSHEETS, TUTORIAL, write
from cli.documents.reference import FOLDER, PICTURE, left_over, pages
from pathways.library import all_pathways
from tests.architecture.repository import ROOT

written = cache(pages)
PAGES = (*(FOLDER / f"{one.id}.md" for one in all_pathways()), FOLDER / "README.md", PICTURE)


@pytest.mark.parametrize("file", PAGES, ids=str)
def test_every_page_is_fresh(file: Path) -> None:
    assert (ROOT / file).read_text(encoding="utf-8") == written()[file], "python3 dev.py docs renews it"


def test_every_pathway_has_its_page() -> None:
    assert {*PAGES} == written().keys()
    assert left_over(ROOT) == []


def test_only_what_differs_is_written_and_what_is_left_over_goes(tmp_path: Path) -> None:
    for file, text in written().items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text, encoding="utf-8")
    (tmp_path / FOLDER / "ascites.md").write_text("old", encoding="utf-8")
    (tmp_path / FOLDER / "given-up.md").write_text("old", encoding="utf-8")
    (tmp_path / FOLDER / "cns.md").unlink()
    tutorial = "```console\n$ carepath pathway check bone-health\nold\n```\n"
    (tmp_path / TUTORIAL).write_text(tutorial, encoding="utf-8")
    (tmp_path / SPREADSHEETS).write_text("```console\n$ carepath template\n```\n", encoding="utf-8")
    changed = {FOLDER / "ascites.md", FOLDER / "cns.md", FOLDER / "given-up.md", TUTORIAL, SPREADSHEETS}
    assert set(write(tmp_path)) == changed
    assert "\n1 pathway checked, 0 problems\n" in (tmp_path / TUTORIAL).read_text(encoding="utf-8")
    assert not (tmp_path / FOLDER / "given-up.md").exists()
    assert write(tmp_path) == []
