"""`carepath erase`: an identity is forgotten for good; the story stays, under a number."""

from __future__ import annotations

import contextlib
from datetime import date
from typing import Annotated

import typer

from cli.days import plural
from cli.output import complain, print_json
from cli.parameters import JsonLines
from cli.settings import CarepathSettings
from cli.status import BadInput, Status, Unavailable
from cli.workplace import Workplace, workplace
from engine.answer import plain
from pathways.library import all_pathways
from pathways.titles import state_title
from pathways.vocabulary import closest
from store import erasure
from store.erasure import REASONS, Erased, Leaver, leavers
from store.errors import UnknownPatient

_words = "; ".join(f"{code} ({words})" for code, words in REASONS.items())


def erase(
    patient: Annotated[
        str, typer.Argument(metavar="[PATIENT]", help="The patient's reference.", show_default=False)
    ] = "",
    reason: Annotated[str, typer.Option(metavar="CODE", help=f"One of {_words}.")] = "",
    due: Annotated[
        bool, typer.Option("--due", help="Only list whose period for keeping is over; erase nobody.")
    ] = False,
    json: JsonLines = False,
) -> Status:
    """Forget who a patient is, for good: reference, name, numbers and date of birth. The story stays.

    It cannot be undone. From then on the patient is # and a number.
    """
    if due:
        if patient or reason:
            raise BadInput("--due lists whom it concerns and erases nobody; leave out PATIENT and --reason")
        return _list_due(json)
    if not patient:
        raise BadInput("whose identity? Give a PATIENT, or --due to see whose period for keeping is over")
    if reason not in REASONS:
        given = f"not {reason!r}{closest(reason, REASONS)}" if reason else "none was given"
        raise BadInput(f"--reason: {given}; one of {_words}")
    with workplace() as here:
        done = _erased(here, patient, reason)
        if done.settled:
            with contextlib.suppress(Unavailable):  # else `doctor` asks for it once more
                here.seen(done.patient_id, {erasure.CLEANED: "yes"})
    if json:
        merged = [f"#{number}" for number in done.merged]
        told = {"patient": f"#{done.patient_id}", "erased": done.was_known, "merged": merged}
        print_json({**told, "left_in_the_file": not done.settled})
    else:
        _tell(done)
    if done.part_of is not None:
        complain(f"carepath: it is part of #{done.part_of}, whose identity stays: erase that, too")
    if not done.settled:
        complain("carepath: somebody works with the database, so a copy may still be in its files;")
        complain(f'run `carepath erase "#{done.patient_id}" --reason {reason}` again when nobody does')
    return Status.OK if done.settled else Status.FOUND


def _erased(here: Workplace, reference: str, reason: str) -> Erased:
    try:
        return erasure.erase(
            here.database, reference, reason, recorder=here.recorder, now=here.now, derive=here.derive
        )
    except UnknownPatient:
        raise here.unknown(reference) from None


def _tell(done: Erased) -> None:
    if not done.was_known and not done.merged:
        print(f"The identity of #{done.patient_id} was erased already.")
        return
    print(
        f"Erased. The story is kept under #{done.patient_id}, with no reference, name, number or birth date."
    )
    if done.merged:
        numbers = ", ".join(f"#{number}" for number in done.merged)
        print(f"Erased with it, as records of the same person that were merged into this one: {numbers}.")
    print("Still to do: backups, copies and exports from before hold the identity. A name that somebody")
    print("typed into an entry, or the name of an imported file, stays in the ledger.")


def _list_due(json: bool) -> Status:
    """Whose period is over. Raises BadInput where no period is set."""
    years = CarepathSettings.read().retention()
    if years is None:
        raise BadInput(
            "set CAREPATH_RETENTION_YEARS: for how many years identities are kept after the last entry"
        )
    states = frozenset(state.id for state in all_pathways()[0].states if state.closed)
    with workplace() as here:
        here.bring_up_to_date()
        found = leavers(here.database, states, _years_before(here.today, years))
        here.seen(None, {"due": "yes", "shown": len(found)})
    if json:
        for one in found:
            print_json({"patient": one.reference, "state": one.state, "last_entry": plain(one.last_day)})
    else:
        _show_due(found, years)
    return Status.OK


def _years_before(today: date, years: int) -> date:
    """The same day so many years ago; of 29 February the 28th."""
    day = min(today.day, 28) if today.month == 2 else today.day
    return date(today.year - years, today.month, day)


def _show_due(found: list[Leaver], years: int) -> None:
    from cli.console import console, table

    made = table("Patient", "State", "Last entry")
    for one in found:
        made.add_row(one.reference, state_title(one.state), plain(one.last_day))
    console().print(made)
    period = plural(years, "year")
    print(f"{plural(len(found), 'patient')} left the pathway, with no entry in the last {period}.")
    print("Nothing is erased by itself: `carepath erase PATIENT --reason retention_over`.")
