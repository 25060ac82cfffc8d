"""`carepath rebuild`: every row of the lists derived anew from the ledger."""

from __future__ import annotations

from cli.days import plural
from cli.output import complain, print_json, visible
from cli.parameters import JsonObject
from cli.processors import processors
from cli.progress import counted
from cli.status import Status
from cli.workplace import workplace
from store import planning, tallies
from store.identities import references
from store.refresh import derived_anew, everybody


def rebuild(
    json: JsonObject = False,
) -> Status:
    """Derive the lists anew from the ledger, for every patient.

    Nothing that was recorded changes. Worth it after an update of carepath, or when a list seems wrong: it
    then shows what this version answers, and reminders go by it, too.
    """
    with workplace() as here:
        patients = everybody(here.database)
        answers = derived_anew(here.database, patients, now=here.now, derive=here.derive, jobs=processors())
        failed = {
            id for id, derived in counted(answers, len(patients), "patients", quiet=json) if not derived
        }
        tallies.count_anew(here.database, here.now.date())
        with here.database.writing() as connection:
            planning.plan_all(connection)
        with here.database.reading() as connection:
            named = [reference for reference, id in references(connection).items() if id in failed]
    if json:
        print_json({"patients": len(patients), "derived": len(patients) - len(failed), "failed": named})
    else:
        print(f"{plural(len(patients) - len(failed), 'patient')} derived anew from the ledger.")
        for reference in named:
            complain(
                f"{visible(reference)} could not be derived; the list keeps the older row, marked with !"
            )
    return Status.FOUND if failed else Status.OK
