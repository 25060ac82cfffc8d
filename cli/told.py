"""What is said about a case, apart from saying it: lines for either stream, and numbers for the sum."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cli.answers import Question, answered, read_all
from cli.output import json_line
from interop.case import Refusal


@dataclass(frozen=True, slots=True)
class Manner:
    """How answers are told to programs: as JSON or not, compared with what is expected or not."""

    json: bool
    check: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One case, answered or refused."""

    out: str
    error: str | None = None
    checkpoints: int = 0
    compared: int = 0
    differing: int = 0


def told(files: Iterable[Path], question: Question, manner: Manner) -> Iterator[Told]:
    """Every case of the files in order."""
    for case in read_all(files, question.named):
        found = case if isinstance(case, Refusal) else answered(case, question)
        if isinstance(found, Refusal):
            line = json_line({"case": found.case, "error": found.error}) if manner.json else ""
            yield Told(line, found.error)
            continue
        lines: list[str] = []
        for one in found:
            if manner.json:
                extra = {"differences": one.differences} if manner.check else {}
                lines.append(json_line({**one.answer, **extra}))
            else:
                place = f"{one.case.file}: {one.case.id} at {one.checkpoint.as_of}"
                lines += [f"{place}: {difference}\n" for difference in one.differences or ()]
        compared = sum(one.differences is not None for one in found)
        differing = sum(bool(one.differences) for one in found)
        yield Told("".join(lines), None, len(found), compared, differing)
