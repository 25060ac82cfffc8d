"""`carepath deviations --known-at`: the register as it was at the end of an earlier day."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Final

from audit.register_then import RegisterThen, of_patients, summed
from audit.review import Reviewed
from cli.arguments import day as read_day
from cli.deviations import as_json, grave, show_deviations, tally
from cli.output import complain, print_json
from cli.progress import counted
from cli.status import BadInput, Status
from cli.workplace import workplace, worth_a_bar
from engine.answer import plain
from pathways.day_zero import is_counted
from store import identities
from store.findings import Departure

OPTION: Final = "--known-at"


def deviations_then(said: str, wanted: Callable[[Departure], bool], *, csv: bool, json: bool) -> Status:
    """The register of a day that is over: as CSV all of it, as the desk makes it, else what is wanted.

    Raises BadInput for a day that is not over.
    """
    day = read_day(OPTION, said)
    with workplace() as here:
        if day >= here.today:
            raise BadInput(f"{OPTION} {day}: give a day that is over; without it the register tells of today")
        with here.database.reading() as connection:
            numbers = identities.numbers(connection)
        here.seen(None, {"known_at": day, "patients": len(numbers)})
        found = of_patients(here.database, numbers, day, here.derive)
        register = summed(day, counted(found, len(numbers), "patients", quiet=len(numbers) < worth_a_bar))
        with here.database.reading() as connection:
            names = identities.named(connection, {one.about.patient_id for one in register.rows})
            failed = identities.named(connection, register.failed)
    if failed:
        complain(f"carepath: {', '.join(failed.values())} could not be derived for {day}: left out")
    if csv:
        sys.stdout.write(register.table)
    else:
        _show(register, [pair for pair in _departures(register, names) if wanted(pair[0])], json=json)
    return Status.OK


def _departures(register: RegisterThen, names: dict[int, str]) -> list[tuple[Departure, Reviewed]]:
    found = [(Departure(names[one.about.patient_id], *one.about), one) for one in register.rows]
    return sorted(found, key=lambda pair: grave(pair[0]))


def _show(register: RegisterThen, found: list[tuple[Departure, Reviewed]], *, json: bool) -> None:
    if json:
        for one, reviewed in found:
            days_counted = one.raised_on is not None and is_counted(one.raised_on)
            reviewer = reviewed.last.recorder if reviewed.last else None
            review = {"review": reviewed.state, "reviewer": reviewer}
            print_json({**as_json(one), **review, "known_at": None if days_counted else plain(register.day)})
        return
    told = f"At the end of {register.day}, by what had been recorded and judged by then"
    show_deviations([one for one, _ in found], told)
    print(f"{tally([one for one, _ in found])}, of {register.patients} patients known by then")
