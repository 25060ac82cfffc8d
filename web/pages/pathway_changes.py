"""Dry runs of another version or other settings, in patients' terms; put in force, and taken back.

For clinicians and chairs: what is in force for a patient is a clinical decision, and what a dry run tells is
about patients. Accounts that are limited to teams try and change it for their patients only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from engine.difference import Change
from engine.snapshot import Deviation
from interop.enforcement_words import KINDS
from pathways.settings import SettingError
from pathways.titles import known_states, pathway_title, state_title
from pathways.vocabulary import load_vocabulary
from pathways.worded import worded
from store import enrolments, identities
from store.enforcement import Order, Tried
from store.errors import Refused
from store.library import versions
from store.naming import check_names_nobody
from store.tracking import Wanted as Tracked
from store.tracking import tracking_list
from web import dry_runs
from web.dry_runs import DRY_RUN, ENFORCEMENT, Ran, Wanted
from web.form import Form
from web.fresh import freshen
from web.jobs import Job, UnderWay
from web.pages.pathway_differences import label
from web.pages.patient_preview import Row, deviation_words, due_words, step_words
from web.rules import Pages
from web.shown.pathway_changes import begin, in_words, order_of, reachable
from web.visit import Visit

PAGES = Pages()
DECIDES: Final = frozenset({"clinician", "chair"})
AT_ONCE: Final = 25
"""Patients of a dry run on one page."""


@PAGES.get("/pathways/changes", DECIDES)
def changes(visit: Visit) -> Response:
    """What is being tried or was, what came of it, and the changes there were."""
    return _page(visit)


@PAGES.post("/pathways/changes", DECIDES)
def do(visit: Visit) -> Response:
    """Try something, put in force what was tried, take a change back, end what is under way, or forget it."""
    form, jobs, who = Form(visit), visit.place.jobs, visit.account.name
    match form.chosen("do", ("try", "apply", "undo", "stop", "forget"), needed="What is to be done?"):
        case "try":
            _begin(visit, form, DRY_RUN, _wanted(visit, form), dry_runs.run)
        case "apply":
            _begin(visit, form, ENFORCEMENT, _to_enforce(visit, form), dry_runs.enforce)
        case "undo":
            _begin(visit, form, ENFORCEMENT, _to_undo(visit, form), dry_runs.take_back)
        case "stop":
            for kind in (DRY_RUN, ENFORCEMENT):
                if (job := jobs.last(kind, who)) and job.at_work:
                    job.halted = True
        case "forget":
            jobs.forget(DRY_RUN, who)
            jobs.forget(ENFORCEMENT, who)
    return visit.go("/pathways/changes") if form.fits else _page(visit, form)


def _begin(
    visit: Visit,
    form: Form,
    kind: str,
    wanted: Wanted | None,
    work: Callable[[Any, Wanted, Job], object],
) -> None:
    """Begin with it, once it stands in the access log whose patients are looked at."""
    if wanted is None or not form.fits:
        return
    try:
        begin(visit, kind, wanted, work)
    except UnderWay:
        form.fault("do", "Something else is being done. Wait until it is done; one at a time.")


def _wanted(visit: Visit, form: Form) -> Wanted | None:
    """What is to be tried, on whom."""
    there = {one.fingerprint: one for one in versions(visit.database)}
    pathway = there.get(form.chosen("pathway", there))
    said = {name: visit.field(f"set.{name}", 40) for name in load_vocabulary().settings}
    settings = {name: value for name, value in said.items() if value}
    patients = _whom(visit, form)
    try:
        order = order_of(pathway, settings, add=visit.field("add") == "yes")
    except SettingError as error:
        form.fault("settings", str(error))
        return None
    if pathway is None and not settings:
        form.fault("pathway", "Choose a version, or another value of a setting.")
    return Wanted(order, in_words(order), patients)


def _whom(visit: Visit, form: Form) -> dict[str, int]:
    """The patients that are meant, by reference; none where something does not fit."""
    within = reachable(visit)
    match form.chosen("whom", ("all", "state", "named"), needed="For whom?"):
        case "all":
            return within
        case "state":
            state = form.chosen("state", known_states(), needed="Which state?")
            return in_state(visit, state, within) if state else {}
        case "named":
            said = list(dict.fromkeys(visit.field("patients", 20_000).split()))
            found = by_names(said, within)
            if unknown := len(said) - len(found):
                form.fault("patients", visit.t("{n} of these are nobody you may see.", n=unknown))
            if not said:
                form.fault("patients", "Which patients?")
            return found
    return {}


def in_state(visit: Visit, state: str, within: Mapping[str, int]) -> dict[str, int]:
    """Of these the patients in a state of the main pathway."""
    freshen(visit)
    there = tracking_list(visit.database, Tracked(state=state), limit=None)
    return {one.reference: within[one.reference] for one in there if one.reference in within}


def by_names(said: Sequence[str], within: Mapping[str, int]) -> dict[str, int]:
    """Of these the patients that are named by reference or #number."""
    numbers = {f"{identities.NUMBERED}{number}": name for name, number in within.items()}
    names = (one if one in within else numbers.get(one) for one in said)
    return {name: within[name] for name in names if name is not None}


