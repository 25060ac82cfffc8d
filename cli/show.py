"""`carepath show`: one patient, with everything that follows from what was recorded."""

from __future__ import annotations

from datetime import date

from cli.arguments import day, moment
from cli.output import print_json
from cli.parameters import AsOf, JsonObject, KnownAt, Patient
from cli.status import Status
from cli.work import ended, of_patient
from cli.workplace import Workplace, workplace
from engine.event import Moment
from interop.beside import Beside
from interop.desk_json import work_json
from interop.patient_json import as_json


def show(
    patient: Patient,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    json: JsonObject = False,
) -> Status:
    """One patient: state and how it came about, next steps with reasons, due, deviations, story."""
    with workplace() as here:
        show_view(
            here,
            patient,
            day("--as-of", as_of) if as_of is not None else None,
            moment("--known-at", known_at) if known_at is not None else None,
            json,
        )
    return Status.OK


def show_view(here: Workplace, patient: str, as_of: date | None, known_at: Moment | None, json: bool) -> None:
    """Print a patient as of a day, by what was known at a moment. Raises BadInput as `Workplace.patient`."""
    view = here.patient(patient, as_of, known_at)
    beside = Beside.of(view, here.sign_offs(view.snapshot.known_at))
    present = as_of in (None, here.today) and known_at is None
    found = of_patient(here, view) if present else None
    if json:
        print_json({**as_json(view, beside), "work": work_json(found, here.today)})
    else:
        from cli.patient_page import show_patient

        show_patient(view, beside, found or (ended(here, view) if present else None))
