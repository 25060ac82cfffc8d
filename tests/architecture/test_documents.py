"""Documents point at what exists, and lists that promise to be complete are."""

import re
from pathlib import Path

import pytest

from tests.architecture.repository import ROOT, files, name

LINK = re.compile(r"\]\((?!https?://|mailto:|#)([^)#\s]+)")
PAGES = [path for path in files() if path.suffix == ".md"]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_the_index_of_decisions_is_complete() -> None:
    decisions = ROOT / "docs" / "decisions"
    listed = LINK.findall((decisions / "README.md").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(path.name for path in decisions.glob("[0-9]*.md"))


def test_the_readme_names_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [command for command in ("serve", "test") if f"\npython3 dev.py {command}\n" not in readme] == []
