"""`carepath replay`: case files in, answers out."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from cli.answers import Question, answered, read_all
from cli.arguments import assignments, moment
from cli.days import plural
from cli.output import complain
from cli.parameters import JsonLines, Words
from cli.pathway_find import NAMED, with_basis
from cli.status import BadInput, Status
from cli.told import Manner, Told, told
from interop.case import Refusal
from pathways.settings import SettingError, Settings


def replay(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Case files; - is standard input.")],
    as_of: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The day to stand on, instead of the checkpoints of the files."),
    ] = None,
    known_at: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Nothing recorded later is seen. Default: the day we stand on."),
    ] = None,
    set_: Annotated[
        Words,
        typer.Option("--set", metavar="NAME=VALUE", help="A setting; outranks those of a checkpoint."),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Compare with what the checkpoints expect.")] = False,
    pathway: Annotated[
        str, typer.Option(metavar="PATHWAY", help=f"Ask only this pathway, not all that ship. {NAMED}")
    ] = "",
    jobs: Annotated[
        str,
        typer.Option(metavar="N", help="Processes that share many files. Default: one for each processor."),
    ] = "",
    json: JsonLines = False,
) -> Status:
    """Answer every checkpoint of case files: state, next steps, what is due, deviations."""
    question = _question(as_of, known_at, set_, pathway)
    if check and question.as_of is not None:
        raise BadInput("--check compares with the checkpoints of the files, which --as-of replaces")
    paths, processes = [Path(file) for file in files], _jobs(jobs)
    tally = _Tally()
    if json or check:
        for one in _answers(paths, question, Manner(json, check), processes):
            tally.add(one)
            sys.stdout.write(one.out)
            if one.error is not None:
                complain(one.error)
    else:
        tally.refused = _shown(paths, question)
    if check and not json:
        print(tally)
    return tally.status(check)


def _question(as_of: str | None, known_at: str | None, words: Words, pathway: str) -> Question:
    settings = assignments("--set", words)
    try:
        Settings.from_overrides(settings)
    except SettingError as error:
        raise BadInput(f"--set: {error}") from None
    return Question(
        moment("--as-of", as_of) if as_of is not None else None,
        moment("--known-at", known_at) if known_at is not None else None,
        settings,
        with_basis(pathway) if pathway else None,
    )


def _jobs(text: str) -> int | None:
    if text and not (text.isdecimal() and len(text) < 4 and int(text) > 0):
        raise BadInput(f"--jobs takes a number from 1 to 999, not {text!r}")
    return int(text) if text else None


def _answers(paths: Sequence[Path], question: Question, manner: Manner, jobs: int | None) -> Iterator[Told]:
    """By this process alone, unless there is enough to do for more of them."""
    if jobs == 1 or (jobs is None and len(paths) < _few):
        return told(paths, question, manner)
    from cli.many import told_by_many
    from cli.processors import processors

    return told_by_many(paths, question, manner, jobs or processors())


_few = 100
"""Below so many files, starting further processes does not pay."""


def _shown(paths: Sequence[Path], question: Question) -> int:
    """Print a summary of every answer for a person; return how many cases were refused."""
    from cli.answer_view import show_answer

    refused = 0
    for case in read_all(paths, question.named):
        found = case if isinstance(case, Refusal) else answered(case, question)
        if isinstance(found, Refusal):
            refused += 1
            complain(found.error)
        else:
            for one in found:
                show_answer(one)
    return refused


@dataclass(slots=True)
class _Tally:
    """What became of the cases."""

    refused: int = 0
    checkpoints: int = 0
    compared: int = 0
    differing: int = 0

    def add(self, one: Told) -> None:
        self.refused += one.error is not None
        self.checkpoints += one.checkpoints
        self.compared += one.compared
        self.differing += one.differing

    def status(self, check: bool) -> Status:
        if self.refused:
            return Status.REFUSED
        return Status.FOUND if check and self.differing else Status.OK

    def __str__(self) -> str:
        told = f"{plural(self.compared, 'checkpoint')} compared, {self.differing} with differences"
        if left := self.checkpoints - self.compared:
            told += f", {left} without expectations"
        return f"{told}, {plural(self.refused, 'case')} refused" if self.refused else told