def _to_enforce(visit: Visit, form: Form) -> Wanted | None:
    """What was tried, for whom it is to be put in force, and why."""
    job = visit.place.jobs.last(DRY_RUN, visit.account.name)
    reason = form.text("reason", 500, needed="Why? It is kept with the change of each patient.")
    if job is None or not isinstance(job.result, Ran):
        form.fault("do", "Try it first.")
        return None
    within, tried = reachable(visit), job.asked
    if form.chosen("of", ("ready", "ticked"), needed="For whom?") == "ticked":
        ticked = {str(one) for one in visit.typed.getlist("number")}
        chosen = {name for name, number in tried.patients.items() if str(number) in ticked}
    else:
        chosen = {one.reference for one in job.result.ready}
    patients = {name: within[name] for name in sorted(chosen) if name in within}
    if not patients:
        form.fault("of", "Nobody is chosen.")
    _check_reason(visit, form, reason, list(patients))
    return Wanted(tried.order, tried.words, patients, reason, visit.field("blocked_too") == "yes")


def _to_undo(visit: Visit, form: Form) -> Wanted | None:
    known = {one.name for one in enrolments.changes(visit.database)}
    change = form.chosen("change", known, needed="Which change?")
    reason = form.text("reason", 500, needed="Why? It is kept with the change of each patient.")
    within = reachable(visit)
    numbers = set(enrolments.patients_of(visit.database, change)) if change else set()
    patients = {name: number for name, number in within.items() if number in numbers}
    if change and not patients:
        form.fault("change", "It concerns nobody you may see.")
    _check_reason(visit, form, reason, list(patients))
    return Wanted(Order(), change, patients, reason, change=change)


def _check_reason(visit: Visit, form: Form, reason: str, references: Sequence[str]) -> None:
    """A reason that names a patient outlives an erased identity; of very many nobody is named by accident."""
    try:
        with visit.database.reading() as connection:
            check_names_nobody(connection, reason, *references[:AT_ONCE])
    except Refused as refused:
        form.refused(refused.faults, "reason")


@dataclass(frozen=True, slots=True)
class OfPatient:
    """What would be otherwise for one patient."""

    number: int
    tried: Tried
    rows: tuple[Row, ...]
    hindsight: tuple[str, ...]


def _page(visit: Visit, form: Form | None = None) -> Response:
    jobs, who = visit.place.jobs, visit.account.name
    ran, done = jobs.last(DRY_RUN, who), jobs.last(ENFORCEMENT, who)
    shown = _shown(visit, ran) if ran is not None and isinstance(ran.result, Ran) else None
    return visit.page(
        "pathway_changes.html",
        422 if form else 200,
        here="/pathways",
        at_work=jobs.at_work(),
        job=next((one for one in (ran, done) if one and one.at_work), None),
        ran=ran,
        done=done,
        shown=shown,
        kinds=KINDS,
        of=_changed(visit, done) if done and done.result else [],
        versions=[(one.fingerprint, label(one)) for one in versions(visit.database)],
        states=[(one, visit.t(state_title(one))) for one in known_states()],
        specs=list(load_vocabulary().settings.values()),
        changes=enrolments.changes(visit.database),
        typed=form.typed if form else {},
        faults=form.faults if form else {},
    )


def _changed(visit: Visit, job: Job) -> list[OfPatient]:
    """What was put in force, or taken back, for the first of them."""
    some = list(filter(_may_see(visit), job.result.done))[:AT_ONCE]
    return [_of(one, job.asked.patients) for one in some]


def _may_see(visit: Visit) -> Callable[[Tried], bool]:
    """Whether the account still may see a patient of something that was kept."""
    if not visit.account.teams:
        return lambda _: True
    within = reachable(visit)
    return lambda one: one.reference in within


def _shown(visit: Visit, job: Job) -> dict[str, Any]:
    """The part of a dry run that is shown: its counts, and the patients of one kind, page by page."""
    ran = Ran(tuple(filter(_may_see(visit), job.result.found)))
    counts = {kind: ran.counts[kind] for kind in KINDS if ran.counts[kind]}
    kind = next((one for one in counts if slug(one) == visit.asked("kind")), next(iter(counts), ""))
    typed = visit.asked("page")
    page = max(1, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1
    there = ran.of(kind)
    some = there[AT_ONCE * (page - 1) : AT_ONCE * page]
    visit.seen("dry-run shown", None, shown=len(some))
    return {
        "counts": counts,
        "kind": kind,
        "patients": [_of(one, job.asked.patients) for one in some],
        "page": page,
        "pages": -(-len(there) // AT_ONCE),
        "ready": len(ran.ready),
        "total": len(ran.found),
        "slug": slug,
    }


def slug(kind: str) -> str:
    """A kind in an address."""
    return kind.replace(" ", "-")


def _of(one: Tried, numbers: Mapping[str, int]) -> OfPatient:
    return OfPatient(numbers[one.reference], one, tuple(_rows(one)), tuple(map(_in_hindsight, one.hindsight)))


def _rows(one: Tried) -> Iterator[Row]:
    """What would be otherwise, side by side."""
    for state in one.difference.states:
        was, now = (state_title(s, state.pathway) if s else "–" for s in (state.before, state.after))
        yield Row(pathway_title(state.pathway), was, now, "state")
    for step in one.difference.steps:
        yield Row(step.latest.title, step_words(step.before), step_words(step.after), "step")
    for due in one.dates:
        days = (each.due if each else None for each in (due.before, due.after))
        yield Row(due.latest.title, due_words(due.before), due_words(due.after), "due", *days)
    for deviation in one.difference.deviations:
        was, now = deviation_words(deviation.before), deviation_words(deviation.after)
        yield Row(deviation.latest.title, was, now, "deviation")


def _in_hindsight(change: Change[Deviation]) -> str:
    """Which departure the new one alone would judge otherwise, though it stays as it was judged."""
    before, after = deviation_words(change.before), deviation_words(change.after)
    title, code = worded(change.latest.title), change.latest.code
    return worded("{title} ({code}): {before} → {after}", title=title, code=code, before=before, after=after)
