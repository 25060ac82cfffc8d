"""One deviation: what it rests on, and its review by one person, or two where it is critical."""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.responses import Response

from audit import review
from audit.merged_reviews import brought_in
from audit.reasons import grouped, words_of
from audit.review import Given, OfPatient, Overtaken, Reviewed
from engine.calendar import completed_years
from engine.snapshot import Snapshot
from interop.event_words import type_words
from interop.statement_words import statements
from pathways.day_zero import DAY_ZERO, is_counted
from pathways.text import sentence
from pathways.titles import pathway_title
from pathways.worded import joined, worded
from store import judgements
from store.access import Look
from store.errors import Refused
from store.judgements import JUDGED
from web.form import Form
from web.fresh import freshen
from web.pages.patient_words import Looked, chips, looked_at
from web.rules import READS, Pages
from web.shown.patient_seen import Elsewhere, Seen, seen
from web.visit import WEB, Stopped, Visit

PAGES = Pages()
REVIEWS = frozenset({"auditor", "chair"})
"""Who may judge: auditors, and a chair as the second pair of eyes."""


@PAGES.get("/patients/{number}/deviations/{mark}", READS)
def one(visit: Visit) -> Response:
    """The deviation with its review."""
    freshen(visit)
    found, all_ = _present(visit)
    return _page(visit, found, all_)


@PAGES.post("/patients/{number}/deviations/{mark}/judge", REVIEWS)
def judge(visit: Visit) -> Response:
    """Keep what somebody judges of it."""
    freshen(visit)
    form, mark = Form(visit), str(visit.request.path_params["mark"])
    found, all_ = _present(visit)
    upon = visit.field("upon")
    given = Given(*(form.text(name) for name in ("step", "verdict", "reason", "note")))
    if not form.fits:
        return _page(visit, found, all_, 422, faults=form.faults, typed=form.typed)
    try:
        with visit.database.writing() as connection:
            review.judge(
                connection,
                found.number,
                mark,
                given,
                upon=int(upon) if upon.isascii() and upon.isdigit() and len(upon) < 10 else -1,
                look=Look(visit.account.name, WEB, judgements.REVIEW, reason=visit.reason),
                roles=visit.account.roles,
                now=visit.now,
            )
    except Overtaken:
        found, all_ = _present(visit)
        form.fault("step", "Somebody judged it meanwhile, or it changed. Look at it as it is now.")
    except Refused as refused:
        form.refused(refused.faults, "step")
    if form.fits:
        return visit.go(f"/patients/{found.number}/deviations/{mark}")
    return _page(visit, found, all_, 422, faults=form.faults, typed=form.typed)


def _present(visit: Visit) -> tuple[Seen, OfPatient]:
    """The patient with the reviews, as they stand. Raises Stopped."""
    try:
        found = seen(visit)
    except Elsewhere as elsewhere:
        told = f"Its deviations are those of #{elsewhere.number}."
        raise Stopped(404, "This record was merged into another one", told) from None
    with visit.database.reading() as connection:
        return found, review.of_patient(connection, found.number)


def _page(visit: Visit, found: Seen, all_: OfPatient, status: int = 200, **typed: Any) -> Response:
    mark = str(visit.request.path_params["mark"])
    shown = next((each for each in all_.present if each.about.mark == mark), None)
    visit.seen("deviation", found.number, mark=mark)
    if shown is None:
        told = (
            "The record was corrected, or time went on. Its judgements are kept, and stand in the register."
        )
        raise Stopped(404, "The record does not show this deviation any more", told)
    values = {"faults": {}, "typed": _before(shown), **typed, **_told(visit, found, shown)}
    others = [each for each in all_.present if each is not shown]
    return visit.page(
        "deviations_one.html", status, here="/deviations", others=others, gone=all_.gone, **values
    )


def _raised_when(about: judgements.Found, found: Seen) -> str:
    """The rule in words; nothing where it was another version by which was judged."""
    enrolled = next((one for one in found.view.enrolled if one.pathway.key == about.pathway), None)
    if enrolled is None or about.judged_under:
        return ""
    rule = next((one for one in enrolled.pathway.deviations if one.code == about.code), None)
    if rule is None:
        return ""
    if rule.raised is not None:
        return sentence(rule.raised, enrolled.settings, enrolled.pathway)
    titles = {one.id: one.title for one in enrolled.pathway.timers}
    timers = joined(", ", (worded(titles.get(one, one)) for one in rule.timers))
    return worded("Overdue, or done late: {timers}.", timers=timers)


def _why(about: judgements.Found, part: Snapshot | None) -> str:
    """What was found, as it was just derived; as it is kept where it was judged under another version."""
    there = part.deviations if part else ()
    return next((one.why for one in there if (one.code, one.events) == (about.code, about.events)), about.why)


def _entries(about: judgements.Found, found: Seen) -> list[Looked]:
    """The entries that it names, as they stand; those that change others, as they were said."""
    there = {each.id: each for each in looked_at(about.events, found)}
    said = {id: Looked(id, type_words(each), each.day) for id, each in found.events.items()}
    return [there.get(id) or said[id] for id in about.events if id in there or id in said]


def _before(shown: Reviewed) -> dict[str, str]:
    """What was judged before the deviation changed, to be judged again."""
    if shown.last is None or shown.state != "changed":
        return {}
    last = shown.last
    return {"verdict": last.verdict, "reason": last.reason or "", "note": last.note}


def _told(visit: Visit, found: Seen, shown: Reviewed) -> dict[str, Any]:
    """What the page tells of it."""
    about = shown.about
    part = next((each for each in found.view.snapshot.pathways if each.key == about.pathway), None)
    born = found.view.dossier.facts_in_force.get("birth_date")
    on, counted = about.raised_on, found.view.day_zero is not None
    name, roles = visit.account.name, visit.account.roles
    proposed = shown.state == "proposed"
    with visit.database.reading() as connection:
        changed = judgements.on_other_facts(connection, found.number)
        before = brought_in(connection, about)
    return {
        "seen": found,
        "about": about,
        "reviewed": shown,
        "address": f"/patients/{found.number}/deviations/{about.mark}",
        "age": completed_years(born, found.day) if isinstance(born, date) else None,
        "pathway": pathway_title(about.pathway),
        "version": part.pathway.version if part else "",
        "fingerprint": part.pathway.fingerprint if part else "",
        "counted": counted,
        "day_zero": DAY_ZERO,
        "days": (visit.today - on).days if on and not is_counted(on) else None,
        "entries": _entries(about, found),
        "raised_when": _raised_when(about, found),
        "why": _why(about, part),
        "brought_in": before,
        "sources": statements(about.statements),
        "chips": chips,
        "reasons": grouped(),
        "words_of": words_of,
        "seconds": proposed and not review.may(shown, judgements.CONFIRMED, name, roles),
        "judges": not review.may(shown, JUDGED, name, roles),
        "on_other_facts": shown.last is not None and shown.last.seq in changed,
    }
