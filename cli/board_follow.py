"""`carepath board decisions`: what boards decided that has not been carried out."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from cli.at_desk import site_desk
from cli.board_list import reckoning
from cli.days import plural
from cli.output import print_json
from cli.parameters import JsonLines
from cli.status import Status
from cli.workplace import workplace
from coordination.board_pass import waiting
from coordination.boards import Seen
from coordination.decisions import Decided
from coordination.ownership import in_charge
from coordination.site_desk import SiteDesk
from engine.answer import plain
from pathways.library import all_pathways
from pathways.texts.wording import code_name
from pathways.titles import state_title
from store.identities import named


def decisions(
    every: Annotated[
        bool, typer.Option("--all", help="Also those that are still within the site's time for it.")
    ] = False,
    json: JsonLines = False,
) -> Status:
    """Decisions of boards that have not been carried out in the site's time; the longest waiting first."""
    with workplace() as here:
        site = site_desk(here)
        here.bring_up_to_date()
        found = waiting(here.database, all_pathways(), reckoning(here), site, every=every)
        with here.database.reading() as connection:
            names = named(connection, [one.patient_id for one, _ in found])
        here.seen(None, {"patients": len(found)})
    for one, each in found if json else ():
        print_json(_json(names[one.patient_id], one, each, site, here.today))
    if not json:
        _show(names, found, site, here.today)
        days = plural(site.site.carry_out_days, "working day")
        told = f"{plural(len(found), 'decision')} not carried out{'' if every else f' within {days}'}"
        print(f"{told}; the days are this site's own choice (`carepath desk site --carry-out-days`)")
    return Status.OK


def _json(reference: str, one: Seen, each: Decided, site: SiteDesk, today: date) -> dict[str, Any]:
    return {
        "patient": reference,
        "pathway": each.pathway,
        "state": each.state,
        "board": each.board.id,
        "on": plain(each.board.day),
        "question": each.board.fields.get("question"),
        "decision": each.board.fields.get("decision"),
        "since": plain(each.since),
        "by": plain(each.by),
        "late": each.late(today),
        "steps": [
            {"step": step.step, "title": step.title, "allowed": step.allowed, "held_by": list(step.guards)}
            for step in each.steps
        ],
        "owner": one.said.owner,
        "in_charge": [person.name for person in in_charge(site, one.said.owner, today)],
    }


def _show(names: dict[int, str], waiting: list[tuple[Seen, Decided]], site: SiteDesk, today: date) -> None:
    from cli.console import console, table

    if not waiting:
        return
    made = table("Patient", "Board", "Decision", "Waits in", "To be done", "By", "Who")
    for one, each in waiting:
        steps = [step.title if step.allowed else f"{step.title} (held back)" for step in each.steps]
        late = " (passed)" if each.late(today) else ""
        made.add_row(
            names[one.patient_id],
            plain(each.board.day),
            code_name(str(each.board.fields.get("decision"))),
            state_title(each.state, each.pathway),
            "\n".join(steps),
            f"{each.by}{late}",
            ", ".join(person.name for person in in_charge(site, one.said.owner, today)) or "nobody",
        )
    console().print(made)
