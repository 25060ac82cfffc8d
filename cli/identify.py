"""`carepath identify` and `carepath find`: who a patient is, kept apart from the story."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from cli.arguments import assignments, day, readable
from cli.days import plural
from cli.output import complain, print_json
from cli.parameters import JsonLines, Words
from cli.recorded import SOURCE
from cli.roster import from_roster
from cli.status import BadInput, Status
from cli.workplace import Workplace, workplace
from engine.answer import plain
from store import identities
from store.errors import Refused
from store.identities import Head
from store.parts import outermost, part_of, same_person
from store.roster import Identity, complete
from store.vault import Person, plain_number

_longest = 200


def identify(
    patient: Annotated[
        str, typer.Argument(metavar="[PATIENT]", help="The patient's reference.", show_default=False)
    ] = "",
    name: Annotated[str | None, typer.Option(metavar="TEXT", help="The name, as it is to be kept.")] = None,
    number: Annotated[
        Words,
        typer.Option(metavar="SYSTEM=VALUE", help="A number, and who gave it; an empty one is taken out."),
    ] = None,
    born: Annotated[
        str | None, typer.Option(metavar="DATE", help="The date of birth, where none is known yet.")
    ] = None,
    roster: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="Many patients from a table (.csv, .xlsx): reference, name, birth_date, number.SYSTEM.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --from: try it, and keep nothing.")
    ] = False,
    json: JsonLines = False,
) -> Status:
    """Who a patient is: shown, or completed. None of it is in the ledger; it is kept encrypted."""
    if roster is not None:
        if patient or name is not None or number or born is not None:
            raise BadInput("--from FILE says who the patients are; leave the rest out")
        return from_roster(roster, dry_run, json)
    if not patient or dry_run:
        raise BadInput("a PATIENT, or --from FILE for many; --dry-run only with --from")
    numbers = _numbers(number)
    said = _line("--name", name) if name is not None else None
    if said == "":
        raise BadInput("--name: it is empty; leave it out where the name stays as it is")
    with workplace() as here:
        head = here.head(patient)
        says_something = bool(said or numbers or born)
        if not (says_something and _completed(here, Identity(1, patient, said, numbers, _day(born)))):
            here.seen(head.patient_id, {})
        person = _person(here, head)
        others = _others(here, head, numbers)
        parts = _parts(here, head)
        with here.database.reading() as connection:
            into = _merged(connection, [head.patient_id]).get(head.patient_id)
        for part in parts:
            here.seen(part, {})
    if json:
        told = [as_json(part, _reference(part, one), one) for part, one in parts.items()]
        print_json({**as_json(head.patient_id, patient, person), "part_of": into, "parts": told})
    else:
        _show(head.patient_id, person)
        if into is not None:
            print(f"It was merged into {into}, and is part of that record.")
        for part, one in parts.items():
            print("Part of it:")
            _show(part, one)
    if others:
        complain(
            f"carepath: {plural(others, 'other patient')} with the same number; `carepath find` shows them"
        )
    return Status.OK


def _numbers(words: Words) -> dict[str, str]:
    """The numbers by who gave them. Raises BadInput for one by which nobody could be found again."""
    found = {}
    for system, value in assignments("--number", words).items():
        said = _line("--number", value)
        if said and not plain_number(said):
            raise BadInput(f"--number: {said!r} holds no digit and no letter")
        found[_line("--number", system)] = said
    return found


def _line(option: str, text: str) -> str:
    """Readable text in one line."""
    if len(text.strip().splitlines()) > 1:
        raise BadInput(f"{option}: it must stand in one line")
    return readable(option, text, _longest)


def find(
    text: Annotated[
        str,
        typer.Argument(
            metavar="TEXT", help="A number, words of the name or how they begin, or a part of the reference."
        ),
    ],
    json: JsonLines = False,
) -> Status:
    """Find patients by number, by words of the name or how they begin, or by a part of the reference."""
    wanted = readable("TEXT", text, _longest)
    if not wanted:
        raise BadInput("TEXT: say what to look for")
    with workplace() as here:
        with here.database.reading() as connection:
            numbers = identities.searched(connection, wanted)
            found = {number: identities.person_of(connection, number) for number in numbers}
            merged = _merged(connection, numbers)
        here.seen(numbers[0] if len(numbers) == 1 else None, {"found": len(numbers)})
    if json:
        for number, person in found.items():
            told = as_json(number, _reference(number, person), person)
            print_json({**told, "part_of": merged.get(number)})
    else:
        _show_found(found, merged)
    return Status.OK if found else Status.FOUND


def as_json(number: int, reference: str, person: Person | None) -> dict[str, Any]:
    """An identity; only the number is left of one that was erased."""
    told = (
        {
            "name": person.name,
            "numbers": dict(person.numbers),
            "birth_date": plain(person.birth_date),
        }
        if person
        else {"name": None, "numbers": {}, "birth_date": None}
    )
    return {"patient": reference, "number": number, "erased": person is None, **told}


def _person(here: Workplace, head: Head) -> Person | None:
    with here.database.reading() as connection:
        return identities.person_of(connection, head.patient_id)


def _merged(connection: Connection, numbers: Iterable[int]) -> dict[int, str]:
    """The references of the records that some of these are part of."""
    into = part_of(connection, numbers)
    known = identities.named(connection, into.values())
    return {number: known[other] for number, other in into.items()}


def _parts(here: Workplace, head: Head) -> dict[int, Person | None]:
    """Who stands in the records that are part of this one, by number."""
    with here.database.reading() as connection:
        numbers = [one for one in same_person(connection, head.patient_id) if one != head.patient_id]
        return {number: identities.person_of(connection, number) for number in numbers}


def _completed(here: Workplace, said: Identity) -> bool:
    """Keep what was said; what was not said stays. Answers whether that changed anything, which is logged.

    Raises BadInput for an identity that was erased, and where another date of birth is known.
    """
    try:
        done = complete(
            here.database, [said], look=here.look(), source=SOURCE, now=here.now, derive=here.derive
        )
    except Refused as refused:
        raise BadInput("\n".join(fault.message for fault in refused.faults)) from None
    return bool(done.changed)


def _day(born: str | None) -> date | None:
    return day("--born", born) if born is not None else None


def _others(here: Workplace, head: Head, numbers: Mapping[str, str]) -> int:
    """How many others have one of these numbers."""
    with here.database.reading() as connection:
        found = {id for value in numbers.values() for id in identities.with_number(connection, value)}
        same = same_person(connection, outermost(connection, head.patient_id))
    return len(found.difference(same))


def _reference(number: int, person: Person | None) -> str:
    return person.reference if person else f"{identities.NUMBERED}{number}"


def _show(number: int, person: Person | None) -> None:
    from cli.console import console, table

    if person is None:
        print(f"{identities.NUMBERED}{number}: the identity was erased; the story is kept under this number.")
        return
    made = table("", "")
    made.show_header = False
    for title, value in rows(number, person):
        made.add_row(title, value)
    console().print(made)


def rows(number: int, person: Person) -> list[tuple[str, str]]:
    """An identity as a person reads it."""
    return [
        ("Reference", person.reference),
        ("Name", person.name or "not known"),
        ("Born", plain(person.birth_date) or "not known"),
        *((f"Number, {system}", value) for system, value in person.numbers.items()),
        ("In the ledger", f"{identities.NUMBERED}{number}"),
    ]


def _show_found(found: Mapping[int, Person | None], merged: Mapping[int, str]) -> None:
    from cli.console import console, table

    made = table("Patient", "Name", "Born", "Numbers")
    for number, person in found.items():
        part = f" (part of {merged[number]})" if number in merged else ""
        if person is None:
            made.add_row(f"{_reference(number, person)}{part}", "erased", "", "")
            continue
        numbers = "; ".join(f"{system} {value}" for system, value in person.numbers.items())
        made.add_row(f"{person.reference}{part}", person.name or "", plain(person.birth_date) or "", numbers)
    console().print(made)
    print(plural(len(found), "patient"))
