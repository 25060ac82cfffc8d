"""The tutorial on writing a pathway: worked through as a reader would, it gives the answers it shows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from cli.documents.tutorial import TutorialError, answered, files
from tests.architecture.repository import ROOT
from tests.cli.conftest import Run

PAGE = (ROOT / "docs" / "writing-a-pathway.md").read_text(encoding="utf-8")
MOST_LINES = 100


def worked(page: str, run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("CAREPATH_DATABASE_URL", f"sqlite:///{folder}/none.db")

    def answer(words: Sequence[str]) -> str:
        ran = run(*words)
        assert (ran.status in (0, 1), ran.err) == (True, ""), words
        return ran.out

    return answered(page, folder, answer)


def test_every_answer_is_as_shown(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`python -m cli.documents` puts the present answers into the page."""
    assert worked(PAGE, run, tmp_path, monkeypatch) == PAGE


def test_it_ends_with_a_running_pathway(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    worked(PAGE, run, tmp_path, monkeypatch)
    assert run("pathway", "check", "wound").out == "1 pathway checked, 0 problems\n"
    assert '"version":"0.2.0"' in run("pathway", "show", "wound", "--json").out


def test_it_takes_fewer_lines_than_it_promises(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before_the_change = PAGE.partition("\n## 7.")[0]
    worked(before_the_change, run, tmp_path, monkeypatch)
    written = [name for name in files(PAGE) if "/worked/" not in name]
    assert len(written) == 3
    lines = [line for name in written for line in (tmp_path / name).read_text(encoding="utf-8").splitlines()]
    assert f"under {MOST_LINES} lines" in PAGE
    assert len([line for line in lines if line.strip()]) < MOST_LINES


def test_it_says_that_it_is_made_up() -> None:
    assert "**made up**" in PAGE.partition("\n## ")[0]
    assert "made up" in PAGE.partition("# wound/statements.yaml")[2].partition("\n")[2].splitlines()[1]


SHORT = """\
```yaml
# kept/words.yaml
one: 1
two: 2
```

```yaml
# kept/words.yaml, continued
three: 3
```

```diff
--- kept/words.yaml
-one: 1
-two: 2
+one: 11
-three: 3
```

```text
# not a file
```

```console
$ carepath tell
old answer
$ carepath keep > kept/told.txt
```
"""


def test_files_changes_and_answers(tmp_path: Path) -> None:
    asked: list[Sequence[str]] = []

    def tell(words: Sequence[str]) -> str:
        asked.append(words)
        return "new answer  \n\n"

    assert answered(SHORT, tmp_path, tell) == SHORT.replace("old answer", "new answer")
    assert (tmp_path / "kept" / "words.yaml").read_text(encoding="utf-8") == "# kept/words.yaml\none: 11\n\n"
    assert (tmp_path / "kept" / "told.txt").read_text(encoding="utf-8") == "new answer  \n\n"
    assert asked == [["tell"], ["keep"]]
    assert files(SHORT) == ["kept/words.yaml"]


def test_a_change_that_does_not_fit_is_told(tmp_path: Path) -> None:
    with pytest.raises(TutorialError, match="stand there 0 times, not once"):
        answered(SHORT.replace("-three: 3", "-four: 4"), tmp_path, lambda _: "")
