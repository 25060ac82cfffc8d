"""`carepath record`: one event about one patient, and what it changed."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date as date_type
from typing import Annotated

import typer

from cli.arguments import assignments, moment
from cli.event_fields import ask_for, ask_type, missing_fields, typed_fields
from cli.output import complain
from cli.parameters import JsonObject, Patient, Words
from cli.recorded import SOURCE, faults_told, say, tell
from cli.status import BadInput, Status
from cli.workplace import workplace
from engine.event import day_of
from interop.cells import not_stated, read_cell
from interop.words import Word, with_labels
from pathways.vocabulary import ValueFault, load_vocabulary
from store.naming import check_entry_names_nobody
from store.recording import Entry, Recording


def record(
    patient: Patient,
    type_: Annotated[
        str,
        typer.Argument(
            metavar="[TYPE]", help="The event type, such as response_assessed.", show_default=False
        ),
    ] = "",
    date: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The day it happened, with or without a time. Default: today."),
    ] = None,
    documented: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="When the care team had it in writing. Default: now."),
    ] = None,
    field: Annotated[
        Words,
        typer.Option(metavar="NAME=VALUE", help="A field of the event; several values with ; between."),
    ] = None,
    new: Annotated[bool, typer.Option("--new", help="Register a new patient with this event.")] = False,
    fact: Annotated[
        Words,
        typer.Option(metavar="NAME=VALUE", help="Something known about a new patient from the beginning."),
    ] = None,
    json: JsonObject = False,
) -> Status:
    """Record one event. On a terminal, required fields that are not given are asked for."""
    words: list[Word] = []
    facts = _facts(assignments("--fact", fact), words) if new else None
    if fact and not new:
        raise BadInput("--fact goes with --new: what is learned later is an event, such as finding_recorded")
    asks = is_terminal() and not json
    for option, given in (("--date", date), ("--documented", documented)):
        if given is not None:
            moment(option, given)
    with workplace(begins=new) as here:
        if not new:
            here.read(patient)
        kind = type_ or (ask_type() if asks else "")
        if not kind:
            raise BadInput(f"which event? TYPE is one of {', '.join(load_vocabulary().events)}")
        content = {
            "date": date or str(here.today),
            **({"documented": documented} if documented is not None else {}),
            **typed_fields(kind, assignments("--field", field), words),
        }
        if asks:
            content |= ask_for(missing_fields(kind, content), words)
        _warn_of_a_day_ahead(content["date"], here.today)
        said = {**with_labels(content, words), "type": kind}
        with faults_told(), here.database.reading() as connection:
            check_entry_names_nobody(connection, said, patient)
        recorded = say(here, Recording(patient, (Entry(said),), facts=facts, source=SOURCE, registers=new))
    tell(recorded, words, json)
    return Status.OK


def is_terminal() -> bool:
    """Whether somebody is there to be asked."""
    return sys.stdin.isatty()


def _facts(typed: Mapping[str, str], words: list[Word]) -> dict[str, object]:
    facts = load_vocabulary().facts
    read = {}
    for name, text in typed.items():
        try:
            value = read_cell(facts[facts.canonical(name)], text, words)
        except ValueFault as fault:
            raise BadInput(f"--fact: {fault}") from None
        if value is not not_stated:
            read[name] = value
    return read


def _warn_of_a_day_ahead(day: object, today: date_type) -> None:
    try:
        ahead = day_of(moment("--date", str(day))) > today
    except BadInput:  # the store refuses it, with all else that is wrong
        return
    if ahead:
        complain(f"carepath: {day} lies ahead; the entry counts from that day on")
