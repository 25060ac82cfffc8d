"""A made-up cohort as files: the stories in case files or long tables of moderate size, the truth beside."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Final, TextIO

from engine.event import Story
from interop.case import Case
from interop.case_writer import case_content, write_cases
from interop.table_writer import write_long_table

patients_a_file: Final = 200
_ENDINGS: Final = {"cases": "yaml", "jsonl": "jsonl", "tables": "csv", "xlsx": "xlsx"}
_LISTS: Final = ("truth.csv", "traces.csv")
_COLUMNS: Final = ("patient", "code", "date")

_README: Final = """\
Made-up patients, as known on {on}. No real person is among them.

patients-*.{ending}   their stories
truth.csv      every departure from the guideline (d-*) that was planted and is there on {on}: one
               row for each, whatever its status (open, closed, final, overruled, retrospective), as
               `carepath replay --as-of {on}{set}` lists it under `deviations`.
               `date` is the day on which care departed: that of the step or the order, the day after
               a duty was due, or the day of return where the patient was away by then.
traces.csv     the same for traces in the record (q-*); `date` is the day from which it stands.
"""


_UNFINISHED: Final = "unfinished-"
"""Stands before the name of a file for as long as it is not whole, also after a run that was killed."""


class NotEmpty(Exception):
    """The folder holds files already, of which nobody could say whether the truth is about them.

    With `unfinished` they are what a run left that did not come to its end: patients without a truth.
    """

    def __init__(self, unfinished: bool) -> None:
        super().__init__()
        self.unfinished = unfinished


@dataclass(slots=True)
class CohortFiles:
    """Files that are filled patient by patient; leaving the context completes them.

    Until then truth and traces have another name, so that a `truth.csv` is about every patient beside it.
    """

    place: Path
    kind: str
    readme: str
    truth: TextIO
    traces: TextIO
    written: int = 0
    waiting: list[Case] = field(default_factory=list)

    @classmethod
    def opened(cls, place: Path, kind: str, on: date, settings: Mapping[str, object]) -> CohortFiles:
        """In a folder that is made if need be. Raises NotEmpty or OSError."""
        place.mkdir(parents=True, exist_ok=True)
        if there := [one.name for one in place.iterdir()]:
            raise NotEmpty(any(name.startswith(_UNFINISHED) for name in there))
        typed = "".join(f" --set {name}={value}" for name, value in settings.items())
        told = _README.format(on=on, ending=_ENDINGS[kind], set=typed)
        truth, traces = (_list(_unfinished(place / name)) for name in _LISTS)
        return cls(place, kind, told, truth, traces)

    def add(self, id: str, story: Story, planted: Iterable[tuple[str, date]]) -> None:
        for code, on in planted:
            file = self.truth if code.startswith("d-") else self.traces
            csv.writer(file, lineterminator="\n").writerow((id, code, on.isoformat()))
        self.waiting.append(Case(id, None, story))
        if len(self.waiting) == patients_a_file:
            self._put_down()

    def _put_down(self) -> None:
        if not self.waiting:
            return
        self.written += 1
        path = self.place / f"patients-{self.written:05}.{_ENDINGS[self.kind]}"
        if self.kind in ("tables", "xlsx"):
            write_long_table(self.waiting, _unfinished(path))
        else:
            _unfinished(path).write_text(_text(self.kind, self.waiting), encoding="utf-8", newline="\n")
        _unfinished(path).replace(path)
        self.waiting = []

    def __enter__(self) -> CohortFiles:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._put_down()
                (self.place / "README.txt").write_text(self.readme, encoding="utf-8")
        finally:
            self.truth.close()
            self.traces.close()
        if kind is None:
            for name in reversed(_LISTS):  # the truth last: where it is, everything is
                _unfinished(self.place / name).replace(self.place / name)


def _unfinished(path: Path) -> Path:
    return path.with_name(f"{_UNFINISHED}{path.name}")


def _list(path: Path) -> TextIO:
    file = path.open("w", encoding="utf-8", newline="")
    csv.writer(file, lineterminator="\n").writerow(_COLUMNS)
    return file


def _text(kind: str, cases: list[Case]) -> str:
    if kind == "cases":
        return write_cases(cases)
    return "".join(json.dumps(case_content(case), ensure_ascii=False) + "\n" for case in cases)
