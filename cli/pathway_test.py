"""`carepath pathway test`: the worked patients that ship beside a pathway, compared with what they expect."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Annotated

import typer

from cli.days import plural
from cli.output import complain, json_line
from cli.pathway_find import NAMED, find, own_file, with_basis
from cli.status import Status
from pathways.library import all_pathways
from pathways.pathway import Pathway
from pathways.worked import own_worked_files, worked_files


def run_worked_patients(
    pathway: Annotated[
        str, typer.Argument(metavar="[PATHWAY]", help=f"{NAMED} All that ship, if none is named.")
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="One JSON object a pathway.")] = False,
) -> Status:
    """Run the worked patients of a pathway; exit status 1 if one is answered otherwise than expected.

    Those of an author's own pathway stand in the folder `worked` beside its file.
    """
    tallies = [_run(one, pathway) for one in ([find(pathway)] if pathway else all_pathways())]
    if json:
        sys.stdout.writelines(tally.as_json() for tally in tallies)
    else:
        _show(tallies)
    if any(tally.refused for tally in tallies):
        return Status.REFUSED
    return Status.FOUND if any(tally.differences for tally in tallies) else Status.OK


@dataclass(frozen=True, slots=True)
class _Tally:
    """What became of the worked patients of one pathway."""

    pathway: Pathway
    patients: int
    refused: int
    checkpoints: int
    unsaid: int
    differences: list[str]

    def __str__(self) -> str:
        if not self.patients:
            return "no worked patient"
        told = [f"{self.refused} refused"] if self.refused else []
        told += [plural(len(self.differences), "difference")] if self.differences else []
        told += [f"{plural(self.unsaid, 'checkpoint')} without expectations"] if self.unsaid else []
        return ", ".join(told) or "as expected"

    def as_json(self) -> str:
        numbers = {"patients": self.patients, "refused": self.refused, "checkpoints": self.checkpoints}
        return json_line({"pathway": self.pathway.id, **numbers, "differences": self.differences})


def _run(pathway: Pathway, name: str) -> _Tally:
    from cli.answers import Question
    from cli.told import Manner, told

    own = own_file(name)
    files = own_worked_files(own.parent) if own else worked_files(pathway)
    as_written = Question(as_of=None, known_at=None, settings={}, named=with_basis(name) if own else None)
    answers = list(told(files, as_written, Manner(json=False, check=True)))
    refused = [one.error for one in answers if one.error is not None]
    for error in refused:
        complain(error)
    checkpoints = sum(one.checkpoints for one in answers)
    unsaid = checkpoints - sum(one.compared for one in answers)
    differences = [line for one in answers for line in one.out.splitlines()]
    return _Tally(pathway, len(answers), len(refused), checkpoints, unsaid, differences)


def _show(tallies: list[_Tally]) -> None:
    from cli.console import console, table

    made = table("Pathway", "Patients", "Checkpoints", "Result")
    for tally in tallies:
        made.add_row(tally.pathway.id, str(tally.patients), str(tally.checkpoints), str(tally))
    console().print(made)
    for line in (line for tally in tallies for line in tally.differences):
        print(line)
