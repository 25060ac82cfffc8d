"""Who can provide what a board still needs to know about a patient."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from coordination.entries import Person
from coordination.ownership import reached, reached_by_name
from coordination.patient_desk import PatientDesk
from coordination.site_desk import SiteDesk


def named_for(site: SiteDesk, kinds: Iterable[str]) -> str | None:
    """The person or the team that this site names for one of these kinds of data; None: it names nobody."""
    return next((site.providers[one] for one in kinds if one in site.providers), None)


def who_provides(site: SiteDesk, desk: PatientDesk, kinds: Iterable[str], day: date) -> tuple[Person, ...]:
    """The people who are asked on a day: those whom the site names, else the clinician in charge of the
    patient, else who looks after the patient.
    """
    name = named_for(site, kinds)
    return (reached_by_name(site, name, day) if name else ()) or reached(site, desk, "clinician", day)
