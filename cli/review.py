"""`carepath review`: judging departures from the guideline, by one person, or two where it is critical."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

import typer

from audit import review as reviews
from audit.review import Given, Overtaken, Reviewed
from cli.days import plural
from cli.output import print_json
from cli.parameters import JsonLines
from cli.status import BadInput, Status
from cli.workplace import Workplace, workplace
from coordination.reasons import NON_ADHERENCE
from engine.answer import plain
from pathways.vocabulary import closest
from store import identities, judgements, register
from store.errors import Refused
from store.judgements import CONFIRMED, JUDGED, SENT_BACK
from store.register import WAITING, Filed, Wanted

SHORT = 6
"""Signs of the mark of a deviation that are shown; more are taken, too."""


def review(
    patient: Annotated[
        str, typer.Argument(metavar="[PATIENT]", help="Only this patient.", show_default=False)
    ] = "",
    deviation: Annotated[
        str,
        typer.Argument(metavar="[DEVIATION]", help="Which one, as D-1a2b3c or its code.", show_default=False),
    ] = "",
    verdict: Annotated[str, typer.Option(metavar="WORD", help=f"One of {', '.join(reviews.VERDICTS)}.")] = "",
    reason: Annotated[
        str, typer.Option(metavar="CODE", help="Why it is justified, from the list of HL7.")
    ] = "",
    confirm: Annotated[bool, typer.Option("--confirm", help="You agree, as the second person.")] = False,
    send_back: Annotated[bool, typer.Option("--send-back", help="You do not agree; say why.")] = False,
    note: Annotated[str, typer.Option(metavar="TEXT", help="Names nobody; stays with the judgement.")] = "",
    json: JsonLines = False,
) -> Status:
    """What waits for a review, or the deviations of one patient; with a DEVIATION it is judged."""
    given = _given(verdict, reason, note, confirm=confirm, send_back=send_back)
    if given and not deviation:
        raise BadInput("which deviation? Give PATIENT and DEVIATION; `carepath review PATIENT` lists them")
    with workplace() as here:
        here.bring_up_to_date()
        if not patient:
            return _waiting(here, json=json)
        number = here.head(patient).patient_id
        found = _reviews(here, number)
        if deviation:
            found = [_named(found, deviation)]
        if given:
            _judge(here, number, found[0], given)
            found = [one for one in _reviews(here, number) if one.about.mark == found[0].about.mark]
        else:
            here.seen(number, {"deviation": deviation})
    _show(((patient, one) for one in found), json=json)
    return Status.OK


def _given(verdict: str, reason: str, note: str, *, confirm: bool, send_back: bool) -> Given | None:
    """What is to be judged; None: nothing, it is only looked at."""
    steps = [name for name, said in ((JUDGED, verdict), (CONFIRMED, confirm), (SENT_BACK, send_back)) if said]
    if len(steps) > 1:
        raise BadInput("give one of --verdict, --confirm and --send-back")
    if not steps and (reason or note):
        raise BadInput("--reason and --note go with --verdict, --confirm or --send-back")
    if verdict and verdict not in reviews.VERDICTS:
        near = closest(verdict, reviews.VERDICTS)
        raise BadInput(f"--verdict must be one of {', '.join(reviews.VERDICTS)}, not {verdict!r}{near}")
    if reason and reason not in NON_ADHERENCE:
        listed = "".join(f"\n  {code}  {words}" for code, words in NON_ADHERENCE.items())
        raise BadInput(f"--reason {reason!r} is not in the list{closest(reason, NON_ADHERENCE)}:{listed}")
    return Given(steps[0], verdict, reason, note.strip()) if steps else None


def _judge(here: Workplace, number: int, one: Reviewed, given: Given) -> None:
    try:
        with here.database.writing() as connection:
            reviews.judge(
                connection,
                number,
                one.about.mark,
                given,
                upon=one.upon,
                look=here.look(number),
                roles={"auditor"},
                now=here.now,
            )
    except Overtaken:
        raise BadInput("somebody judged it meanwhile: look at it again") from None
    except Refused as refused:
        raise BadInput("; ".join(fault.message for fault in refused.faults)) from None


def _reviews(here: Workplace, number: int) -> list[Reviewed]:
    with here.database.reading() as connection:
        return list(reviews.of_patient(connection, number).present)


def _named(found: list[Reviewed], said: str) -> Reviewed:
    """The one that is meant. Raises BadInput where it is none, or more than one."""
    mark = said.removeprefix("D-").lower()
    fits = [one for one in found if one.about.mark.startswith(mark) or one.about.code == said]
    if len(fits) == 1:
        return fits[0]
    told = (
        f"there are {len(fits)} such deviations"
        if fits
        else f"there is no deviation {said!r} of this patient"
    )
    listed = ", ".join(f"D-{one.about.mark[:SHORT]} {one.about.code}" for one in fits or found)
    raise BadInput(f"{told}{f': {listed}' if listed else ''}")


def _waiting(here: Workplace, *, json: bool) -> Status:
    """What waits for a review, the gravest first."""
    with here.database.reading() as connection:
        changed = judgements.on_other_facts(connection)
        filed = register.page(connection, Wanted(states=WAITING), changed, order="weight", most=10_000).rows
        names = identities.named(connection, (one.about.patient_id for one in filed))
    here.seen(None, {"review": "waiting", "shown": len(filed)})
    _show(((names[one.about.patient_id], _of(one)) for one in filed), json=json)
    return Status.OK


def _of(one: Filed) -> Reviewed:
    return Reviewed(one.about, one.state)


def _show(found: Iterable[tuple[str, Reviewed]], *, json: bool) -> None:
    rows = list(found)
    if json:
        for patient, one in rows:
            print_json(as_json(patient, one))
        return
    from cli.console import console, table, word

    made = table("No.", "Severity", "Status", "Review", "Patient", "What")
    for patient, one in rows:
        state = one.state.replace("_", " ")
        about = one.about
        made.add_row(
            f"D-{about.mark[:SHORT]}", word(about.severity), word(about.status), state, patient, about.title
        )
    if rows:
        console().print(made)
    for _, one in rows:
        for step in one.steps:
            said = ", ".join(filter(None, (step.verdict.replace("_", " "), step.reason)))
            note = f": {step.note}" if step.note else ""
            print(
                f"D-{one.about.mark[:SHORT]}  {step.step.replace('_', ' ')} by {step.recorder} on"
                f" {step.at:%Y-%m-%d}: {said}{note}"
            )
    print(plural(len(rows), "deviation"))


def as_json(patient: str, one: Reviewed) -> dict[str, Any]:
    """One deviation with its review."""
    about = one.about
    return {
        "patient": patient,
        "deviation": about.mark,
        "pathway": about.pathway,
        "code": about.code,
        "title": about.title,
        "severity": about.severity,
        "status": about.status,
        "raised_on": plain(about.raised_on),
        "events": list(about.events),
        "review": one.state,
        "steps": [
            {
                "step": step.step,
                "verdict": step.verdict,
                "reason": step.reason,
                "note": step.note,
                "by": step.recorder,
                "at": step.at.isoformat(),
            }
            for step in one.steps
        ],
    }
