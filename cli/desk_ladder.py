"""`carepath desk ladder`: when whom is told of what is due, rung by rung."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, get_args

import typer
from pydantic import ValidationError

from cli.at_desk import arranged, site_desk
from cli.days import plural
from cli.desk_words import CHOICE, listed
from cli.output import print_json
from cli.parameters import JsonLines, Words
from cli.status import BadInput, Status
from cli.workplace import workplace
from coordination.entries import LADDER_RUNGS, Ladder, Role, Step
from coordination.fitting import among, faults
from coordination.site_desk import SiteDesk
from pathways.vocabulary import closest


def ladder(
    pathway: Annotated[
        str,
        typer.Option(metavar="PATHWAY", help="Only for this pathway, by its key as `due --json` tells it."),
    ] = "",
    item: Annotated[str, typer.Option(metavar="ITEM", help="Only for this due item, as t-deno.")] = "",
    rung: Annotated[
        Words,
        typer.Option(
            metavar="RUNG", help='As "overdue 3 to owner,team answer 2"; all rungs, in their order.'
        ),
    ] = None,
    usual: Annotated[
        bool, typer.Option("--usual", help="No rungs of its own any more: those of what it is part of hold.")
    ] = False,
    json: JsonLines = False,
) -> Status:
    """When whom is told of what is due, rung by rung, for the site, a pathway, or a due item.

    A RUNG is its name, days after its own day (before it for before_opening and before_due), `to` roles with
    , between (owner, team, clinician, lead), `answer` working days within which somebody should make it
    theirs. Names: before_opening, opening, before_due, due, overdue, escalated, escalated_again.
    """
    if rung and usual:
        raise BadInput("--rung says which rungs there are, --usual that there are none of its own; give one")
    steps = tuple(map(_step, rung or ()))
    wanted = bool(steps) or usual
    with workplace(begins=wanted) as here:
        if wanted:
            said = Ladder(pathway=pathway, item=item, steps=steps or None)
            found = arranged(here, lambda _: said)
        else:
            found = site_desk(here)
    _known(found, pathway, item)
    _show_ladder(found, pathway, item, json)
    return Status.OK


def _known(found: SiteDesk, pathway: str, item: str) -> None:
    """Raises BadInput for a pathway or an item that is not there, as saying something of it does."""
    asked = SiteDesk(ladders={(pathway, item): found.ladder(pathway, item)})
    if told := list(faults(asked)):
        raise BadInput("\n".join(told))


def _step(text: str) -> Step:
    """A rung as it is typed. Raises BadInput."""
    name, *words = text.replace(", ", ",").split() or [""]
    if words and f"{name}_{words[0]}" in LADDER_RUNGS:  # as it is shown: "escalated again"
        name = f"{name}_{words.pop(0)}"
    if name not in LADDER_RUNGS:
        raise BadInput(
            f"--rung: there is no rung {name!r}{closest(name, LADDER_RUNGS) or among(LADDER_RUNGS)}"
        )
    said: dict[str, Any] = {"rung": name}
    if words and words[0].isdigit():
        said["days"] = int(words.pop(0))
    while words:
        key, value = words.pop(0), words.pop(0) if words else ""
        if key == "to":
            said["to"] = listed("--rung", value, get_args(Role)) or None
        elif key == "answer" and value.isdigit():
            said["answer_days"] = int(value)
        else:
            told = 'a rung is written as "overdue 3 to owner,team answer 2"'
            raise BadInput(f"--rung: {text!r} cannot be read at {key!r}; {told}")
    return _made(said)


def _made(said: Mapping[str, Any]) -> Step:
    """A rung of these values. Raises BadInput for days that cannot be."""
    try:
        return Step.model_validate({name: value for name, value in said.items() if value is not None})
    except ValidationError as error:
        fault = error.errors()[0]
        told = f"{fault['loc'][0]}".replace("_", " ")
        raise BadInput(f"--rung: {said['rung']}: {told}: {fault['msg']}") from None


def _show_ladder(found: SiteDesk, pathway: str, item: str, json: bool) -> None:
    key = found.ladder_key(pathway, item)
    steps = found.ladder(pathway, item)
    if json:
        for one in steps:
            print_json({"for": _of(key), **one.model_dump(mode="json")})
        return
    from cli.console import console, table

    made_ = table("Rung", "When", "To", "Answer within")
    for one in steps:
        answer = plural(one.answer_days, "working day") if one.answer_days else ""
        made_.add_row(one.rung.replace("_", " "), _when(one), ", ".join(one.to), answer)
    console().print(made_)
    whose = "its own ladder" if key == (pathway, item) else f"the ladder of {_of(key)}"
    print(f"In force for {_of((pathway, item))}: {whose}.")
    others = [_of(one) for one in found.ladders if one != key]
    if others and not pathway and not item:
        print(f"Ladders of their own: {'; '.join(others)}.")
    print(CHOICE)


def _of(key: tuple[str, str] | None) -> str:
    """What a ladder is for, in words."""
    if key is None:
        return "the project, as this site has none"
    pathway, item = key
    of = f" of {pathway}" if pathway else ""
    return f"{item}{of}" if item else f"everything{of}" if pathway else "the site"


_EVENTS: Final[Mapping[str, str]] = {
    "before_opening": "it may be done",
    "opening": "it may be done",
    "before_due": "it is due",
    "due": "it is due",
    "overdue": "it becomes overdue",
    "escalated": "it is escalated",
    "escalated_again": "it is escalated",
}


def _when(one: Step) -> str:
    before = one.rung.startswith("before")
    if not one.days and not before:
        return f"when {_EVENTS[one.rung]}"
    return f"{plural(one.days, 'day')} {'before' if before else 'after'} {_EVENTS[one.rung]}"
