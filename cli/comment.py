"""`carepath comment` and `comments`: what was noted about a patient, never changed."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.arguments import readable
from cli.at_desk import say_about, site_desk
from cli.days import plural
from cli.output import print_json
from cli.parameters import JsonLines, JsonObject, Patient
from cli.status import BadInput, Status
from cli.workplace import Workplace, workplace
from coordination.entries import LONGEST, Comment
from coordination.patient_desk import PatientDesk
from interop.event_words import when
from pathways.vocabulary import closest
from store import desk


def comment(
    patient: Patient,
    text: Annotated[
        str, typer.Argument(metavar="[TEXT]", help="What is to be noted.", show_default=False)
    ] = "",
    phrase: Annotated[
        str, typer.Option(metavar="NAME", help="A phrase that is made often (`carepath desk phrase`).")
    ] = "",
    json: JsonObject = False,
) -> Status:
    """Note something about a patient. It stays for good, and must not tell who the patient is."""
    said = readable("TEXT", text, LONGEST)
    with workplace() as here:
        if phrase:
            said = f"{_phrase(here, phrase)} {said}".strip()
        if not said:
            raise BadInput("what is to be noted? Give a TEXT, or a --phrase NAME")
        say_about(here, [patient], lambda _: [Comment(text=said)], ("TEXT", said))
    if json:
        print_json({"patient": patient, "at": here.now.isoformat(), "by": here.recorder, "text": said})
    else:
        print(f"Noted about {patient}: {said}")
    return Status.OK


def _phrase(here: Workplace, name: str) -> str:
    phrases = site_desk(here).phrases
    if name not in phrases:
        near = closest(name, phrases) or "; `carepath desk phrase` shows what there is"
        raise BadInput(f"there is no phrase {name!r}{near}")
    return phrases[name]


def comments(patient: Patient, json: JsonLines = False) -> Status:
    """What was noted about a patient, the newest first."""
    with workplace() as here:
        head = here.head(patient)
        here.seen(head.patient_id, {})
        with here.database.reading() as connection:
            notes = PatientDesk.of(desk.about(connection, head.patient_id)).comments
    if json:
        for one in reversed(notes):
            print_json({"patient": patient, "at": one.at.isoformat(), "by": one.by, "text": one.text})
        return Status.OK
    from cli.console import console, table

    made = table("When", "Who", "What")
    for one in reversed(notes):
        made.add_row(when(one.at), one.by, one.text)
    if notes:
        console().print(made)
    days = (here.today - notes[-1].at.date()).days if notes else 0
    ago = f"{plural(days, 'day')} ago" if days else "today"
    last = f", the last {ago}" if notes else ""
    print(f"{plural(len(notes), 'comment')} about {patient}{last}")
    return Status.OK
