"""`carepath replay`: case files in, answers out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from cli.answers import Answered, Question, answered, read_all
from cli.arguments import assignments, moment
from cli.output import complain, print_json
from cli.status import BadInput, Status
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
        list[str],
        typer.Option("--set", metavar="NAME=VALUE", help="A setting; outranks those of a checkpoint."),
    ] = [],  # noqa: B006  # Typer reads it as the default and never hands it on
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Compare with what the checkpoints expect.")] = False,
) -> Status:
    """Answer every checkpoint of case files: state, next steps, what is due, deviations."""
    question = _question(as_of, known_at, set_)
    if check and question.as_of is not None:
        raise BadInput("--check compares with the checkpoints of the files, which --as-of replaces")
    tally = _Tally()
    show = _presenter(json, check)
    for case in read_all(map(Path, files)):
        found = case if isinstance(case, Refusal) else answered(case, question)
        if isinstance(found, Refusal):
            tally.refused += 1
            _refuse(found, json)
        else:
            for one in found:
                tally.add(one)
                show(one)
    if check and not json:
        print(tally)
    return tally.status(check)


def _question(as_of: str | None, known_at: str | None, words: list[str]) -> Question:
    settings = assignments("--set", words)
    try:
        Settings.from_overrides(settings)
    except SettingError as error:
        raise BadInput(f"--set: {error}") from None
    return Question(
        moment("--as-of", as_of) if as_of is not None else None,
        moment("--known-at", known_at) if known_at is not None else None,
        settings,
    )


class _Tally:
    """What became of the cases."""

    def __init__(self) -> None:
        self.refused = self.checkpoints = self.compared = self.differing = 0

    def add(self, one: Answered) -> None:
        self.checkpoints += 1
        self.compared += one.differences is not None
        self.differing += bool(one.differences)

    def status(self, check: bool) -> Status:
        if self.refused:
            return Status.REFUSED
        return Status.FOUND if check and self.differing else Status.OK

    def __str__(self) -> str:
        told = f"{self.compared} checkpoints compared, {self.differing} with differences"
        if left := self.checkpoints - self.compared:
            told += f", {left} without expectations"
        return f"{told}, {self.refused} cases refused" if self.refused else told


def _presenter(json: bool, check: bool) -> Callable[[Answered], None]:
    if json:
        return _show_checked_json if check else _show_json
    if check:
        return _show_differences
    from cli.answer_view import show_answer

    return show_answer


def _show_json(one: Answered) -> None:
    print_json(one.answer)


def _show_checked_json(one: Answered) -> None:
    print_json({**one.answer, "differences": one.differences})


def _show_differences(one: Answered) -> None:
    for difference in one.differences or ():
        print(f"{one.case.file}: {one.case.id} at {one.checkpoint.as_of}: {difference}")


def _refuse(refusal: Refusal, json: bool) -> None:
    if json:
        print_json({"case": refusal.case, "error": refusal.error})
    complain(refusal.error)
