"""`carepath assign` and `hand-over`: whose patient somebody is, now and before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.arguments import readable
from cli.at_desk import fitting, in_one, numbers
from cli.days import plural
from cli.desk_words import or_nobody
from cli.output import print_json
from cli.parameters import JsonLines
from cli.recorded import faults_told
from cli.status import BadInput, Status
from cli.which_patients import Chosen
from cli.workplace import Workplace, workplace
from coordination.entries import Assigned
from coordination.fitting import NOBODY, check_owner, check_person
from coordination.patient_desk import PatientDesk
from coordination.saying import as_it_stays, say
from interop.event_words import when
from store import desk
from store.naming import check_names_nobody


def assign(
    patient: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATIENT]...", help="References of patients.", show_default=False),
    ] = None,
    to: Annotated[
        str, typer.Option("--to", metavar="OWNER", help="A person, a team, or nobody.", show_default=False)
    ] = "",
    clinician: Annotated[
        str | None, typer.Option(metavar="NAME", help="The clinician in charge; empty for none.")
    ] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; kept with it. It names no patient.")] = "",
    from_: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="FILE", help="CSV or .xlsx with columns reference and, without --to, owner."
        ),
    ] = None,
    owner: Annotated[
        str, typer.Option(metavar="OWNER", help="Those whom `list --owner` shows; `nobody`: no owner.")
    ] = "",
    state: Annotated[str, typer.Option(metavar="STATE", help="Those in this state, as `list` has it.")] = "",
    overdue: Annotated[bool, typer.Option("--overdue", help="Those with something overdue.")] = False,
    deviation: Annotated[str, typer.Option(metavar="CODE", help="Those with this deviation, or `any`.")] = "",
    search: Annotated[str, typer.Option(metavar="TEXT", help="Those whose reference contains this.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell who would be given to whom.")] = False,
    json: JsonLines = False,
) -> Status:
    """Give patients to a person or a team, all or none. Without --to: whose they are and were.

    Named one by one, from a table, or all open ones that `list` shows with the same options.
    """
    why = readable("--reason", reason)
    chosen = Chosen(list(dict.fromkeys(patient or ())), from_, owner, state, overdue, deviation, search)
    with workplace() as here:
        if not to and clinician is None and from_ is None:
            if chosen.filtered or not chosen.references:
                raise BadInput("to whom? --to OWNER, or --clinician NAME; of one PATIENT: whose it is")
            return _show(here, chosen.references, json)
        owners = chosen.owners(here, to)
        changed = _assigned(here, owners, clinician, why, rehearse=dry_run)
        if chosen.filtered or dry_run:
            here.seen(None, {"owner": owner, "state": state, "shown": len(changed)})
    if json:
        for reference, (before, after) in changed.items():
            print_json({"patient": reference, "before": before.owner, **after.payload()})
        return Status.OK
    for told, number in Counter(_words(after) for _, after in changed.values()).items():
        print(f"{plural(number, 'patient')}: {told}.")
    for was, theirs in _before(changed).items():
        print(f"Before: {was or NOBODY} ({_some(theirs)}).")
    if dry_run:
        print("Nothing was changed: this was a trial.")
    return Status.OK


def _some(references: Sequence[str]) -> str:
    more = f" and {len(references) - _MOST} more" if len(references) > _MOST else ""
    return f"{', '.join(references[:_MOST])}{more}"


_MOST = 30


def _before(changed: Changes) -> dict[str | None, list[str]]:
    """Whose patients they were, where that is another one."""
    found: dict[str | None, list[str]] = {}
    for reference, (before, after) in changed.items():
        if before.owner != after.owner:
            found.setdefault(before.owner, []).append(reference)
    return found


Changes = Mapping[str, tuple[PatientDesk, Assigned]]


def _assigned(
    here: Workplace, owners: Mapping[str, str], clinician: str | None, reason: str, *, rehearse: bool
) -> Changes:
    """Give each to its owner, in one transaction; answers what stood before and what was said."""

    def work(connection: Any) -> Changes:
        with fitting():
            site = as_it_stays(connection)
            for name in sorted({*owners.values()} - {"", NOBODY}):
                check_owner(site, name)
            if clinician:
                check_person(site, clinician)
        with faults_told():
            check_names_nobody(connection, reason, *owners, field="--reason", stays="after erasure")
        found = {}
        for reference, number in numbers(here, connection, list(owners)).items():
            to = owners[reference]
            before = PatientDesk.of(desk.about(connection, number))
            owner = before.owner if not to else None if to == NOBODY else to
            doctor = before.clinician if clinician is None else clinician or None
            entry = Assigned(owner=owner, clinician=doctor, reason=reason)
            if not rehearse:
                say(connection, entry, patient_id=number, recorder=here.recorder, now=here.now)
            found[reference] = before, entry
        return found

    return in_one(here, work)


def _words(said: Assigned) -> str:
    doctor = f", clinician {said.clinician}" if said.clinician else ""
    return f"{said.owner or NOBODY} looks after them{doctor}"


def _show(here: Workplace, references: Sequence[str], json: bool) -> Status:
    """Who had the patients, from when on; the last line is who has them now."""
    for reference in references:
        number = here.head(reference).patient_id
        here.seen(number, {})
        with here.database.reading() as connection:
            said = [one for one in desk.about(connection, number) if one.kind == desk.ASSIGNED]
        if json:
            rows = [{"at": one.at.isoformat(), "by": one.recorder, **one.payload} for one in said]
            print_json({"patient": reference, "assigned": rows})
            continue
        if not said:
            print(f"{reference} has never been anybody's patient; `carepath assign {reference} --to OWNER`")
            continue
        from cli.console import console, heading, table

        made = table("Since", "Owner", "Clinician", "Said by", "Reason")
        for one in said:
            entry = one.payload
            owner, doctor = entry["owner"] or NOBODY, or_nobody(entry["clinician"])
            made.add_row(when(one.at), owner, doctor, one.recorder, entry["reason"])
        console().print(heading(reference))
        console().print(made)
    return Status.OK
