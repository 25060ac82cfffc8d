"""`carepath pathway`: the pathways themselves, as tables, in words, as a picture, and checked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cli.arguments import assignments
from cli.days import plural
from cli.output import print_json
from cli.parameters import JsonLines, Words
from cli.pathway_coverage import coverage
from cli.pathway_diagram import diagram
from cli.pathway_diff import diff
from cli.pathway_enforce import enforce, undo
from cli.pathway_find import NAMED, Id, basis_of, find
from cli.pathway_new import new
from cli.pathway_signoff import app as signoff
from cli.pathway_signoff import site_tally
from cli.pathway_test import run_worked_patients
from cli.status import BadInput, Status
from pathways.canonical import to_json
from pathways.coverage import uses
from pathways.fingerprint import fingerprint
from pathways.intended_use import IN_SHORT
from pathways.library import all_pathways
from pathways.pathway import Guard, Pathway
from pathways.settings import SettingError, Settings
from pathways.vocabulary import closest

app = typer.Typer(
    help="The pathways themselves: list, show, check, text, diagram, diff, new, test, coverage, signoff; "
    "in force for patients and taken back: enforce, undo.",
    no_args_is_help=True,
)


@app.command("list")
def list_pathways(json: JsonLines = False) -> Status:
    """The pathways that ship, the main one first."""
    if json:
        for one in all_pathways():
            print_json(summary(one))
        return Status.OK
    from cli.console import console, table

    made = table("Id", "Version", "Title", "States", "Steps", "Guards", "Timers", "Deviations")
    for one in all_pathways():
        numbers = (one.states, one.steps, one.guards, one.timers, one.deviations)
        made.add_row(one.id, one.version, one.title, *(str(len(each)) for each in numbers))
    console().print(made)
    return Status.OK


@app.command()
def show(
    pathway: Id, json: Annotated[bool, typer.Option("--json", help="The canonical JSON.")] = False
) -> Status:
    """What a pathway consists of: states, steps, guards, timers, deviations, settings."""
    one = find(pathway)
    if json:
        print(to_json(one))
        return Status.OK
    from cli.pathway_page import show_pathway

    show_pathway(one, site_tally(uses([one]), pathway))
    return Status.OK


@app.command()
def check(
    pathway: Annotated[
        str,
        typer.Argument(metavar="[PATHWAY]", help=f"{NAMED} All that ship, if none is named."),
    ] = "",
    json: JsonLines = False,
) -> Status:
    """Every problem of a pathway with file and line; exit status 1 if there is one."""
    from pathways.check import check as problems_of

    basis = basis_of(pathway)
    wanted = [find(pathway)] if pathway else list(all_pathways())
    count = 0
    for one in wanted:
        for problem in problems_of(one, basis.statements, basis.vocabulary, basis.conflicts):
            count += 1
            if json:
                file, line = problem.place or (None, None)
                place = {"file": _near(file), "line": line}
                print_json({"pathway": one.id, **place, "where": problem.where, "message": problem.message})
            else:
                print(f"{_told(problem.place)}{one.id}: {problem.where}: {problem.message}")
    if not json:
        print(f"{plural(len(wanted), 'pathway')} checked, {plural(count, 'problem')}")
    return Status.FOUND if count else Status.OK


@app.command()
def text(
    pathway: Id,
    guard: Annotated[str, typer.Option(metavar="ID", help="Only this guard.")] = "",
    set_: Annotated[
        Words, typer.Option("--set", metavar="NAME=VALUE", help="Show the values under this setting.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object with the text.")] = False,
) -> Status:
    """A pathway, or one guard of it, in words a clinician can read (Markdown)."""
    from pathways.text import guard_text, pathway_text

    one = find(pathway)
    statements = basis_of(pathway).statements
    settings = _settings(set_)
    if guard:
        only = _guard(one, guard)
        told = guard_text(only, settings, one, statements)
        behind = [*only.statements, *(id for clause in only.clauses for id in clause.statements)]
    else:
        told, behind = pathway_text(one, settings, statements), [*uses([one])]
    review = site_tally(behind, pathway).text
    if json:
        names = {"pathway": one.id, "guard": guard or None, "text": told}
        print_json({**names, "review": review, "intended_use": IN_SHORT})
    else:
        title, _, rest = told.partition("\n")
        print("\n\n".join(filter(None, (title, review, IN_SHORT))), rest, sep="\n", end="")
    return Status.OK


app.command("diagram")(diagram)
app.command("coverage")(coverage)
app.command("diff")(diff)
app.command("enforce")(enforce)
app.command("undo")(undo)
app.command("new")(new)
app.command("test")(run_worked_patients)
app.add_typer(signoff, name="signoff")


def _guard(one: Pathway, name: str) -> Guard:
    for guard in one.guards:
        if guard.id == name:
            return guard
    ids = [guard.id for guard in one.guards]
    raise BadInput(f"{one.id} has no guard {name!r}{closest(name, ids)}; guards: {', '.join(ids)}")


def _settings(words: Words) -> Settings | None:
    try:
        return Settings.from_overrides(assignments("--set", words)) if words else None
    except SettingError as error:
        raise BadInput(f"--set: {error}") from None


def summary(one: Pathway) -> dict[str, Any]:
    """A pathway in one line."""
    parts = ("states", "steps", "guards", "timers", "deviations")
    names = {"id": one.id, "key": one.key, "version": one.version, "title": one.title}
    return {**names, "fingerprint": fingerprint(one), **{part: len(getattr(one, part)) for part in parts}}


def _near(file: str | None) -> str | None:
    """A path as seen from here, where it lies below."""
    here = Path.cwd()
    if file and Path(file).is_relative_to(here):
        return str(Path(file).relative_to(here))
    return file


def _told(place: tuple[str, int] | None) -> str:
    return f"{_near(place[0])}:{place[1]}: " if place else ""
